//! The one log of what was changed: what an entry says.

use crate::{
    UnixMs,
    id::{ActivityId, MemberId},
    key::KeyId,
    mapping::Step,
    plan::Plan,
    role::{Role, Roles},
    sso::{Protocol, Provider},
};
use serde::{Deserialize, Serialize};

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A member, by the name at that time.
    Member {
        /// The display name.
        name: String,
    },
    /// The operator, on the command line.
    Operator,
    /// An identity provider, through a key.
    Provider {
        /// The key's name.
        key_name: String,
        /// The key's id.
        key_id: KeyId,
    },
    /// Rollcall by itself.
    System,
}

/// What was changed. Stored as JSON, so variants are only ever added. No secret is part of any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// The team was made.
    TeamCreated {
        /// On this plan.
        plan: Plan,
    },
    /// The operator changed the plan.
    PlanChanged {
        /// From.
        from: Plan,
        /// To.
        to: Plan,
    },
    /// The team got another name.
    TeamRenamed {
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// The team got another slug.
    TeamMoved {
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// A member was marked as break-glass.
    BreakGlassMarked {
        /// Who.
        name: String,
    },
    /// A member is no longer break-glass.
    BreakGlassUnmarked {
        /// Who.
        name: String,
    },
    /// Every session of the team was ended.
    EveryoneSignedOut {
        /// How many.
        sessions: u64,
    },
    /// A member was added by hand.
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
    },
    /// A member who was there before is managed by the identity provider from now on.
    MemberTakenOver {
        /// Who.
        name: String,
    },
    /// A member's attributes were changed.
    MemberUpdated {
        /// Who.
        name: String,
        /// The names of the attributes that changed ("title", "emails", ...).
        changed: Vec<String>,
        /// What was and what is, of each of them. Entries from before do not know it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differences: Vec<Difference>,
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
    /// A member was deleted (and can be restored).
    MemberDeleted {
        /// Who.
        name: String,
        /// How many browser sessions that ended.
        sessions: u64,
    },
    /// The roles that a member has by hand were changed; what groups give is apart.
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
    /// Somebody was invited.
    MemberInvited {
        /// The e-mail address.
        name: String,
        /// With this role.
        role: Role,
        /// Were they in the team before? Then they have the same id.
        restored: bool,
    },
    /// An invite got a new link; the old one ended.
    InviteResent {
        /// The e-mail address.
        name: String,
    },
    /// An invite was taken back.
    InviteCancelled {
        /// The e-mail address.
        name: String,
    },
    /// Somebody became a member by an invite.
    InviteAccepted {
        /// The e-mail address that was invited.
        email: String,
    },
    /// Somebody changed their own name or e-mail address.
    ProfileChanged {
        /// What: "name", "e-mail address".
        field: String,
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// Somebody changed their own password.
    PasswordChanged {
        /// How many other browser sessions that ended.
        sessions: u64,
    },
    /// Somebody ended sessions of their own.
    SessionsEnded {
        /// How many.
        sessions: u64,
    },
    /// Somebody left the team.
    MemberLeft {
        /// How many browser sessions that ended.
        sessions: u64,
    },
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
        provider: Provider,
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
        differences: Vec<Difference>,
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
}

impl Change {
    /// The stable name in the database, for filters.
    pub const fn name(&self) -> &'static str {
        match self {
            Change::TeamCreated { .. } => "team_created",
            Change::PlanChanged { .. } => "plan_changed",
            Change::TeamRenamed { .. } => "team_renamed",
            Change::TeamMoved { .. } => "team_moved",
            Change::BreakGlassMarked { .. } => "break_glass_marked",
            Change::BreakGlassUnmarked { .. } => "break_glass_unmarked",
            Change::EveryoneSignedOut { .. } => "everyone_signed_out",
            Change::MemberAdded { .. } => "member_added",
            Change::MemberProvisioned { .. } => "member_provisioned",
            Change::MemberRestored { .. } => "member_restored",
            Change::MemberTakenOver { .. } => "member_taken_over",
            Change::MemberUpdated { .. } => "member_updated",
            Change::MemberReactivated { .. } => "member_reactivated",
            Change::MemberDeactivated { .. } => "member_deactivated",
            Change::MemberDeleted { .. } => "member_deleted",
            Change::MemberRolesChanged { .. } => "member_roles_changed",
            Change::MemberSignedOut { .. } => "member_signed_out",
            Change::MemberInvited { .. } => "member_invited",
            Change::InviteResent { .. } => "invite_resent",
            Change::InviteCancelled { .. } => "invite_cancelled",
            Change::InviteAccepted { .. } => "invite_accepted",
            Change::ProfileChanged { .. } => "profile_changed",
            Change::PasswordChanged { .. } => "password_changed",
            Change::SessionsEnded { .. } => "sessions_ended",
            Change::MemberLeft { .. } => "member_left",
            Change::MemberProtected { .. } => "member_protected",
            Change::GroupCreated { .. } => "group_created",
            Change::GroupUpdated { .. } => "group_updated",
            Change::GroupMembersChanged { .. } => "group_members_changed",
            Change::GroupDeleted { .. } => "group_deleted",
            Change::GroupMapped { .. } => "group_mapped",
            Change::ScimTurnedOn => "scim_turned_on",
            Change::ScimTurnedOff => "scim_turned_off",
            Change::SsoAdded { .. } => "sso_added",
            Change::SsoEdited { .. } => "sso_edited",
            Change::SsoEnabled { .. } => "sso_enabled",
            Change::SsoDisabled { .. } => "sso_disabled",
            Change::SsoDeleted { .. } => "sso_deleted",
            Change::KeyGenerated { .. } => "key_generated",
            Change::KeyRolled { .. } => "key_rolled",
            Change::KeyOverlapChanged { .. } => "key_overlap_changed",
            Change::KeyRevoked { .. } => "key_revoked",
        }
    }

    /// The sentence after the actor's name: what was done, and to what (shown in bold; may be empty).
    pub fn sentence(&self) -> (&'static str, String) {
        match self {
            Change::TeamCreated { plan } => ("created the team on the plan", plan.label().to_owned()),
            Change::PlanChanged { from, to } => ("changed the plan", format!("from {from} to {to}")),
            Change::TeamRenamed { from, to } => ("renamed the team", format!("from {from} to {to}")),
            Change::TeamMoved { from, to } => ("changed the team's address", format!("from {from} to {to}")),
            Change::BreakGlassMarked { name } => ("marked as break-glass", name.clone()),
            Change::BreakGlassUnmarked { name } => ("took the break-glass mark from", name.clone()),
            Change::EveryoneSignedOut { .. } => ("signed out", "everyone".to_owned()),
            Change::MemberAdded { name, .. } => ("added member", name.clone()),
            Change::MemberProvisioned { name } => ("created member", name.clone()),
            Change::MemberRestored { name } => ("restored member", name.clone()),
            Change::MemberTakenOver { name } => ("took over member", name.clone()),
            Change::MemberUpdated { name, .. } => ("updated member", name.clone()),
            Change::MemberReactivated { name } => ("reactivated member", name.clone()),
            Change::MemberDeactivated { name, .. } => ("deactivated member", name.clone()),
            Change::MemberDeleted { name, .. } => ("deleted member", name.clone()),
            Change::MemberRolesChanged { name, .. } => ("changed the roles of member", name.clone()),
            Change::MemberSignedOut { name, .. } => ("signed out member", name.clone()),
            Change::MemberInvited { name, .. } => ("invited", name.clone()),
            Change::InviteResent { name } => ("made a new link for the invite of", name.clone()),
            Change::InviteCancelled { name } => ("cancelled the invite of", name.clone()),
            Change::InviteAccepted { .. } => ("accepted", "the invite".to_owned()),
            Change::ProfileChanged { field, .. } => ("changed their own", field.clone()),
            Change::PasswordChanged { .. } => ("changed their own", "password".to_owned()),
            Change::SessionsEnded { .. } => ("signed out", "other browsers of their own".to_owned()),
            Change::MemberLeft { .. } => ("left", "the team".to_owned()),
            Change::MemberProtected { name, .. } => ("was not allowed to change member", name.clone()),
            Change::GroupCreated { name, .. } => ("created group", name.clone()),
            Change::GroupUpdated { name, was: Some(was) } => ("renamed group", format!("{was} to {name}")),
            Change::GroupUpdated { name, was: None } => ("updated group", name.clone()),
            Change::GroupMembersChanged { name, .. } => ("changed the members of group", name.clone()),
            Change::GroupDeleted { name, .. } => ("deleted group", name.clone()),
            Change::GroupMapped { name, from, to, gained, lost } => {
                let said = Step { from: *from, to: *to }.said(*gained, *lost);
                match (from, to) {
                    (_, Some(to)) => ("mapped group", format!("{name} to {to}: {said}")),
                    (Some(from), None) => ("ended the mapping of group", format!("{name} to {from}: {said}")),
                    (None, None) => ("ended the mapping of group", name.clone()),
                }
            }
            Change::ScimTurnedOn => ("turned on", "SCIM provisioning".to_owned()),
            Change::ScimTurnedOff => ("turned off", "SCIM provisioning".to_owned()),
            Change::SsoAdded { name, .. } => ("added SSO method", name.clone()),
            Change::SsoEdited { name, .. } => ("edited SSO method", name.clone()),
            Change::SsoEnabled { name } => ("enabled SSO method", name.clone()),
            Change::SsoDisabled { name } => ("disabled SSO method", name.clone()),
            Change::SsoDeleted { name } => ("deleted SSO method", name.clone()),
            Change::KeyGenerated { name, .. } => ("generated SCIM API key", name.clone()),
            Change::KeyRolled { name, .. } => ("rolled SCIM API key", name.clone()),
            Change::KeyOverlapChanged { name, .. } => ("changed when the old key stops working:", name.clone()),
            Change::KeyRevoked { name, .. } => ("revoked SCIM API key", name.clone()),
        }
    }
}

/// What an attribute was, and what it is: in words, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The attribute's name: "title".
    pub attribute: String,
    /// Before; none: it had no value.
    pub was: Option<String>,
    /// Now; none: it has no value.
    pub is: Option<String>,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which one.
    pub id: ActivityId,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: Actor,
    /// From which address, as far as it is known.
    pub address: Option<String>,
    /// The request of an identity provider that made the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The member whom it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What.
    pub change: Change,
}
