//! The page of one member.

use crate::model::{Event, PendingInvite};
use domain::{
    UnixMs,
    id::MemberId,
    member::{MemberSession, MemberSource, MemberStatus},
    role::{Role, Roles},
    sso::{AccountLink, SsoMethod},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    pub id: MemberId,
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    pub status: MemberStatus,
    pub source: MemberSource,
    /// The identity provider that manages the member, if there is one: "Okta", "your identity provider".
    pub managed_by: Option<String>,
    pub break_glass: bool,
    pub is_me: bool,
    pub own_roles: Roles,
    /// The attributes with their labels.
    pub profile: Vec<Fact>,
    /// Whether an identity provider may adopt the member by email address; `None` if no confirmation is needed.
    pub adoption: Option<Adoption>,
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// The open invite.
    pub invite: Option<PendingInvite>,
    /// The SSO methods that matter to the member: enabled ones, and those with a link.
    pub sso: Vec<MemberSso>,
    /// The member's sessions, the last used first.
    pub sessions: Vec<MemberSession>,
    /// The newest lines of the log about the member.
    pub events: Vec<Event>,
    pub created_at: UnixMs,
    pub last_sign_in_at: Option<UnixMs>,
    /// The actions that the reader cannot take, with the reasons.
    pub blocked: Vec<(MemberAction, String)>,
    /// The roles that the reader cannot assign or remove manually, with the reasons.
    pub locked: Vec<(Role, String)>,
    /// The result of the last form.
    pub notice: Option<MemberNotice>,
    /// The name of the member that the result is about.
    pub notice_subject: Option<String>,
    /// The open dialog.
    pub open: Option<MemberAction>,
    /// The selected SSO method in the open dialog.
    pub selected_method: Option<String>,
    /// The selected roles in the open dialog.
    pub selected_roles: Option<Vec<Role>>,
    /// The error of the last form.
    pub problem: Option<String>,
    /// The note that there was nothing to change.
    pub unchanged: Option<String>,
}

impl MemberPage {
    /// Does the member only have the manual role that every provisioned member starts with?
    pub fn has_default_role(&self) -> bool {
        self.source == MemberSource::Directory && self.own_roles == Role::Developer.into()
    }

    /// The reason that the reader cannot take this action, if there is one.
    pub fn blocked(&self, action: MemberAction) -> Option<&str> {
        self.blocked.iter().find(|(blocked, _)| *blocked == action).map(|(_, why)| why.as_str())
    }
}

/// An SSO method, and the member's link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSso {
    pub method: SsoMethod,
    pub link: Option<AccountLink>,
}

/// Whether a member can sign in through an SSO method, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberSsoState {
    /// The member signed in through it before.
    Linked,
    /// The member is deactivated.
    Deactivated,
    /// The method is disabled.
    Disabled,
    /// The member has not accepted the invite.
    Invited,
    /// The member is break-glass, which no rule links.
    BreakGlass,
    /// The member never signed in through it. Whether they can is unknown.
    Never,
}

impl MemberSsoState {
    /// The state of a member with this status.
    pub const fn of(sso: &MemberSso, status: MemberStatus, break_glass: bool) -> Self {
        match (status, &sso.link) {
            (MemberStatus::Deactivated | MemberStatus::Deleted, _) => Self::Deactivated,
            (MemberStatus::Invited, _) => Self::Invited,
            (MemberStatus::Active, _) if !sso.method.enabled => Self::Disabled,
            (MemberStatus::Active, Some(_)) => Self::Linked,
            (MemberStatus::Active, None) if break_glass => Self::BreakGlass,
            (MemberStatus::Active, None) => Self::Never,
        }
    }

    /// The name in pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Deactivated => "deactivated",
            Self::Disabled => "disabled",
            Self::Invited => "invited",
            Self::BreakGlass => "break-glass",
            Self::Never => "never",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Adoption {
    /// An Admin must confirm it first.
    NeedsConsent,
    /// It may until this time.
    AllowedUntil(UnixMs),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: String,
    /// The values, at least one.
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: String,
    pub name: String,
    pub role: Option<Role>,
}

domain::names! {
    /// An action on the page of a member. The names are in URLs, and are the `id`s of the dialogs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum MemberAction {
        /// Change the manual roles.
        Roles = "roles",
        SignOut = "sign-out",
        /// Remove the link with an account of an identity provider.
        Unlink = "unlink",
        Deactivate = "deactivate",
        Reactivate = "reactivate",
        Remove = "remove",
        AllowAdoption = "allow-adoption",
        Resend = "resend-invite",
        CancelInvite = "cancel-invite",
    }
}

impl MemberAction {
    /// The notice after success.
    pub const fn done(self) -> MemberNotice {
        match self {
            MemberAction::Roles => MemberNotice::RolesChanged,
            MemberAction::SignOut => MemberNotice::SignedOut,
            MemberAction::Unlink => MemberNotice::Unlinked,
            MemberAction::Deactivate => MemberNotice::Deactivated,
            MemberAction::Reactivate => MemberNotice::Reactivated,
            MemberAction::Remove => MemberNotice::Removed,
            MemberAction::AllowAdoption => MemberNotice::AdoptionAllowed,
            MemberAction::Resend => MemberNotice::InviteResent,
            MemberAction::CancelInvite => MemberNotice::InviteCancelled,
        }
    }
}

domain::names! {
    /// The result of the last form. The names are in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum MemberNotice {
        RolesChanged = "roles-changed",
        SignedOut = "signed-out",
        Unlinked = "unlinked",
        Deactivated = "deactivated",
        Reactivated = "reactivated",
        Removed = "removed",
        AdoptionAllowed = "adoption-allowed",
        InviteResent = "invite-resent",
        InviteCancelled = "invite-cancelled",
    }
}

impl MemberNotice {
    /// The sentence. `about`: the name of the member that it is about.
    pub fn words(self, about: Option<&str>) -> String {
        let name = about.unwrap_or("The member");
        match self {
            MemberNotice::RolesChanged => "Roles changed. They take effect right away.".to_owned(),
            MemberNotice::SignedOut => "Signed out everywhere.".to_owned(),
            MemberNotice::Unlinked => {
                "Link removed. Their next sign-in through the SSO method links them again.".to_owned()
            }
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
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_come_from_closed_lists() {
        for action in MemberAction::ALL {
            assert_eq!(MemberAction::from_name(action.name()), Some(action));
            assert_eq!(MemberNotice::from_name(action.done().name()), Some(action.done()));
        }
        assert_eq!(MemberAction::from_name("erase"), None);
        assert_eq!(MemberNotice::from_name("<b>"), None);
    }
}
