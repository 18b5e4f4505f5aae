//! Wishes wait in line, one line a team, and are granted together.
//!
//! Whoever comes first opens a transaction; whoever comes while the disk is waited for is served by the next one. So an
//! answer still means "on disk", and thirty clients at once wait for the disk no longer than one.

use super::{
    refused::Refused,
    wish::{Asked, Provider, Verdict, Waiting, Wish},
};
use crate::{
    clock::Clock,
    store::{Claim, Store, StoreError},
};
use domain::id::TeamId;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// So many wishes are granted in one transaction at most: others wait for the database too.
const MOST_TOGETHER: usize = 64;

/// Where identity providers' changes are made. Cloning shares the lines.
#[derive(Clone)]
pub(crate) struct Directory {
    store: Store,
    clock: Clock,
    lines: Arc<Mutex<Lines>>,
}

/// The wishes that wait, of each team that somebody is serving.
type Lines = HashMap<TeamId, VecDeque<Box<dyn Waiting>>>;

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Directory")
    }
}

impl Directory {
    /// Nobody waits yet.
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, lines: Arc::default() }
    }

    /// Waits in line until the wish was granted, and is on disk, or refused. A client that goes away does not stop it.
    pub(crate) async fn grant<W: Wish>(&self, team: &TeamId, by: Provider, wish: W) -> Result<W::Made, Refused> {
        let (reply, told) = oneshot::channel();
        let asked = Box::new(Asked::new(wish, by, reply));
        let is_first = {
            let mut lines = self.lines();
            let is_first = !lines.contains_key(team);
            lines.entry(team.clone()).or_default().push_back(asked);
            is_first
        };
        if is_first {
            tokio::spawn(self.clone().serve(team.clone()));
        }
        told.await.unwrap_or_else(|_| Err(Refused::Store(StoreError::Fault("a wish was lost".into()))))
    }

    /// Serves the line of a team until nobody waits.
    async fn serve(self, team: TeamId) {
        // Should granting panic, the line must not stay behind unserved.
        let _guard = Gone { lines: self.lines.clone(), team: team.clone() };
        loop {
            let together: Vec<_> = {
                let mut lines = self.lines();
                let Some(line) = lines.get_mut(&team) else { return };
                if line.is_empty() {
                    lines.remove(&team);
                    return;
                }
                let count = line.len().min(MOST_TOGETHER);
                line.drain(..count).collect()
            };
            self.grant_all(&team, together).await;
        }
    }

    async fn grant_all(&self, team: &TeamId, mut together: Vec<Box<dyn Waiting>>) {
        match self.attempt(team, &mut together).await {
            Ok(Kept::All) => together.into_iter().for_each(Waiting::tell),
            // One of them spoiled it for all: each for itself then.
            Ok(Kept::Nothing) if together.len() > 1 => {
                for one in together {
                    let mut alone = vec![one];
                    match self.attempt(team, &mut alone).await {
                        Ok(_) => alone.into_iter().for_each(Waiting::tell),
                        Err(error) => tell_failed(alone, &error),
                    }
                }
            }
            Ok(Kept::Nothing) => together.into_iter().for_each(Waiting::tell),
            Err(error) => tell_failed(together, &error),
        }
    }

    /// Grants what can be granted in one transaction.
    async fn attempt(&self, team: &TeamId, together: &mut [Box<dyn Waiting>]) -> Result<Kept, StoreError> {
        let mut claim = self.store.claim_by_id(team).await?;
        let now = self.clock.now();
        let mut entries = Vec::new();
        let about: Vec<_> = together.iter().filter_map(|one| one.about()).collect();
        if about.len() > 1 {
            claim.members_foresee(&about).await?;
        }
        for one in together.iter_mut() {
            match one.attempt(&mut claim, now, &mut entries).await {
                Verdict::Granted => {}
                Verdict::Refused => entries.extend(one.log_of_refusal(now)),
                Verdict::Spoiled => {
                    claim.leave_unchanged().await?;
                    if together.len() == 1 {
                        self.log_refusal(team, together).await?;
                    }
                    return Ok(Kept::Nothing);
                }
            }
        }
        keep(claim, entries).await?;
        Ok(Kept::All)
    }

    /// A refusal that came in the middle of writing is logged by itself.
    async fn log_refusal(&self, team: &TeamId, alone: &[Box<dyn Waiting>]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let entries: Vec<_> = alone.iter().filter_map(|one| one.log_of_refusal(now)).collect();
        if entries.is_empty() {
            return Ok(());
        }
        keep(self.store.claim_by_id(team).await?, entries).await
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What of a transaction was kept.
enum Kept {
    All,
    Nothing,
}

async fn keep(claim: Claim, entries: Vec<domain::activity::Entry>) -> Result<(), StoreError> {
    let mut entries = entries.into_iter();
    match entries.next() {
        Some(first) => claim.commit(first, entries.collect()).await,
        None => claim.leave_unchanged().await,
    }
}

fn tell_failed(waiting: Vec<Box<dyn Waiting>>, error: &StoreError) {
    for one in waiting {
        // Errors of the driver cannot be cloned; what matters is whether trying again helps.
        one.tell_failed(match error {
            StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
            other => StoreError::Fault(other.to_string()),
        });
    }
}

/// Ends a line when it is no longer served, also after a panic: those who wait are told by their closed channels.
struct Gone {
    lines: Arc<Mutex<Lines>>,
    team: TeamId,
}

impl Drop for Gone {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.lines.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.team);
        }
    }
}
