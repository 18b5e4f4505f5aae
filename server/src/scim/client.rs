//! Who sends a request.

use super::record::Caller;
use crate::store::TeamRow;
use domain::key::KeyId;

/// An identity provider that has proven to hold a usable key. Handlers take it as an extension; without the gate there
/// is none, and so no handler runs.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The key's id.
    pub(super) key: KeyId,
    /// The key's name.
    pub(super) key_name: String,
    /// The key's team: the only one that the request can reach.
    pub(super) team: TeamRow,
}

impl Client {
    /// As the record of a request names it.
    pub(super) fn caller(&self) -> Caller {
        Caller { team: self.team.id.clone(), key: self.key.clone(), key_name: self.key_name.clone() }
    }
}
