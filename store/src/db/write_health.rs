//! The health of writing, by the result of the last change.

use crate::StoreError;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The interval at which a failed database is tested for recovery.
const PROBE_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct WriteHealth(Mutex<Option<FailedWrite>>);

#[derive(Debug)]
struct FailedWrite {
    reason: String,
    probed_at: Option<Instant>,
}

impl WriteHealth {
    /// Only failures of the database count, not its rejections.
    pub(crate) fn note<T>(&self, result: &Result<T, StoreError>) {
        let mut failure = self.lock();
        match result {
            Err(StoreError::Unavailable(reason) | StoreError::Unconfirmed(reason) | StoreError::Corrupt(reason)) => {
                match &mut *failure {
                    Some(failure) => failure.reason.clone_from(reason),
                    None => *failure = Some(FailedWrite { reason: reason.clone(), probed_at: None }),
                }
            }
            Err(_) => {}
            Ok(_) => *failure = None,
        }
    }

    /// The reason of the last failure, and whether it is time for a test. Only one caller gets `true` at a time. `None`
    /// if the last change succeeded.
    pub(crate) fn failure(&self) -> Option<(String, bool)> {
        let mut failure = self.lock();
        let failure = failure.as_mut()?;
        let is_due = failure.probed_at.is_none_or(|at| at.elapsed() >= PROBE_EVERY);
        if is_due {
            failure.probed_at = Some(Instant::now());
        }
        Some((failure.reason.clone(), is_due))
    }

    fn lock(&self) -> MutexGuard<'_, Option<FailedWrite>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unique;

    fn full() -> Result<(), StoreError> {
        Err(StoreError::Unavailable("the disk is full".into()))
    }

    #[test]
    fn a_failure_is_remembered_until_a_change_works() {
        let health = WriteHealth::default();
        assert_eq!(health.failure(), None);
        health.note(&full());
        assert_eq!(health.failure(), Some(("the disk is full".into(), true)));
        health.note(&full());
        assert_eq!(health.failure(), Some(("the disk is full".into(), false)), "it was just tried");
        health.note(&Ok(()));
        assert_eq!(health.failure(), None);
    }

    #[test]
    fn a_rejection_does_not_count() {
        let health = WriteHealth::default();
        health.note::<()>(&Err(StoreError::Conflict(Unique::Other)));
        assert_eq!(health.failure(), None);
        health.note(&full());
        health.note::<()>(&Err(StoreError::Conflict(Unique::Other)));
        assert!(health.failure().is_some());
    }
}
