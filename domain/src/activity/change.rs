//! The changes that the activity log stores.

use crate::{
    UnixMs,
    role::{Role, Roles},
    sso::{Protocol, SsoChange, SsoProvider},
    team::TeamChange,
};
use serde::{Deserialize, Serialize};

/// A change of an activity entry, stored as JSON. Variants are only ever added, because old entries must stay readable.
/// No variant contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A member was added manually.
    MemberAdded {
        /// The member's display name.
        name: String,
        /// The member's role.
        role: Role,
    },
    /// An identity provider created a member.
    MemberProvisioned {
        /// The member's display name.
        name: String,
    },
    /// An identity provider restored a deactivated or deleted member, with the same id.
    MemberRestored {
        /// The member's display name.
        name: String,
        /// The manual roles from before the removal, which the restored member does not have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// An identity provider now manages a member who existed before.
    MemberTakenOver {
        /// The member's display name.
        name: String,
    },
    /// An Admin confirmed that an identity provider may adopt an Admin or Super Admin by email address.
    MemberAdoptionAllowed {
        /// The member's display name.
        name: String,
    },
    /// An identity provider may not change the attributes that a member signs in with. The rest of its request was
    /// applied.
    MemberSignInKept {
        /// The member's display name.
        name: String,
        /// The names of the unchanged attributes: "userName", "emails".
        attributes: Vec<String>,
        /// The reason, as a sentence part.
        why: String,
    },
    /// A member's attributes were changed.
    MemberUpdated {
        /// The member's display name.
        name: String,
        /// The names of the changed attributes ("title", "emails", ...).
        changed: Vec<String>,
        /// The old and new value of each attribute. Empty in old entries.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<AttributeChange>,
    },
    /// A member was reactivated.
    MemberReactivated {
        /// The member's display name.
        name: String,
    },
    /// A member was deactivated.
    MemberDeactivated {
        /// The member's display name.
        name: String,
        /// The number of ended browser sessions.
        sessions: u64,
    },
    /// A member was removed. A removed member can be restored.
    MemberDeleted {
        /// The member's display name.
        name: String,
        /// The number of ended browser sessions.
        sessions: u64,
        /// The manual roles from before the removal, unless Developer was the only one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// A member's manual roles were changed. Roles from groups have entries of their own.
    MemberRolesChanged {
        /// The member's display name.
        name: String,
        /// The old roles.
        from: Roles,
        /// The new roles.
        to: Roles,
    },
    /// Every session of a member was ended. The member can sign in again.
    MemberSignedOut {
        /// The member's display name.
        name: String,
        /// The number of ended browser sessions.
        sessions: u64,
    },
    /// A person was invited.
    MemberInvited {
        /// The email address.
        name: String,
        /// The role of the invite.
        role: Role,
        /// Was the person a member before? Then they keep their id.
        restored: bool,
        /// The manual roles from before the removal, which the invited member does not have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// An invite got a new link, which replaces the old one.
    InviteResent {
        /// The email address.
        name: String,
    },
    /// An invite was cancelled.
    InviteCancelled {
        /// The email address.
        name: String,
    },
    /// An invite was revoked, because its sender may no longer give its role.
    InviteEnded {
        /// The email address.
        name: String,
        /// The sender's display name.
        sender: String,
    },
    /// A person accepted an invite.
    InviteAccepted {
        /// The invited email address.
        email: String,
    },
    /// A member changed their own name or email address.
    ProfileChanged {
        /// The field: "name" or "email". Old entries have "email address".
        field: String,
        /// The old value.
        from: String,
        /// The new value.
        to: String,
    },
    /// A member changed their own password.
    PasswordChanged {
        /// The number of the member's other browser sessions, which ended.
        sessions: u64,
    },
    /// A member ended sessions of their own.
    SessionsEnded {
        /// The number of ended sessions.
        sessions: u64,
    },
    /// A member left the team.
    MemberLeft {
        /// The number of ended browser sessions.
        sessions: u64,
        /// The manual roles from before, unless Developer was the only one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Roles>,
    },
    /// A member signed in with a password.
    SignedIn,
    /// A member signed out.
    SignedOut,
    /// Sign-ins as a member failed because of a wrong password. One entry counts all failures of a time window.
    SignInFailed {
        /// The member's display name.
        name: String,
        /// The number of failures.
        count: u64,
    },
    /// A signed-in member confirmed their password.
    SteppedUp,
    /// A signed-in member entered a wrong password to confirm a change. One entry counts all failures of a time window.
    StepUpFailed {
        /// The number of failures.
        count: u64,
    },
    /// A member exported the list of members.
    MembersExported,
    /// A member exported the activity log.
    ActivityExported,
    /// A change of a member was refused, because it would let the team be locked out or taken over.
    MemberProtected {
        /// The member's display name.
        name: String,
        /// The refused change, as a sentence part.
        why: String,
    },
    /// A group was created.
    GroupCreated {
        /// The group's name.
        name: String,
        /// The number of members.
        members: u64,
    },
    /// A group was renamed, or its attributes changed.
    GroupUpdated {
        /// The new name.
        name: String,
        /// The old name, if it changed.
        was: Option<String>,
    },
    /// Members joined or left a group.
    GroupMembersChanged {
        /// The group's name.
        name: String,
        /// The number of new members.
        added: u64,
        /// The number of removed members.
        removed: u64,
        /// The names of the first few of them.
        who: Vec<String>,
    },
    /// A group was deleted. Its members stay in the team.
    GroupDeleted {
        /// The group's name.
        name: String,
        /// The number of members before.
        members: u64,
    },
    /// The role that a group gives was changed.
    GroupMapped {
        /// The group's name.
        name: String,
        /// The old role.
        from: Option<Role>,
        /// The new role.
        to: Option<Role>,
        /// The number of members who have the new role because of this group alone.
        gained: u64,
        /// The number of members who lost the old role.
        lost: u64,
    },
    /// SCIM provisioning was turned on.
    ScimTurnedOn,
    /// SCIM provisioning was turned off.
    ScimTurnedOff,
    /// An SSO method was added.
    SsoAdded {
        /// The method's name.
        name: String,
        /// The method's provider.
        provider: SsoProvider,
        /// The method's protocol.
        protocol: Protocol,
    },
    /// An SSO method was edited.
    SsoEdited {
        /// The method's name after the change.
        name: String,
        /// The labels of the changed fields ("Name", "Certificate", "Client secret", ...).
        changed: Vec<String>,
        /// The old and new value of each field. Empty in old entries.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<AttributeChange>,
    },
    /// An SSO method was enabled.
    SsoEnabled {
        /// The method's name.
        name: String,
    },
    /// An SSO method was disabled.
    SsoDisabled {
        /// The method's name.
        name: String,
    },
    /// An SSO method was deleted.
    SsoDeleted {
        /// The method's name.
        name: String,
    },
    /// A key was generated.
    KeyGenerated {
        /// The key's name.
        name: String,
        /// The key's hint (`rc_scim_…x7Qd`).
        hint: String,
        /// The time of expiry.
        expires_at: Option<UnixMs>,
    },
    /// A key was rolled.
    KeyRolled {
        /// The name of both keys.
        name: String,
        /// The old key's hint.
        old: String,
        /// The new key's hint.
        new: String,
        /// The time at which the old key stops working.
        until: UnixMs,
    },
    /// The end of a rolled key's overlap was changed.
    KeyOverlapChanged {
        /// The key's name.
        name: String,
        /// The key's hint.
        hint: String,
        /// The new end of the overlap.
        until: UnixMs,
    },
    /// A key was revoked.
    KeyRevoked {
        /// The key's name.
        name: String,
        /// The key's hint.
        hint: String,
    },
    /// A change of the team itself, stored like the others.
    #[serde(untagged)]
    Team(TeamChange),
    /// A sign-in through an SSO method, stored like the others.
    #[serde(untagged)]
    Sso(SsoChange),
}

impl From<SsoChange> for Change {
    fn from(change: SsoChange) -> Self {
        Change::Sso(change)
    }
}

impl From<TeamChange> for Change {
    fn from(change: TeamChange) -> Self {
        Change::Team(change)
    }
}

impl Change {
    /// The old and new value of each attribute, as far as the entry contains them.
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

/// The old and new value of an attribute as text, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// The attribute's name: "title".
    pub attribute: String,
    /// The old value, if there was one.
    pub was: Option<String>,
    /// The new value, if there is one.
    pub is: Option<String>,
}
