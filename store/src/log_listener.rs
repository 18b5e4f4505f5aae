//! Calls a listener of this process after each commit that wrote to a team's log.

use domain::id::TeamId;
use std::sync::{Arc, OnceLock};

type Listener = Box<dyn Fn(&TeamId) + Send + Sync>;

/// The listener of this process. It hears nothing of the commits of other processes. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct LogListener(Arc<OnceLock<Listener>>);

impl LogListener {
    /// Sets the listener, which must not block, because commits wait for it. The first one stays.
    pub(crate) fn set(&self, listener: impl Fn(&TeamId) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(listener));
    }

    pub(crate) fn notify(&self, team: &TeamId) {
        if let Some(listener) = self.0.get() {
            listener(team);
        }
    }
}
