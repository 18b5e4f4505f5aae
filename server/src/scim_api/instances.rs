//! Instances: the processes on one PostgreSQL, which share the rate limit of each key.
//!
//! Every process sends a heartbeat every few seconds. A process without a recent heartbeat does not count. Until then, a limit can
//! be too high or too low by one process's part. A client whose requests all reach one process has that process's part only,
//! because a shared count would cost a write for every request.

use crate::{ids, state::AppState};
use std::time::Duration;
use store::StoreError;
use tokio::time::MissedTickBehavior;

/// The time between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// Milliseconds without a heartbeat after which a process does not count.
const PATIENCE: i64 = 12_000;

/// This process among those on the same database.
#[derive(Debug)]
pub struct Instance {
    id: String,
}

impl Instance {
    /// Registers this process. Call it before the process answers requests.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn register(state: &AppState) -> Result<Self, StoreError> {
        let instance = Self { id: ids::next(state.clock.now()) };
        instance.beat(state).await?;
        Ok(instance)
    }

    /// Sends a heartbeat, and takes this process's part of the rate limit.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the part stays as it was.
    pub async fn beat(&self, state: &AppState) -> Result<(), StoreError> {
        let instances = state.store.instance_heartbeat(&self.id, PATIENCE).await?;
        state.rate_limit().share(instances);
        Ok(())
    }

    /// Removes this process.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the others learn it when the heartbeats stop.
    pub async fn end(self, state: &AppState) -> Result<(), StoreError> {
        state.store.instance_ended(&self.id).await
    }

    /// Sends heartbeats until `shutdown` completes.
    pub async fn run(self, state: AppState, shutdown: impl Future<Output = ()>) {
        let mut ticks = tokio::time::interval(HEARTBEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                _ = ticks.tick() => {
                    if let Err(error) = self.beat(&state).await {
                        tracing::warn!(%error, "could not count the processes that share the rate limit; the last count stays");
                    }
                }
            }
        }
        if let Err(error) = self.end(&state).await {
            tracing::debug!(%error, "could not deregister this process; the others notice its end later");
        }
    }
}
