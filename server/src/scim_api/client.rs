//! Who sends a request.

use crate::request_log::{RecordId, RequestSource};
use crate::{budget::Budget, scim_sync::Caller};
use domain::{
    key::{KeyId, Purpose},
    role::Role,
    scim_client::RequestOrigin,
};
use std::net::IpAddr;
use store::TeamRow;

/// An identity provider that has proven to hold a usable key. Handlers take it as an extension; without the gate there
/// is none, and so no handler runs.
#[derive(Clone, Debug)]
pub(super) struct AuthenticatedKey {
    /// The key's id.
    pub(super) key: KeyId,
    /// The key's name.
    pub(super) key_name: String,
    /// The highest role that the key may touch.
    pub(super) max_role: Role,
    /// The key's team: the only one that the request can reach.
    pub(super) team: TeamRow,
    /// From which address, as far as it is known.
    pub(super) address: Option<IpAddr>,
    /// What the key is for.
    pub(super) purpose: Purpose,
    /// The id under which the request is recorded.
    pub(super) request: RecordId,
    /// What the request may still cost.
    pub(super) budget: Budget,
}

impl AuthenticatedKey {
    /// As the one who asks for a change.
    pub(super) fn caller(&self) -> Caller {
        Caller {
            key_id: self.key.clone(),
            key_name: self.key_name.clone(),
            max_role: self.max_role,
            address: self.address.map(|address| address.to_string()),
            request: Some(self.request.as_str().to_owned()),
            is_internal: false,
        }
    }
}

impl AuthenticatedKey {
    /// As the record of a request names it.
    pub(super) fn source(&self) -> RequestSource {
        let origin = match self.purpose {
            Purpose::Provider => RequestOrigin::Provider,
            Purpose::SelfTest => RequestOrigin::SelfTest,
        };
        RequestSource { team: self.team.id.clone(), key: self.key.clone(), key_name: self.key_name.clone(), origin }
    }
}
