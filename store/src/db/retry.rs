//! Retries of transactions that the database rolled back because of a concurrent one.
//!
//! SQLSTATE 40001 (serialization failure) and 40P01 (deadlock) guarantee that nothing was committed. After
//! [`StoreError::Unconfirmed`] a transaction may be committed, so it never runs again.

use crate::StoreError;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

/// The number of change of a transaction.
const RETRIES: u32 = 3;
/// The longest pause before the first retry. It doubles with each retry.
const PAUSE: Duration = Duration::from_millis(20);

/// Makes a change, written as an `async` block, and again while the database rolls it back because of a concurrent one and nothing
/// of it was committed. The block begins its transactions with the [`TransactionAttempt`](crate::TransactionAttempt) of the given name.
/// A macro, because the future of an async closure is not `Send` for every lifetime.
#[macro_export]
macro_rules! retry {
    ($attempt:ident, $change:expr) => {{
        let mut retries = $crate::RetryLoop::default();
        loop {
            let $attempt = retries.attempt();
            let result = $change.await;
            if !retries.repeats(result.is_ok()).await {
                break result;
            }
        }
    }};
}

/// One attempt to make a change. A transaction cannot begin without one, and only [`retry!`] makes them, so no transaction can be
/// written without its retries. Notes whether the change can run again, because the errors of a use case no that
/// show it.
#[derive(Debug)]
pub struct TransactionAttempt(Arc<AtomicU8>);

const ROLLED_BACK: u8 = 1;
const COMMITTED: u8 = 2;

impl TransactionAttempt {
    /// The same attempt, for a transaction of it.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Notes the result of a statement.
    pub(crate) fn note<T>(&self, result: &Result<T, StoreError>) {
        if let Err(error @ StoreError::Serialization(_)) = result {
            tracing::debug!(%error);
            self.0.fetch_or(ROLLED_BACK, Ordering::Relaxed);
        }
    }

    /// Records the result of a COMMIT. An unconfirmed one counts as committed.
    pub(crate) fn note_commit(&self, result: &Result<(), StoreError>) {
        self.note(result);
        if matches!(result, Ok(()) | Err(StoreError::Unconfirmed(_))) {
            self.0.fetch_or(COMMITTED, Ordering::Relaxed);
        }
    }
}

/// The attempts of one change: the state of [`retry!`].
#[derive(Debug, Default)]
pub struct RetryLoop {
    retries: u32,
    notes: Arc<AtomicU8>,
}

impl RetryLoop {
    /// The next attempt.
    pub fn attempt(&mut self) -> TransactionAttempt {
        self.notes = Arc::default();
        TransactionAttempt(Arc::clone(&self.notes))
    }

    /// Must the change run again? Then waits first, for a random time: two transactions that rolled each other back should not
    /// meet again.
    pub async fn repeats(&mut self, is_ok: bool) -> bool {
        if is_ok || self.notes.load(Ordering::Relaxed) != ROLLED_BACK || self.retries == RETRIES {
            return false;
        }
        let longest = PAUSE.saturating_mul(1 << self.retries);
        self.retries += 1;
        // The last 62 bits of such an id are random.
        let random = f64::from((uuid::Uuid::now_v7().as_u128() & 0xffff) as u16) / f64::from(u16::MAX);
        tokio::time::sleep(longest.mul_f64(random)).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure() -> StoreError {
        StoreError::Serialization("40001".into())
    }

    /// Fails the first attempts; returns how many there were.
    async fn attempts(failures: u32, commit: impl Fn() -> Result<(), StoreError>) -> (Result<(), StoreError>, u32) {
        let mut attempts = 0;
        let result = retry!(attempt, async {
            attempts += 1;
            let result = if attempts <= failures { Err(failure()) } else { Ok(()) };
            attempt.note(&result);
            attempt.share().note_commit(&commit());
            result
        });
        (result, attempts)
    }

    #[tokio::test]
    async fn a_transaction_runs_again_three_times() {
        let (result, count) = attempts(3, || Err(failure())).await;
        assert!(result.is_ok());
        assert_eq!(count, 4);
        let (result, count) = attempts(9, || Err(failure())).await;
        assert!(matches!(result, Err(StoreError::Serialization(_))));
        assert_eq!(count, 4);
    }

    #[tokio::test]
    async fn a_change_with_a_committed_part_does_not_run_again() {
        let (result, count) = attempts(1, || Ok(())).await;
        assert_eq!((result.is_ok(), count), (false, 1));
        let (result, count) = attempts(1, || Err(StoreError::Unconfirmed("the connection broke".into()))).await;
        assert_eq!((result.is_ok(), count), (false, 1));
    }

    #[tokio::test]
    async fn other_failures_do_not_run_again() {
        let mut attempts = 0;
        let result: Result<(), _> = retry!(attempt, async {
            attempts += 1;
            let result = Err(StoreError::Unavailable("the disk is full".into()));
            attempt.note(&result);
            result
        });
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(attempts, 1);
    }
}
