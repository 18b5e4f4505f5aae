//! Turns at the connections that write.
//!
//! A change to a team waits for the team's row. Changes that wait hold a connection each, so without a limit one team whose row
//! is held by somebody would take them all.

use super::StoreError;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many changes to one team may hold a connection, or wait for the next one, at a time: one works, one is ready.
const PER_TEAM: usize = 2;
/// How long a change waits for its turn before it is answered with 503.
const PATIENCE: Duration = Duration::from_secs(3);
/// Above this number of teams, those without a change are forgotten.
const MANY_TEAMS: usize = 1_024;

/// Cloning shares the turns.
#[derive(Clone)]
pub(super) struct Gate {
    teams: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    /// Shared by all teams, first come, first served: the connections that no team's change may take are for sign-in and
    /// whatever else writes beside teams.
    all: Arc<Semaphore>,
    patience: Duration,
}

/// A change's turn, which ends when this is dropped.
pub(super) struct Turn {
    _team: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Gate {
    /// With this many changes at a time, of all teams.
    pub(super) fn new(changes: usize) -> Self {
        Self { teams: Arc::default(), all: Arc::new(Semaphore::new(changes)), patience: PATIENCE }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it took too long.
    pub(super) async fn turn(&self, team: &str) -> Result<Turn, StoreError> {
        let team = self.of(team);
        let both = async {
            let team = team.acquire_owned().await.ok()?;
            let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Turn { _team: team, _all: all })
        };
        match tokio::time::timeout(self.patience, both).await {
            Ok(Some(turn)) => Ok(turn),
            _ => Err(StoreError::Unavailable("other changes to this team take too long".into())),
        }
    }

    fn of(&self, team: &str) -> Arc<Semaphore> {
        let mut teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        if teams.len() > MANY_TEAMS {
            teams.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        Arc::clone(teams.entry(team.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(PER_TEAM))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    fn is_waiting(turn: &mut std::pin::Pin<&mut impl Future<Output = Result<Turn, StoreError>>>) -> bool {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        matches!(turn.as_mut().poll(&mut context), Poll::Pending)
    }

    #[tokio::test]
    async fn one_team_does_not_take_every_turn() {
        let gate = Gate::new(4);
        let (first, _second) = (gate.turn("a").await.unwrap(), gate.turn("a").await.unwrap());
        let mut third = std::pin::pin!(gate.turn("a"));
        assert!(is_waiting(&mut third));
        let (_other, _another) = (gate.turn("b").await.unwrap(), gate.turn("c").await.unwrap());
        drop(first);
        assert!(!is_waiting(&mut third));
    }

    #[tokio::test]
    async fn a_change_that_never_gets_its_turn_is_refused() {
        let gate = Gate { patience: Duration::from_millis(1), ..Gate::new(4) };
        let _both = (gate.turn("a").await.unwrap(), gate.turn("a").await.unwrap());
        assert!(matches!(gate.turn("a").await, Err(StoreError::Unavailable(_))));
        gate.turn("b").await.unwrap();
    }

    #[tokio::test]
    async fn teams_without_a_change_are_forgotten() {
        let gate = Gate::new(1);
        for team in 0..=MANY_TEAMS + 1 {
            gate.turn(&team.to_string()).await.unwrap();
        }
        assert!(gate.teams.lock().unwrap().len() <= 2);
    }
}
