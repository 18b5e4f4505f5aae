//! The page of one member.

use crate::model::{Event, PendingInvite};
use domain::{
    UnixMs,
    id::MemberId,
    member::{MemberSession, MemberSource, MemberStatus},
    role::{Role, Roles},
};
use serde::{Deserialize, Serialize};

/// The page of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    /// Which one.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, else the userName.
    pub email: String,
    /// "active", "invited" or "deactivated".
    pub status: MemberStatus,
    /// Where the member comes from.
    pub source: MemberSource,
    /// Who manages the member through SCIM, where someone does: "Okta", "your identity provider".
    pub managed_by: Option<String>,
    /// Is the member kept as a way in for emergencies?
    pub break_glass: bool,
    /// Is this the reader's own page?
    pub is_me: bool,
    /// The roles assigned manually.
    pub own_roles: Roles,
    /// Everything that is known, in words.
    pub profile: Vec<Fact>,
    /// Whether an identity provider may adopt the member by email address; none: there is nothing to confirm.
    pub adoption: Option<Adoption>,
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// The invite that waits to be accepted.
    pub invite: Option<PendingInvite>,
    /// Where the member is signed in, the last used first.
    pub sessions: Vec<MemberSession>,
    /// The newest lines of the log about the member.
    pub events: Vec<Event>,
    /// When the member was made.
    pub created_at: UnixMs,
    /// When the member last signed in.
    pub last_sign_in_at: Option<UnixMs>,
    /// What the reader cannot do about this member, and why.
    pub blocked: Vec<(MemberAction, String)>,
    /// The roles that the reader can neither give nor take manually, and why.
    pub locked: Vec<(Role, String)>,
    /// What was just done.
    pub notice: Option<MemberNotice>,
    /// Whom that was about.
    pub done_about: Option<String>,
    /// The dialog that is open.
    pub open: Option<MemberAction>,
    /// The roles that were chosen in the dialog that is open.
    pub chosen: Option<Vec<Role>>,
    /// Why the last change was not made.
    pub problem: Option<String>,
    /// That there was nothing to change.
    pub unchanged: Option<String>,
}

impl MemberPage {
    /// Is the role manually the one that everyone starts with whom a directory sends? Then no one gave it.
    pub fn has_default_role(&self) -> bool {
        self.source == MemberSource::Directory && self.own_roles == Role::Developer.into()
    }

    /// Why the reader cannot do this; none: they can.
    pub fn blocked(&self, action: MemberAction) -> Option<&str> {
        self.blocked.iter().find(|(blocked, _)| *blocked == action).map(|(_, why)| why.as_str())
    }
}

/// Whether an identity provider may adopt an Admin or Super Admin by email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Adoption {
    /// Someone has to confirm it first.
    NeedsConsent,
    /// It may until then.
    AllowedUntil(UnixMs),
}

/// Something that is known of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is: "Title", "Given name".
    pub label: String,
    /// Its values, at least one.
    pub values: Vec<String>,
}

/// A group that the member is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The role that it gives.
    pub role: Option<Role>,
}

/// What can be done to a member, each in a dialog of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberAction {
    /// Change the roles assigned manually.
    Roles,
    /// Sign out everywhere.
    SignOut,
    /// Take the sign-in away.
    Deactivate,
    /// Give it back.
    Reactivate,
    /// Remove from the team.
    Remove,
    /// Confirm that an identity provider may adopt the member by email address.
    AllowAdoption,
    /// Create a new invite link for an invite.
    Resend,
    /// Take an invite back.
    CancelInvite,
}

impl MemberAction {
    /// Every one.
    pub const ALL: [MemberAction; 8] = [
        MemberAction::Roles,
        MemberAction::SignOut,
        MemberAction::Deactivate,
        MemberAction::Reactivate,
        MemberAction::Remove,
        MemberAction::AllowAdoption,
        MemberAction::Resend,
        MemberAction::CancelInvite,
    ];

    /// The name in addresses, and the dialog's `id`.
    pub const fn name(self) -> &'static str {
        match self {
            MemberAction::Roles => "roles",
            MemberAction::SignOut => "sign-out",
            MemberAction::Deactivate => "deactivate",
            MemberAction::Reactivate => "reactivate",
            MemberAction::Remove => "remove",
            MemberAction::AllowAdoption => "allow-adoption",
            MemberAction::Resend => "resend-invite",
            MemberAction::CancelInvite => "cancel-invite",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<Self> {
        MemberAction::ALL.into_iter().find(|action| action.name() == name)
    }

    /// What is said when it is done.
    pub const fn done(self) -> MemberNotice {
        match self {
            MemberAction::Roles => MemberNotice::RolesChanged,
            MemberAction::SignOut => MemberNotice::SignedOut,
            MemberAction::Deactivate => MemberNotice::Deactivated,
            MemberAction::Reactivate => MemberNotice::Reactivated,
            MemberAction::Remove => MemberNotice::Removed,
            MemberAction::AllowAdoption => MemberNotice::AdoptionAllowed,
            MemberAction::Resend => MemberNotice::InviteResent,
            MemberAction::CancelInvite => MemberNotice::InviteCancelled,
        }
    }
}

/// What was just done to a member. The words live in the page, so a forged address can at worst say one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberNotice {
    /// The roles were changed.
    RolesChanged,
    /// Signed out everywhere.
    SignedOut,
    /// Deactivated.
    Deactivated,
    /// Reactivated.
    Reactivated,
    /// Removed.
    Removed,
    /// An identity provider may adopt the member.
    AdoptionAllowed,
    /// The invite has a new link.
    InviteResent,
    /// The invite was taken back.
    InviteCancelled,
}

impl MemberNotice {
    /// Every notice.
    pub const ALL: [MemberNotice; 8] = [
        MemberNotice::RolesChanged,
        MemberNotice::SignedOut,
        MemberNotice::Deactivated,
        MemberNotice::Reactivated,
        MemberNotice::Removed,
        MemberNotice::AdoptionAllowed,
        MemberNotice::InviteResent,
        MemberNotice::InviteCancelled,
    ];

    /// The name in `?done=`.
    pub const fn name(self) -> &'static str {
        match self {
            MemberNotice::RolesChanged => "roles-changed",
            MemberNotice::SignedOut => "signed-out",
            MemberNotice::Deactivated => "deactivated",
            MemberNotice::Reactivated => "reactivated",
            MemberNotice::Removed => "removed",
            MemberNotice::AdoptionAllowed => "adoption-allowed",
            MemberNotice::InviteResent => "invite-resent",
            MemberNotice::InviteCancelled => "invite-cancelled",
        }
    }

    /// What people read. `about`: the name of the member whom it is about.
    pub fn words(self, about: Option<&str>) -> String {
        let name = about.unwrap_or("The member");
        match self {
            MemberNotice::RolesChanged => "Roles changed. They take effect right away.".to_owned(),
            MemberNotice::SignedOut => "Signed out everywhere.".to_owned(),
            MemberNotice::Deactivated => format!("{name} was deactivated and signed out everywhere."),
            MemberNotice::Reactivated => format!("{name} was reactivated and can sign in again."),
            MemberNotice::Removed => format!("{name} was removed and signed out everywhere."),
            MemberNotice::AdoptionAllowed => {
                "Your identity provider can manage this member from its next sync on. The confirmation ends in 7 days."
                    .to_owned()
            }
            MemberNotice::InviteResent => "New invite link created. The old one no longer works.".to_owned(),
            MemberNotice::InviteCancelled => "Invite revoked. Its link no longer works.".to_owned(),
        }
    }

    /// From the name in `?done=`.
    pub fn parse(name: &str) -> Option<Self> {
        MemberNotice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for action in MemberAction::ALL {
            assert_eq!(MemberAction::parse(action.name()), Some(action));
            assert_eq!(MemberNotice::parse(action.done().name()), Some(action.done()));
        }
        assert_eq!(MemberAction::parse("erase"), None);
        assert_eq!(MemberNotice::parse("<b>"), None);
    }
}
