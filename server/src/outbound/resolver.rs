//! The resolution of names to addresses that may be reached. The connection goes to the very addresses that were checked, so a name
//! cannot change in between.

use crate::network::{Network, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Why a name is not resolved.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    /// It has no address.
    #[error("no address")]
    Unresolved,
    /// None of its addresses is public or allowed.
    #[error("{0} isn't public")]
    Private(IpAddr),
}

/// Resolves names with the system's resolver, and drops addresses that may not be reached.
pub(super) struct CheckedResolver(Arc<[Network]>);

impl CheckedResolver {
    pub(super) fn new(allowed: Arc<[Network]>) -> Self {
        Self(allowed)
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| ResolveError::Unresolved)?;
            let (open, refused): (Vec<_>, Vec<_>) = found.partition(|address| check(address.ip(), &allowed).is_ok());
            match (open.is_empty(), refused.first()) {
                (false, _) => Ok(Box::new(open.into_iter()) as Addrs),
                (true, Some(address)) => Err(ResolveError::Private(SocketAddr::ip(address)).into()),
                (true, None) => Err(ResolveError::Unresolved.into()),
            }
        })
    }
}

/// Checks an address.
///
/// # Errors
/// The address, if it is neither public nor allowed.
pub(super) fn check(address: IpAddr, allowed: &[Network]) -> Result<(), IpAddr> {
    let may_be_reached = is_public(address) || allowed.iter().any(|network| network.contains(address));
    if may_be_reached { Ok(()) } else { Err(address) }
}
