//! The one log of what was changed: what an entry says.

use crate::{
    UnixMs,
    id::ActivityId,
    key::KeyId,
    plan::Plan,
    role::Role,
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
    /// A member was added by hand.
    MemberAdded {
        /// Who.
        name: String,
        /// With this role.
        role: Role,
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
            Change::MemberAdded { .. } => "member_added",
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
            Change::MemberAdded { name, .. } => ("added member", name.clone()),
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
    /// What.
    pub change: Change,
}
