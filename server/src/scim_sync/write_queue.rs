//! The write queue: one queue of commands per team, committed in groups.
//!
//! While a transaction is being synced to disk, new commands collect. The next transaction executes up to 64 of them. A
//! response is sent only after the commit, so 30 concurrent clients wait about as long as one.
//!
//! Everything has a limit: the count of waiting commands, their waiting time, and the time of one command and of one transaction.
//! A rejected command is never executed later. A command does not begin if its client has disconnected. Once it has begun, it is
//! committed or rolled back regardless of the client, which can read the resource to learn the result.

use super::{access, computation};
use crate::{
    budget::TeamQueue,
    caller::Caller,
    clock::Clock,
    scim_sync::{
        command::{Applied, Command},
        error::ProvisioningError,
        queued_command::QueuedCommand,
    },
};
use domain::id::TeamId;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{Store, StoreError, TeamTransaction, TransactionAttempt, retry};
use tokio::{sync::oneshot, time::Instant};

/// Executes the commands of identity providers. Cloning shares the queues.
#[derive(Clone)]
pub(crate) struct WriteQueue {
    pub(super) store: Store,
    clock: Clock,
    /// The queued commands of each team that has a worker.
    queues: Arc<Mutex<HashMap<TeamId, VecDeque<Box<QueuedCommand>>>>>,
    /// Turns for large computations about groups.
    pub(super) computations: TeamQueue,
    /// Upper bound of the commands of one team that wait. Those of the running transaction do not count.
    max_waiting: usize,
    /// Upper bound of the commands of one transaction, because other teams wait for the database, too.
    max_batch: usize,
    /// After this a transaction takes no further command.
    batch_time: Duration,
    /// Upper bound of one command in its transaction.
    command_time: Duration,
    /// How long a command may wait before it begins. With the time for itself and for the commit, this stays below the time
    /// limit of a request (30 s), so that no request ends before its command.
    patience: Duration,
}

impl std::fmt::Debug for WriteQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteQueue")
    }
}

impl WriteQueue {
    /// Creates an empty queue.
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            queues: Arc::default(),
            computations: computation::queue(),
            max_waiting: 128,
            max_batch: 64,
            batch_time: Duration::from_millis(50),
            command_time: Duration::from_secs(5),
            patience: Duration::from_secs(8),
        }
    }

    /// Queues the command and returns once it is committed or rejected. Dropping the future cancels a command that has not begun.
    /// A command that has begun is not canceled.
    pub(crate) async fn execute(&self, caller: Caller, command: impl Command) -> Result<Applied, ProvisioningError> {
        let (reply, response) = oneshot::channel();
        let team = Arc::clone(&caller.team);
        let queued = Box::new(QueuedCommand::new(command, caller, reply));
        let is_first = {
            let mut queues = self.lock();
            let is_first = !queues.contains_key(&team.id);
            let queue = queues.entry(team.id.clone()).or_default();
            if queue.len() >= self.max_waiting {
                queue.retain(|one| !one.is_abandoned());
            }
            if queue.len() >= self.max_waiting {
                return Err(ProvisioningError::QueueFull);
            }
            queue.push_back(queued);
            is_first
        };
        if is_first {
            tokio::spawn(self.clone().serve(team.id.clone()));
        }
        response.await.unwrap_or_else(|_| Err(ProvisioningError::Store(StoreError::Fault("a command was lost".into()))))
    }

    /// Executes the commands of a team until its queue is empty.
    async fn serve(self, team: TeamId) {
        // If executing panics, the queue must not stay behind without a worker.
        let _guard = RemoveOnPanic { queues: self.queues.clone(), team: team.clone() };
        loop {
            let batch: Vec<_> = {
                let mut queues = self.lock();
                let Some(queue) = queues.get_mut(&team) else { return };
                queue.retain(|one| !one.is_abandoned());
                if queue.is_empty() {
                    queues.remove(&team);
                    return;
                }
                let count = queue.len().min(self.max_batch);
                queue.drain(..count).collect()
            };
            let untried = self.execute_batch(&team, batch).await;
            if let Some(queue) = self.lock().get_mut(&team) {
                untried.into_iter().rev().for_each(|one| queue.push_front(one));
            }
        }
    }

    /// Executes a batch, and returns the commands for which the transaction had no time left.
    async fn execute_batch(&self, team: &TeamId, mut batch: Vec<Box<QueuedCommand>>) -> Vec<Box<QueuedCommand>> {
        let (is_committed, tried) = match self.execute_with_retries(team, &mut batch).await {
            Ok(attempted) => attempted,
            Err(error) => {
                reject_all(batch, &error);
                return Vec::new();
            }
        };
        let untried = batch.split_off(tried.min(batch.len()));
        if is_committed || batch.len() == 1 {
            batch.into_iter().for_each(QueuedCommand::respond);
            return untried;
        }
        // One command failed after it had written, so each runs in a transaction of its own.
        let mut rest = batch.into_iter();
        while let Some(one) = rest.next() {
            if one.is_rejected() {
                one.respond();
                continue;
            }
            let mut alone = vec![one];
            match self.execute_with_retries(team, &mut alone).await {
                Ok(_) => alone.into_iter().for_each(QueuedCommand::respond),
                Err(error) if is_gone(&error) => {
                    // The others would fail in the same way.
                    reject_all(alone.into_iter().chain(rest).collect(), &error);
                    return untried;
                }
                Err(error) => reject_all(alone, &error),
            }
        }
        untried
    }

    /// Executes a batch in one transaction, and again while the database rolls it back because of a concurrent one.
    async fn execute_with_retries(
        &self,
        team: &TeamId,
        batch: &mut Vec<Box<QueuedCommand>>,
    ) -> Result<(bool, usize), StoreError> {
        retry!(attempt, self.execute_in_transaction(&attempt, team, batch))
    }

    /// Executes a batch in one transaction. Returns whether it was committed, and how many commands were executed.
    async fn execute_in_transaction(
        &self,
        attempt: &TransactionAttempt,
        team: &TeamId,
        batch: &mut Vec<Box<QueuedCommand>>,
    ) -> Result<(bool, usize), StoreError> {
        let mut tx = self.store.begin_for_team_id(attempt, team).await?;
        let begun = Instant::now();
        let now = self.clock.now();
        batch.retain(|one| !one.is_abandoned());
        let (mut entries, mut checked_keys) = (Vec::new(), HashMap::new());
        let members: Vec<_> = batch.iter().filter_map(|one| one.member()).collect();
        if members.len() > 1 {
            tx.prefetch_members(&members).await?;
        }
        let (mut tried, is_alone) = (0, batch.len() == 1);
        for one in batch.iter_mut() {
            if tried > 0 && begun.elapsed() >= self.batch_time {
                break;
            }
            tried += 1;
            if one.is_abandoned() || one.is_rejected() {
                continue;
            }
            if one.waited() > self.patience {
                one.reject(ProvisioningError::WaitedTooLong(self.patience));
                continue;
            }
            match access::check_again(&mut tx, &mut checked_keys, one.caller(), now).await? {
                Ok(max_role) => one.set_max_role(max_role),
                Err(why) => {
                    one.reject(ProvisioningError::Scim(why));
                    continue;
                }
            }
            let outcome = {
                let execution = one.execute(&mut tx, now, &mut entries);
                tokio::time::timeout(self.command_time, execution).await
            };
            match outcome {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => {
                    tx.rollback().await?;
                    if is_alone {
                        self.log_rejection(attempt, team, batch).await?;
                    }
                    return Ok((false, tried));
                }
                Ok(Err(error @ StoreError::Serialization(_))) => {
                    tx.rollback().await?;
                    return Err(error);
                }
                Ok(Err(error)) => {
                    // If this fails, too, the connection's end undoes the transaction.
                    let _ = tx.rollback().await;
                    return Err(error);
                }
                Err(_) => {
                    one.reject(ProvisioningError::TookTooLong(self.command_time));
                    tx.rollback().await?;
                    return Ok((false, tried));
                }
            }
        }
        commit(tx, entries).await?;
        Ok((true, tried))
    }

    /// Logs a rejection whose transaction was rolled back.
    async fn log_rejection(
        &self,
        attempt: &TransactionAttempt,
        team: &TeamId,
        alone: &[Box<QueuedCommand>],
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let entries: Vec<_> = alone.iter().filter_map(|one| one.rejection_entry(now)).collect();
        if entries.is_empty() {
            return Ok(());
        }
        commit(self.store.begin_for_team_id(attempt, team).await?, entries).await
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TeamId, VecDeque<Box<QueuedCommand>>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn commit(tx: TeamTransaction, entries: Vec<domain::activity::Entry>) -> Result<(), StoreError> {
    let mut entries = entries.into_iter();
    match entries.next() {
        Some(first) => tx.commit(first, entries.collect()).await,
        None => tx.rollback().await,
    }
}

/// Whether the next transaction would fail in the same way.
fn is_gone(error: &StoreError) -> bool {
    use StoreError as E;
    matches!(error, E::Unavailable(_) | E::Serialization(_) | E::Unconfirmed(_) | E::NoTeam)
}

fn reject_all(waiting: Vec<Box<QueuedCommand>>, error: &StoreError) {
    for mut one in waiting {
        // A command that was rejected before the database failed keeps its own reason.
        if !one.is_rejected() {
            // Errors of the driver cannot be cloned. Clients only need to know whether a retry helps.
            one.reject(match error {
                StoreError::Unavailable(why) | StoreError::Serialization(why) => {
                    ProvisioningError::Store(StoreError::Unavailable(why.clone()))
                }
                StoreError::Unconfirmed(why) if one.was_executed() => {
                    ProvisioningError::Store(StoreError::Unconfirmed(why.clone()))
                }
                StoreError::Unconfirmed(why) => ProvisioningError::Store(StoreError::Unavailable(why.clone())),
                StoreError::NoTeam => ProvisioningError::Scim(access::unknown_key()),
                other => ProvisioningError::Store(StoreError::Fault(other.to_string())),
            });
        }
        one.respond();
    }
}

/// Removes a queue whose worker panicked. The closed channels tell the callers.
struct RemoveOnPanic {
    queues: Arc<Mutex<HashMap<TeamId, VecDeque<Box<QueuedCommand>>>>>,
    team: TeamId,
}

impl Drop for RemoveOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.queues.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.team);
        }
    }
}

#[cfg(test)]
#[path = "write_queue_tests.rs"]
mod tests;
