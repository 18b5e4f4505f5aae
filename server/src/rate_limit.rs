//! The rate limit of each key: a token bucket in memory. A Bulk takes a token for each operation.
//!
//! Several processes on one PostgreSQL share the limit: each has an equal part of the rate and of the burst.
//! [`instances`](crate::scim_api::instances) updates the count of processes every few seconds.

use domain::{UnixMs, key::KeyId};
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// Upper bound of the keys in memory. The key that has been unused the longest is removed first.
const MAX_KEYS: usize = 10_000;

/// Uses the generic cell rate algorithm: one point in time per key, at which its bucket will be full again. Every request
/// moves it by the time that refills one token.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// The time that refills one token if there is one process, in nanoseconds. 0: no limit.
    interval: i128,
    /// Tokens of a full bucket if there is one process.
    burst: u32,
    /// The count of processes that share the limit.
    instances: AtomicU32,
    full_at: Mutex<HashMap<KeyId, i128>>,
}

/// Why there are no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RateError {
    /// Not now: the whole seconds to wait, at least 1.
    Wait(u64),
    /// Never: a full bucket has only this many tokens.
    MoreThanBurst(u32),
}

const MINUTE: i128 = 60_000_000_000;
const SECOND: i128 = 1_000_000_000;

impl RateLimit {
    /// `per_minute` sustained requests (0: no limit), `burst` at once.
    pub(crate) fn new(per_minute: u32, burst: u32) -> Self {
        let interval = MINUTE.checked_div(per_minute.into()).unwrap_or(0);
        Self { interval, burst: burst.max(1), instances: AtomicU32::new(1), full_at: Mutex::default() }
    }

    /// Sets the count of processes that share the limit.
    pub(crate) fn share(&self, instances: u32) {
        self.instances.store(instances.max(1), Ordering::Relaxed);
    }

    /// Tokens of this process's full bucket. `None`: no limit.
    pub(crate) fn burst(&self) -> Option<u32> {
        (self.interval != 0).then(|| self.part())
    }

    /// This process's part of the burst: at least one token, because no request would pass otherwise.
    fn part(&self) -> u32 {
        (self.burst / self.instances.load(Ordering::Relaxed)).max(1)
    }

    /// Takes the token of a request.
    ///
    /// # Errors
    /// [`RateError::Wait`].
    pub(crate) fn take(&self, key: &KeyId, now: UnixMs) -> Result<(), RateError> {
        self.take_many(key, 1, now)
    }

    /// Takes the tokens of a Bulk with this many operations, all or none. The request itself has already taken one.
    ///
    /// # Errors
    /// See [`RateError`].
    pub(crate) fn take_operations(&self, key: &KeyId, operations: usize, now: UnixMs) -> Result<(), RateError> {
        let operations = u32::try_from(operations).unwrap_or(u32::MAX);
        match self.burst() {
            Some(burst) if operations > burst => Err(RateError::MoreThanBurst(burst)),
            _ if operations <= 1 => Ok(()),
            // A retry also needs the token of the request itself.
            _ => self.take_many(key, operations - 1, now).map_err(|error| match error {
                RateError::Wait(seconds) => RateError::Wait(seconds.saturating_add(self.seconds(1))),
                other => other,
            }),
        }
    }

    /// The time in which the tokens are refilled, in whole seconds.
    fn seconds(&self, tokens: u32) -> u64 {
        let nanoseconds = self.interval * i128::from(self.instances.load(Ordering::Relaxed)) * i128::from(tokens);
        u64::try_from((nanoseconds + SECOND - 1) / SECOND).unwrap_or(1)
    }

    fn take_many(&self, key: &KeyId, tokens: u32, now: UnixMs) -> Result<(), RateError> {
        if self.interval == 0 {
            return Ok(());
        }
        let interval = self.interval * i128::from(self.instances.load(Ordering::Relaxed));
        let capacity = interval * i128::from(self.part());
        let cost = interval * i128::from(tokens);
        let now = i128::from(now) * 1_000_000;
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MAX_KEYS && !full_at.contains_key(key) {
            make_room(&mut full_at, now);
        }
        let full_at = full_at.entry(key.clone()).or_insert(now);
        // The upper bound is for a clock that was set back.
        *full_at = (*full_at).clamp(now, now + capacity);
        let missing = *full_at + cost - now - capacity;
        if missing > 0 {
            return Err(RateError::Wait(u64::try_from((missing + SECOND - 1) / SECOND).unwrap_or(1)));
        }
        *full_at += cost;
        Ok(())
    }
}

/// Removes the keys with a full bucket, or else the key whose bucket is nearest to full.
fn make_room(full_at: &mut HashMap<KeyId, i128>, now: i128) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() >= MAX_KEYS
        && let Some(key) = full_at.iter().min_by_key(|(_, at)| **at).map(|(key, _)| key.clone())
    {
        full_at.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: impl ToString) -> KeyId {
        KeyId::new(name.to_string())
    }

    /// The count of `tries` requests at `now` that pass.
    fn passed(limit: &RateLimit, tries: usize, now: UnixMs) -> usize {
        (0..tries).filter(|_| limit.take(&key("a"), now).is_ok()).count()
    }

    #[test]
    fn a_burst_passes_at_once_and_the_rest_at_the_sustained_rate() {
        let limit = RateLimit::new(60, 5);
        assert_eq!(passed(&limit, 10, 0), 5);
        assert_eq!(limit.take(&key("a"), 0), Err(RateError::Wait(1)));
        assert_eq!(passed(&limit, 10, 999), 0);
        assert_eq!(passed(&limit, 10, 1_000), 1);
        assert_eq!(passed(&limit, 10, 4_000), 3);
        assert_eq!(passed(&limit, 10, 1_000_000), 5, "never more than a bucket");
        assert!(limit.take(&key("b"), 0).is_ok(), "keys do not share");
    }

    #[test]
    fn the_sustained_rate_holds_over_an_hour() {
        let limit = RateLimit::new(1_500, 3_000);
        let passed: usize = (0..36_000).map(|step| passed(&limit, 5, step * 100)).sum();
        assert_eq!(passed, 3_000 + 1_500 * 60 - 3, "the last tenth of a second is missing");
    }

    #[test]
    fn the_wait_in_whole_seconds_is_long_enough() {
        let limit = RateLimit::new(7, 1);
        assert!(limit.take(&key("a"), 0).is_ok());
        assert_eq!(limit.take(&key("a"), 0), Err(RateError::Wait(9)));
        assert!(limit.take(&key("a"), 9_000).is_ok());
    }

    #[test]
    fn zero_is_no_limit_and_extreme_values_work() {
        assert_eq!(passed(&RateLimit::new(0, 0), 10_000, 0), 10_000);
        assert_eq!(passed(&RateLimit::new(u32::MAX, u32::MAX), 1_000, i64::MAX), 1_000);
        assert_eq!(passed(&RateLimit::new(1, 0), 10, i64::MIN), 1);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_no_key_out() {
        let limit = RateLimit::new(60, 2);
        assert_eq!(passed(&limit, 2, 1_000_000), 2);
        assert_eq!(passed(&limit, 2, 0), 0);
        assert_eq!(passed(&limit, 2, 2_000), 2);
    }

    #[test]
    fn a_bulk_takes_a_token_for_each_operation() {
        let limit = RateLimit::new(60, 5);
        let bulk = |operations, now| {
            limit.take(&key("a"), now).map_err(|_| RateError::Wait(0))?;
            limit.take_operations(&key("a"), operations, now)
        };
        assert_eq!(bulk(6, 0), Err(RateError::MoreThanBurst(5)), "it could never pass");
        assert_eq!(bulk(5, 100_000), Ok(()));
        assert_eq!(passed(&limit, 1, 100_000), 0, "all five are used up");
        // Two tokens are back, of which the request takes one.
        assert_eq!(bulk(4, 102_000), Err(RateError::Wait(3)));
        assert_eq!(bulk(4, 105_000), Ok(()), "the wait was enough");
        assert_eq!(RateLimit::new(0, 5).take_operations(&key("a"), 1_000, 0), Ok(()));
    }

    #[test]
    fn processes_share_the_rate_and_the_burst() {
        let one = RateLimit::new(60, 10);
        let two = [RateLimit::new(60, 10), RateLimit::new(60, 10)];
        two.iter().for_each(|limit| limit.share(2));
        for now in (0..120_000).step_by(100) {
            let together: usize = two.iter().map(|limit| passed(limit, 3, now)).sum();
            assert!(together <= 10, "{now}");
        }
        let sustained =
            |limit: &RateLimit| (120_000..720_000).step_by(100).map(|now| passed(limit, 1, now)).sum::<usize>();
        let (alone, together) = (sustained(&one), two.iter().map(sustained).sum::<usize>());
        assert!(together <= alone && together + 20 >= alone - 10, "{together} instead of {alone}");
        let many = RateLimit::new(60, 2);
        many.share(1_000);
        assert_eq!(passed(&many, 5, 0), 1, "never nothing");
        many.share(0);
        assert_eq!(many.burst(), Some(2));
    }

    #[test]
    fn memory_is_bounded() {
        let limit = RateLimit::new(1, 2);
        for i in 0..MAX_KEYS + 100 {
            assert!(limit.take(&key(i), 0).is_ok());
        }
        assert_eq!(limit.full_at.lock().unwrap().len(), MAX_KEYS);
        assert!(limit.take(&key("late"), 60_000_000).is_ok());
        assert_eq!(limit.full_at.lock().unwrap().len(), 1, "full buckets are forgotten");
    }
}
