//! The API key that authenticated a request.

use crate::{
    budget::Budget,
    request_log::{RecordId, RequestSource},
    scim_sync::Caller,
};
use domain::{
    key::{KeyId, Purpose},
    role::Role,
    scim_client::RequestOrigin,
};
use std::net::IpAddr;
use store::TeamRow;

/// A usable key. Only authentication creates it, so no handler runs without it.
#[derive(Clone, Debug)]
pub(super) struct AuthenticatedKey {
    pub(super) key: KeyId,
    pub(super) key_name: String,
    /// Roles above this are out of reach.
    pub(super) max_role: Role,
    /// The only team that the request can reach.
    pub(super) team: TeamRow,
    /// The client's address, if known.
    pub(super) address: Option<IpAddr>,
    pub(super) purpose: Purpose,
    /// The request's id in the request log.
    pub(super) request: RecordId,
    pub(super) budget: Budget,
}

impl AuthenticatedKey {
    /// The caller of commands.
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
    /// The source of the request, for the request log.
    pub(super) fn source(&self) -> RequestSource {
        let origin = match self.purpose {
            Purpose::Provider => RequestOrigin::Provider,
            Purpose::SelfTest => RequestOrigin::SelfTest,
        };
        RequestSource { team: self.team.id.clone(), key: self.key.clone(), key_name: self.key_name.clone(), origin }
    }
}
