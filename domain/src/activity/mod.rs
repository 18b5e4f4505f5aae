//! The activity log: actors, entries and changes.

mod change;
pub mod filter;
mod name;
mod sentence;

pub use change::{AttributeChange, Change};

use crate::{
    UnixMs,
    id::{ActivityId, MemberId},
    key::KeyId,
};
use serde::{Deserialize, Serialize};

/// The author of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityActor {
    /// A member, by the name at the time of the change.
    Member {
        /// The display name.
        name: String,
    },
    /// The operator on the command line.
    Operator,
    /// An identity provider with a key.
    Provider {
        /// The key's name.
        key_name: String,
        /// The key's id.
        key_id: KeyId,
    },
    /// Rollcall itself.
    System,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The entry's id.
    pub id: ActivityId,
    /// The time.
    pub at: UnixMs,
    /// The author of the change.
    pub actor: ActivityActor,
    /// The client's address, if known.
    pub address: Option<String>,
    /// The id of the SCIM request that made the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The member or group that the change is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The change.
    pub change: Change,
}
