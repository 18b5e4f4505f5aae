//! The caller of the SCIM API.

use domain::{key::KeyId, role::Role, scim_client::RequestOrigin};
use std::{net::IpAddr, sync::Arc};
use store::TeamRow;

/// The API key that a request presents.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The only team that the request can reach.
    pub(crate) team: Arc<TeamRow>,
    pub(crate) key_id: KeyId,
    pub(crate) key_name: String,
    pub(crate) origin: RequestOrigin,
    /// Roles above this are out of reach: the role of the member who generated the key.
    pub(crate) max_role: Role,
    /// The client's address, where it is known.
    pub(crate) address: Option<IpAddr>,
    /// The request's id in the request log.
    pub(crate) request: Option<Arc<str>>,
    /// Rollcall itself makes the change: it removes what a self-test created, or fills a demo. The state of the key and of the
    /// switch does not matter then.
    pub(crate) is_internal: bool,
}
