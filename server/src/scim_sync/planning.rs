//! Turns at computing what a large change of a group does: one at a time for each team, because the members of the group are in
//! memory meanwhile, and because two computations for one group would make each other invalid.

use crate::scim_sync::error::ProvisioningError;
use domain::id::TeamId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Computations of one team that run or wait at most.
const MAX_WAITING: usize = 32;

/// Who computes and who waits. Cloning shares it.
#[derive(Clone, Default)]
pub(super) struct Planning(Arc<Mutex<HashMap<TeamId, Team>>>);

struct Team {
    turn: Arc<Semaphore>,
    /// Those that compute or wait.
    count: usize,
}

/// A turn, until it is dropped.
pub(super) struct PlanningTurn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// A place in the team's line.
struct Place {
    planning: Planning,
    team: TeamId,
}

impl Planning {
    /// Waits for the team's turn.
    ///
    /// # Errors
    /// [`ProvisioningError::QueueFull`].
    pub(super) async fn enter(&self, team: &TeamId) -> Result<PlanningTurn, ProvisioningError> {
        let turn = {
            let mut teams = self.teams();
            let of_team =
                teams.entry(team.clone()).or_insert_with(|| Team { turn: Arc::new(Semaphore::new(1)), count: 0 });
            if of_team.count >= MAX_WAITING {
                return Err(ProvisioningError::QueueFull);
            }
            of_team.count += 1;
            of_team.turn.clone()
        };
        let place = Place { planning: self.clone(), team: team.clone() };
        // The semaphore is never closed.
        let permit = turn.acquire_owned().await.map_err(|_| ProvisioningError::QueueFull)?;
        Ok(PlanningTurn { _permit: permit, _place: place })
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, Team>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut teams = self.planning.teams();
        if let Some(of_team) = teams.get_mut(&self.team) {
            of_team.count -= 1;
            if of_team.count == 0 {
                teams.remove(&self.team);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_computes_some_wait_and_the_rest_is_refused() {
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
        for one in waiting {
            assert!(one.await.unwrap().is_ok());
        }
        assert!(planning.teams().is_empty());
    }
}
