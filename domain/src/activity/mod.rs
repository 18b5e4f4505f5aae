//! The one log of what was changed: what an entry says.

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

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityActor {
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

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which one.
    pub id: ActivityId,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: ActivityActor,
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
