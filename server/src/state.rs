//! What every request can reach.

use crate::{
    clock::Clock, config::Config, scim::last_used::LastUsed, scim::record::Recorder, secrets::Secrets, store::Store,
};
use app::document::Assets;
use std::sync::Arc;

/// Shared by all requests; cloning is cheap.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The server secret and what is derived from it.
    pub secrets: Secrets,
    /// What the operator configured.
    pub config: Config,
    /// The names of the built browser files.
    pub assets: Assets,
    /// The time.
    pub clock: Clock,
    /// Which keys were used when, not yet written down.
    pub last_used: LastUsed,
    /// The requests of identity providers that are not written down yet.
    pub recorder: Recorder,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
