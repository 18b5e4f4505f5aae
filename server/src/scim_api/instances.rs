//! How many processes serve the same PostgreSQL: they share the rate limit of each key.
//!
//! Every process says every few seconds that it is there; one that was silent for a while counts no more. In between a limit can
//! be too high or too low by one process's part. A client whose requests all reach one process has only that process's part,
//! which is the price of not writing to the database for every request.

use crate::{ids, state::AppState};
use std::time::Duration;
use store::StoreError;
use tokio::time::MissedTickBehavior;

/// How often a process says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// Silent for so many milliseconds, a process counts as gone.
const PATIENCE: i64 = 12_000;

/// One process among those that serve the database.
#[derive(Debug)]
pub struct Instance {
    id: String,
}

impl Instance {
    /// Registers this process, to be done before it answers requests.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn register(state: &AppState) -> Result<Self, StoreError> {
        let instance = Self { id: ids::next(state.clock.now()) };
        instance.beat(state).await?;
        Ok(instance)
    }

    /// Says that this process is there, and takes its part of the rate limit.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the part stays as it was.
    pub async fn beat(&self, state: &AppState) -> Result<(), StoreError> {
        let instances = state.store.instance_seen(&self.id, PATIENCE).await?;
        state.rate_limit().share(instances);
        Ok(())
    }

    /// Says that this process ends.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the others learn it when it stays silent.
    pub async fn end(self, state: &AppState) -> Result<(), StoreError> {
        state.store.instance_ended(&self.id).await
    }

    /// Says it again and again until `shutdown` is over.
    pub async fn run(self, state: AppState, shutdown: impl Future<Output = ()>) {
        let mut ticks = tokio::time::interval(HEARTBEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                _ = ticks.tick() => {
                    if let Err(error) = self.beat(&state).await {
                        tracing::warn!(%error, "how many processes share the rate limit isn't known; it stays as it was");
                    }
                }
            }
        }
        if let Err(error) = self.end(&state).await {
            tracing::debug!(%error, "the other processes learn later that this one ended");
        }
    }
}
