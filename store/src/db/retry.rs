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

/// The number of retries of a transaction.
pub const RETRIES: u32 = 3;
/// The longest pause before the first retry. It doubles with each retry.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits before a retry for a random time, so that two transactions that rolled each other back do not meet again.
pub async fn back_off(retry: u32) {
    let longest = PAUSE.saturating_mul(1 << retry.min(RETRIES).saturating_sub(1));
    // The last 62 bits of such an id are random.
    let random = f64::from((uuid::Uuid::now_v7().as_u128() & 0xffff) as u16) / f64::from(u16::MAX);
    tokio::time::sleep(longest.mul_f64(random)).await;
}

/// Counts the retries of one transaction.
#[derive(Debug, Default)]
pub(crate) struct Retries(u32);

impl Retries {
    /// The number of the next retry, for [`back_off`]. `None`: the result is final.
    pub(crate) fn next<T>(&mut self, result: &Result<T, StoreError>) -> Option<u32> {
        let Err(StoreError::Serialization(error)) = result else { return None };
        if self.0 == RETRIES {
            return None;
        }
        self.0 += 1;
        tracing::debug!(
            error,
            retry = self.0,
            "a transaction was rolled back because of a concurrent one; it runs again"
        );
        Some(self.0)
    }
}

/// Executes a transaction, written as an `async` block, and again while the database rolls it back because of a
/// concurrent one. A macro, because the future of an async closure is not `Send` for every lifetime.
macro_rules! retry {
    ($attempt:expr) => {{
        let mut retries = $crate::db::retry::Retries::default();
        loop {
            let result: Result<_, $crate::StoreError> = $attempt.await;
            match retries.next(&result) {
                Some(retry) => $crate::db::retry::back_off(retry).await,
                None => break result,
            }
        }
    }};
}
pub(crate) use retry;

/// Whether a change can run again. The transactions of one attempt share it, for callers whose errors lose that
/// information.
#[derive(Clone, Debug, Default)]
pub struct RetrySignal(Arc<AtomicU8>);

const ROLLED_BACK: u8 = 1;
const COMMITTED: u8 = 2;

impl RetrySignal {
    /// Records the result of a statement.
    pub(crate) fn note<T>(&self, result: &Result<T, StoreError>) {
        if matches!(result, Err(StoreError::Serialization(_))) {
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

    /// Was a transaction of this attempt rolled back because of a concurrent one, and none committed? Resets the signal
    /// for the next attempt.
    pub fn take(&self) -> bool {
        self.0.swap(0, Ordering::Relaxed) == ROLLED_BACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure() -> StoreError {
        StoreError::Serialization("40001".into())
    }

    #[tokio::test]
    async fn a_transaction_runs_again_three_times() {
        let mut attempts = 0;
        let result = retry!(async {
            attempts += 1;
            if attempts < 4 { Err(failure()) } else { Ok(attempts) }
        });
        assert_eq!(result.unwrap(), 4);
        let mut attempts = 0;
        let result: Result<(), _> = retry!(async {
            attempts += 1;
            Err(failure())
        });
        assert!(matches!(result, Err(StoreError::Serialization(_))));
        assert_eq!(attempts, 4);
    }

    #[tokio::test]
    async fn a_possibly_committed_transaction_never_runs_again() {
        let mut attempts = 0;
        let result: Result<(), _> = retry!(async {
            attempts += 1;
            Err(StoreError::Unconfirmed("the connection broke".into()))
        });
        assert!(matches!(result, Err(StoreError::Unconfirmed(_))));
        assert_eq!(attempts, 1);
        let signal = RetrySignal::default();
        signal.note_commit(&Err(StoreError::Unconfirmed("the connection broke".into())));
        signal.note::<()>(&Err(failure()));
        assert!(!signal.take());
    }

    #[test]
    fn a_change_with_a_committed_part_does_not_run_again() {
        let signal = RetrySignal::default();
        assert!(!signal.take());
        signal.note::<()>(&Err(failure()));
        assert!(signal.take() && !signal.take());
        signal.note_commit(&Ok(()));
        signal.note::<()>(&Err(failure()));
        assert!(!signal.take());
        signal.note_commit(&Err(failure()));
        assert!(signal.take());
    }
}
