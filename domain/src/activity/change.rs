//! What can be changed, as the log keeps it.

use crate::{
    UnixMs,
    role::{Role, Roles},
    sso::{Protocol, SsoProvider},
    team::TeamChange,
};
use serde::{Deserialize, Serialize};

/// What was changed. Stored as JSON, so variants are only ever added. No secret is part of any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A member was added manually.
    MemberAdded {
        /// Who.
        name: String,
        /// With this role.
        role: Role,
    },
    /// An identity provider created a member.
    MemberProvisioned {
        /// Who.
        name: String,
    },
    /// An identity provider brought back a member who was deactivated or deleted, with the same id.
    MemberRestored {
        /// Who.
        name: String,
        /// The roles manually that they had before they were removed, and do not have any longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// A member who was there before is managed by the identity provider from now on.
    MemberTakenOver {
        /// Who.
        name: String,
    },
    /// Someone confirmed that an identity provider may adopt an Admin or Super Admin by email address.
    MemberAdoptionAllowed {
        /// Who.
        name: String,
    },
    /// An identity provider was not allowed to change what a member signs in with; the rest of its request was done.
    MemberSignInKept {
        /// Who.
        name: String,
        /// The names of the attributes that stayed: "userName", "emails".
        attributes: Vec<String>,
        /// Why, in words.
        why: String,
    },
    /// A member's attributes were changed.
    MemberUpdated {
        /// Who.
        name: String,
        /// The names of the attributes that changed ("title", "emails", ...).
        changed: Vec<String>,
        /// What was and what is, of each of them. Entries from before do not know it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<AttributeChange>,
    },
    /// A member can sign in again.
    MemberReactivated {
        /// Who.
        name: String,
    },
    /// A member can no longer sign in.
    MemberDeactivated {
        /// Who.
        name: String,
        /// How many browser sessions that ended.
        sessions: u64,
    },
    /// A member was removed (and can be restored).
    MemberDeleted {
        /// Who.
        name: String,
        /// How many browser sessions that ended.
        sessions: u64,
        /// The roles manually that ended with it, where they were others than Developer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// The roles that a member has manually were changed; what groups give is apart.
    MemberRolesChanged {
        /// Who.
        name: String,
        /// Before.
        from: Roles,
        /// Afterwards.
        to: Roles,
    },
    /// A member was signed out everywhere, and can sign in again.
    MemberSignedOut {
        /// Who.
        name: String,
        /// How many browser sessions that ended.
        sessions: u64,
    },
    /// Someone was invited.
    MemberInvited {
        /// The email address.
        name: String,
        /// With this role.
        role: Role,
        /// Were they in the team before? Then they have the same id.
        restored: bool,
        /// The roles manually that they had then, and do not have any longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// An invite got a new link; the old one ended.
    InviteResent {
        /// The email address.
        name: String,
    },
    /// An invite was taken back.
    InviteCancelled {
        /// The email address.
        name: String,
    },
    /// An invite ended, because anyone who sent it may not give its role any longer.
    InviteEnded {
        /// The email address.
        name: String,
        /// Who sent it.
        sender: String,
    },
    /// Someone became a member by an invite.
    InviteAccepted {
        /// The email address that was invited.
        email: String,
    },
    /// Someone changed their own name or email address.
    ProfileChanged {
        /// What: "name", "email"; "email address" in entries from before.
        field: String,
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// Someone changed their own password.
    PasswordChanged {
        /// How many other browser sessions that ended.
        sessions: u64,
    },
    /// Someone ended sessions of their own.
    SessionsEnded {
        /// How many.
        sessions: u64,
    },
    /// Someone left the team.
    MemberLeft {
        /// How many browser sessions that ended.
        sessions: u64,
        /// The roles manually that ended with it, where they were others than Developer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// Someone signed in with a password.
    SignedIn,
    /// Someone signed out.
    SignedOut,
    /// Sign-ins as a member were refused, because the password was wrong: all those of a window of time.
    SignInFailed {
        /// As whom.
        name: String,
        /// How many.
        count: u64,
    },
    /// Someone who was signed in confirmed their password.
    SteppedUp,
    /// Someone who was signed in did not know the password: every try of a window of time.
    StepUpFailed {
        /// How many.
        count: u64,
    },
    /// Someone exported the list of members.
    MembersExported,
    /// Someone exported the activity.
    ActivityExported,
    /// A change to a member was refused, to keep the team from being locked out or taken over.
    MemberProtected {
        /// Who.
        name: String,
        /// What was refused, in words.
        why: String,
    },
    /// A group was created.
    GroupCreated {
        /// Its name.
        name: String,
        /// How many members it has.
        members: u64,
    },
    /// A group was renamed, or its attributes changed.
    GroupUpdated {
        /// Its name now.
        name: String,
        /// Its name before, if it changed.
        was: Option<String>,
    },
    /// Members joined or left a group.
    GroupMembersChanged {
        /// The group's name.
        name: String,
        /// How many joined.
        added: u64,
        /// How many left.
        removed: u64,
        /// The names of the first few of them.
        who: Vec<String>,
    },
    /// A group was deleted; its members stay.
    GroupDeleted {
        /// Its name.
        name: String,
        /// How many members it had.
        members: u64,
    },
    /// Which role a group gives was changed.
    GroupMapped {
        /// The group's name.
        name: String,
        /// The role it gave before.
        from: Option<Role>,
        /// The role it gives now.
        to: Option<Role>,
        /// How many members got the new role who had it for no other reason.
        gained: u64,
        /// How many lost the old role.
        lost: u64,
    },
    /// SCIM provisioning was turned on.
    ScimTurnedOn,
    /// SCIM provisioning was turned off.
    ScimTurnedOff,
    /// An SSO method was added.
    SsoAdded {
        /// Its name.
        name: String,
        /// Its provider.
        provider: SsoProvider,
        /// Its protocol.
        protocol: Protocol,
    },
    /// An SSO method was edited.
    SsoEdited {
        /// Its name now.
        name: String,
        /// The labels of what changed ("Name", "Certificate", "Client secret", ...).
        changed: Vec<String>,
        /// What was and what is, of each of them. Entries from before do not know it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<AttributeChange>,
    },
    /// An SSO method was switched on.
    SsoEnabled {
        /// Its name.
        name: String,
    },
    /// An SSO method was switched off.
    SsoDisabled {
        /// Its name.
        name: String,
    },
    /// An SSO method was deleted.
    SsoDeleted {
        /// Its name.
        name: String,
    },
    /// A key was generated.
    KeyGenerated {
        /// Its name.
        name: String,
        /// Its hint (`rc_scim_…x7Qd`).
        hint: String,
        /// When it expires.
        expires_at: Option<UnixMs>,
    },
    /// A key was rolled.
    KeyRolled {
        /// The name of both.
        name: String,
        /// The old key's hint.
        old: String,
        /// The new key's hint.
        new: String,
        /// When the old key stops working.
        until: UnixMs,
    },
    /// The end of a rolled key's overlap was moved.
    KeyOverlapChanged {
        /// Its name.
        name: String,
        /// Its hint.
        hint: String,
        /// When it stops working now.
        until: UnixMs,
    },
    /// A key was revoked.
    KeyRevoked {
        /// Its name.
        name: String,
        /// Its hint.
        hint: String,
    },
    /// A change of the team itself, stored like the others.
    #[serde(untagged)]
    Team(TeamChange),
}

impl From<TeamChange> for Change {
    fn from(change: TeamChange) -> Self {
        Change::Team(change)
    }
}

impl Change {
    /// What was and what is, attribute by attribute, where it is known.
    pub fn differences(&self) -> Vec<AttributeChange> {
        let active = |is: bool| {
            let words = |yes: bool| Some(if yes { "yes" } else { "no" }.to_owned());
            vec![AttributeChange { attribute: "active".to_owned(), was: words(!is), is: words(is) }]
        };
        match self {
            Change::MemberUpdated { differences, .. } | Change::SsoEdited { differences, .. } => differences.clone(),
            Change::MemberReactivated { .. } => active(true),
            Change::MemberDeactivated { .. } => active(false),
            _ => Vec::new(),
        }
    }
}

/// What an attribute was, and what it is: in words, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// The attribute's name: "title".
    pub attribute: String,
    /// Before; none: it had no value.
    pub was: Option<String>,
    /// Now; none: it has no value.
    pub is: Option<String>,
}
