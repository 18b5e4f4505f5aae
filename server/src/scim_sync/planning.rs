//! The order of large group computations: one at a time per team, because the members of the group are in memory meanwhile, and
//! because two computations for one group would invalidate each other.

use crate::scim_sync::error::ProvisioningError;
use domain::id::TeamId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Upper bound of the computations of one team that run or wait.
const MAX_WAITING: usize = 32;

/// The running and waiting computations of all teams. Cloning shares them.
#[derive(Clone, Default)]
pub(super) struct Planning(Arc<Mutex<HashMap<TeamId, Team>>>);

struct Team {
    semaphore: Arc<Semaphore>,
    /// The computations that run or wait.
    count: usize,
}

/// The permit for one computation.
pub(super) struct PlanningPermit {
    _permit: OwnedSemaphorePermit,
    _registration: Registration,
}

/// The registration of a computation with its team.
struct Registration {
    planning: Planning,
    team: TeamId,
}

impl Planning {
    /// Waits for the permit.
    ///
    /// # Errors
    /// [`ProvisioningError::QueueFull`].
    pub(super) async fn enter(&self, team: &TeamId) -> Result<PlanningPermit, ProvisioningError> {
        let semaphore = {
            let mut teams = self.teams();
            let entry =
                teams.entry(team.clone()).or_insert_with(|| Team { semaphore: Arc::new(Semaphore::new(1)), count: 0 });
            if entry.count >= MAX_WAITING {
                return Err(ProvisioningError::QueueFull);
            }
            entry.count += 1;
            entry.semaphore.clone()
        };
        let registration = Registration { planning: self.clone(), team: team.clone() };
        // The semaphore is never closed.
        let permit = semaphore.acquire_owned().await.map_err(|_| ProvisioningError::QueueFull)?;
        Ok(PlanningPermit { _permit: permit, _registration: registration })
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, Team>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut teams = self.planning.teams();
        if let Some(entry) = teams.get_mut(&self.team) {
            entry.count -= 1;
            if entry.count == 0 {
                teams.remove(&self.team);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn computations_of_one_team_run_one_at_a_time_and_the_queue_is_bounded() {
        let planning = Planning::default();
        let (acme, globex) = (TeamId::new("acme"), TeamId::new("globex"));
        let first = planning.enter(&acme).await.unwrap();
        let waiting: Vec<_> = (1..MAX_WAITING)
            .map(|_| {
                let (planning, acme) = (planning.clone(), acme.clone());
                tokio::spawn(async move { planning.enter(&acme).await.map(drop) })
            })
            .collect();
        while planning.teams()[&acme].count < MAX_WAITING {
            tokio::task::yield_now().await;
        }
        assert!(matches!(planning.enter(&acme).await, Err(ProvisioningError::QueueFull)));
        assert!(planning.enter(&globex).await.is_ok(), "other teams compute meanwhile");
        drop(first);
        for waiter in waiting {
            assert!(waiter.await.unwrap().is_ok());
        }
        assert!(planning.teams().is_empty());
    }
}
