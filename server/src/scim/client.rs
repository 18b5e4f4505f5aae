//! Who sends a request.

use crate::{provisioning::directory::Provider, store::TeamRow};
use domain::{key::KeyId, role::Role};

/// An identity provider that has proven to hold a usable key. Handlers take it as an extension; without the gate there
/// is none, and so no handler runs.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The key's id.
    pub(super) key: KeyId,
    /// The key's name.
    pub(super) key_name: String,
    /// The highest role that the key may touch.
    pub(super) ceiling: Role,
    /// The key's team: the only one that the request can reach.
    pub(super) team: TeamRow,
    /// From which address, as far as it is known.
    pub(super) address: Option<String>,
    /// The id under which the request is recorded.
    pub(super) request: Option<String>,
}

impl Client {
    /// As the one who asks for a change.
    pub(super) fn provider(&self) -> Provider {
        Provider {
            key_id: self.key.clone(),
            key_name: self.key_name.clone(),
            ceiling: self.ceiling,
            address: self.address.clone(),
            request: self.request.clone(),
        }
    }
}
