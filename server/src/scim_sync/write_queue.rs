//! Commands wait in line, one line a team, and are granted together.
//!
//! While a transaction is being synced to disk, new commands collect; the next transaction executes up to 64 of them. A
//! response is sent only after the commit, so 30 concurrent clients wait about as long as one.
//!
//! Everything is bounded: how many commands wait, how long they wait, how long one of them and one transaction may take.
//! A command that is refused is never executed later. If nobody waits for its response any more, it is not begun; one that
//! has begun is committed or rolled back without regard to its client, who can read the resource to learn which.

use super::access::{self, AccessError};
use crate::clock::Clock;
use crate::scim_sync::{
    command::{AnyCommand, Caller, Command, CommandOutcome, QueuedCommand},
    error::ProvisioningError,
};
use domain::{UnixMs, id::TeamId, key::KeyId, role::Role};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{Claim, Store, StoreError};
use tokio::{sync::oneshot, time::Instant};

/// What bounds the line of a team.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueLimits {
    /// Commands that wait, those of the transaction that is running not counted.
    pub(super) waiting: usize,
    /// Commands of one transaction, because other teams wait for the database, too.
    pub(super) batch: usize,
    /// After this a transaction takes no further command.
    pub(super) batch_time: Duration,
    /// What one command may take in its transaction.
    pub(super) command_time: Duration,
    /// How long a command may wait before it begins. With the time for itself and for the commit, this stays below the time
    /// limit of a request (30 s), so that no request ends before its command.
    pub(super) patience: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            waiting: 128,
            batch: 64,
            batch_time: Duration::from_millis(50),
            command_time: Duration::from_secs(5),
            patience: Duration::from_secs(8),
        }
    }
}

/// Where identity providers' changes are made. Cloning shares the lines.
#[derive(Clone)]
pub(crate) struct WriteQueue {
    pub(super) store: Store,
    clock: Clock,
    limits: QueueLimits,
    lines: Arc<Mutex<Lines>>,
    pub(super) planning: super::planning::Planning,
}

/// The commands that wait, of each team that somebody is serving.
type Lines = HashMap<TeamId, VecDeque<Box<dyn AnyCommand>>>;

/// What became of a key in a transaction: its ceiling, if it may change the team.
type Access = HashMap<KeyId, Result<Role, AccessError>>;

impl std::fmt::Debug for WriteQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteQueue")
    }
}

impl WriteQueue {
    /// Nobody waits yet.
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self::with_limits(store, clock, QueueLimits::default())
    }

    pub(super) fn with_limits(store: Store, clock: Clock, limits: QueueLimits) -> Self {
        Self { store, clock, limits, lines: Arc::default(), planning: super::planning::Planning::default() }
    }

    /// Waits in line until the command was granted, and is on disk, or refused. If this future is dropped before the command has
    /// begun, the command is dropped, too; after that it is not stopped.
    pub(crate) async fn grant<C: Command>(
        &self,
        team: &TeamId,
        by: Caller,
        command: C,
    ) -> Result<C::Output, ProvisioningError> {
        let (reply, told) = oneshot::channel();
        let asked = Box::new(QueuedCommand::new(command, by, reply));
        let is_first = {
            let mut lines = self.lines();
            let is_first = !lines.contains_key(team);
            let line = lines.entry(team.clone()).or_default();
            if line.len() >= self.limits.waiting {
                line.retain(|one| !one.is_abandoned());
            }
            if line.len() >= self.limits.waiting {
                return Err(ProvisioningError::QueueFull);
            }
            line.push_back(asked);
            is_first
        };
        if is_first {
            tokio::spawn(self.clone().serve(team.clone()));
        }
        told.await.unwrap_or_else(|_| Err(ProvisioningError::Store(StoreError::Fault("a command was lost".into()))))
    }

    /// Serves the line of a team until nobody waits.
    async fn serve(self, team: TeamId) {
        // Should granting panic, the line must not stay behind unserved.
        let _guard = Gone { lines: self.lines.clone(), team: team.clone() };
        loop {
            let batch: Vec<_> = {
                let mut lines = self.lines();
                let Some(line) = lines.get_mut(&team) else { return };
                line.retain(|one| !one.is_abandoned());
                if line.is_empty() {
                    lines.remove(&team);
                    return;
                }
                let count = line.len().min(self.limits.batch);
                line.drain(..count).collect()
            };
            let untried = self.grant_all(&team, batch).await;
            if let Some(line) = self.lines().get_mut(&team) {
                untried.into_iter().rev().for_each(|one| line.push_front(one));
            }
        }
    }

    /// Grants a batch, and returns those for whom the transaction had no time.
    async fn grant_all(&self, team: &TeamId, mut batch: Vec<Box<dyn AnyCommand>>) -> Vec<Box<dyn AnyCommand>> {
        let (kept, tried) = match self.attempt(team, &mut batch).await {
            Ok(attempted) => attempted,
            Err(error) => {
                tell_failed(batch, &error);
                return Vec::new();
            }
        };
        let untried = batch.split_off(tried.min(batch.len()));
        if kept == Kept::All || batch.len() == 1 {
            batch.into_iter().for_each(AnyCommand::tell);
            return untried;
        }
        // One of them spoiled it for all: each for itself then.
        let mut rest = batch.into_iter();
        while let Some(one) = rest.next() {
            if one.is_refused() {
                one.tell();
                continue;
            }
            let mut alone = vec![one];
            match self.attempt(team, &mut alone).await {
                Ok(_) => alone.into_iter().for_each(AnyCommand::tell),
                Err(error) if is_gone(&error) => {
                    // To try the others against a database that does not answer helps nobody.
                    tell_failed(alone.into_iter().chain(rest).collect(), &error);
                    return untried;
                }
                Err(error) => tell_failed(alone, &error),
            }
        }
        untried
    }

    /// Grants what can be granted in one transaction. Returns how many of the batch it came to.
    async fn attempt(&self, team: &TeamId, batch: &mut Vec<Box<dyn AnyCommand>>) -> Result<(Kept, usize), StoreError> {
        let mut claim = self.store.claim_by_id(team).await?;
        let begun = Instant::now();
        let now = self.clock.now();
        batch.retain(|one| !one.is_abandoned());
        let (mut entries, mut access) = (Vec::new(), Access::new());
        let about: Vec<_> = batch.iter().filter_map(|one| one.about()).collect();
        if about.len() > 1 {
            claim.members_foresee(&about).await?;
        }
        let (mut tried, is_alone) = (0, batch.len() == 1);
        for one in batch.iter_mut() {
            if tried > 0 && begun.elapsed() >= self.limits.batch_time {
                break;
            }
            tried += 1;
            if one.is_abandoned() {
                continue;
            }
            if one.waited() > self.limits.patience {
                one.refuse(ProvisioningError::WaitedTooLong(self.limits.patience));
                continue;
            }
            match allowed(&mut claim, &mut access, one.by(), now).await? {
                Ok(ceiling) => one.set_ceiling(ceiling),
                Err(why) => {
                    one.refuse(ProvisioningError::Access(why));
                    continue;
                }
            }
            let verdict = {
                let attempt = one.attempt(&mut claim, now, &mut entries);
                tokio::time::timeout(self.limits.command_time, attempt).await
            };
            match verdict {
                Ok(CommandOutcome::Granted) => {}
                Ok(CommandOutcome::Refused) => entries.extend(one.log_of_refusal(now)),
                Ok(CommandOutcome::Spoiled) => {
                    claim.leave_unchanged().await?;
                    if is_alone {
                        self.log_refusal(team, batch).await?;
                    }
                    return Ok((Kept::Nothing, tried));
                }
                Ok(CommandOutcome::Unavailable) => {
                    // If this fails, too, the connection's end undoes the transaction.
                    let _ = claim.leave_unchanged().await;
                    return Err(StoreError::Unavailable("the database did not answer a statement in time".into()));
                }
                Err(_) => {
                    one.refuse(ProvisioningError::TookTooLong(self.limits.command_time));
                    claim.leave_unchanged().await?;
                    return Ok((Kept::Nothing, tried));
                }
            }
        }
        keep(claim, entries).await?;
        Ok((Kept::All, tried))
    }

    /// A refusal that came in the middle of writing is logged by itself.
    async fn log_refusal(&self, team: &TeamId, alone: &[Box<dyn AnyCommand>]) -> Result<(), StoreError> {
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

/// May this key still change the team? One statement a transaction and key.
async fn allowed(
    claim: &mut Claim,
    access: &mut Access,
    by: &Caller,
    now: UnixMs,
) -> Result<Result<Role, AccessError>, StoreError> {
    if by.is_internal {
        return Ok(Ok(by.ceiling));
    }
    if let Some(known) = access.get(&by.key_id) {
        return Ok(*known);
    }
    let allowed = match claim.key_with_ceiling(&by.key_id).await? {
        Some((key, ceiling)) => access::check(&key, claim.team(), now).map(|()| ceiling),
        None => Err(AccessError::Unknown),
    };
    access.insert(by.key_id.clone(), allowed);
    Ok(allowed)
}

/// What of a transaction was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Would the next transaction fail in the same way?
fn is_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_) | StoreError::Unconfirmed(_) | StoreError::NoTeam)
}

fn tell_failed(waiting: Vec<Box<dyn AnyCommand>>, error: &StoreError) {
    for mut one in waiting {
        // Those that were refused before the database failed know why.
        if !one.is_refused() {
            // Errors of the driver cannot be cloned; what matters is whether trying again helps.
            one.refuse(match error {
                StoreError::Unavailable(why) => ProvisioningError::Store(StoreError::Unavailable(why.clone())),
                StoreError::Unconfirmed(why) if one.was_tried() => {
                    ProvisioningError::Store(StoreError::Unconfirmed(why.clone()))
                }
                StoreError::Unconfirmed(why) => ProvisioningError::Store(StoreError::Unavailable(why.clone())),
                StoreError::NoTeam => ProvisioningError::Access(AccessError::Unknown),
                other => ProvisioningError::Store(StoreError::Fault(other.to_string())),
            });
        }
        one.tell();
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

#[cfg(test)]
#[path = "write_queue_tests.rs"]
mod tests;
