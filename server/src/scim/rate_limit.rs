//! So many requests a minute and key: a token bucket, in memory.

use domain::{UnixMs, key::KeyId};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// More keys than this are not remembered at once; those that wait longest to be used again are forgotten first.
const MAX_KEYS: usize = 10_000;

/// Counted as the generic cell rate algorithm does: for each key one point in time, when its bucket will be full again.
/// Every request moves it by what one token takes to come back.
#[derive(Debug)]
pub(super) struct RateLimit {
    /// How long one token takes to come back, in nanoseconds; 0: there is no limit.
    interval: i128,
    /// How long an empty bucket takes to be full, in nanoseconds.
    capacity: i128,
    full_at: Mutex<HashMap<KeyId, i128>>,
}

const MINUTE: i128 = 60_000_000_000;
const SECOND: i128 = 1_000_000_000;

impl RateLimit {
    /// `per_minute` requests sustained (0: no limit), `burst` at once.
    pub(super) fn new(per_minute: u32, burst: u32) -> Self {
        let interval = MINUTE.checked_div(per_minute.into()).unwrap_or(0);
        Self { interval, capacity: interval * i128::from(burst.max(1)), full_at: Mutex::default() }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// The bucket is empty: how many whole seconds to wait, at least 1.
    pub(super) fn take(&self, key: &KeyId, now: UnixMs) -> Result<(), u64> {
        if self.interval == 0 {
            return Ok(());
        }
        let now = i128::from(now) * 1_000_000;
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MAX_KEYS && !full_at.contains_key(key) {
            make_room(&mut full_at, now);
        }
        let full_at = full_at.entry(key.clone()).or_insert(now);
        // The upper bound is for a clock that was set back.
        *full_at = (*full_at).clamp(now, now + self.capacity);
        let missing = *full_at + self.interval - now - self.capacity;
        if missing > 0 {
            return Err(u64::try_from((missing + SECOND - 1) / SECOND).unwrap_or(1));
        }
        *full_at += self.interval;
        Ok(())
    }
}

/// Forgets the keys with a full bucket, or else the one that is nearest to it.
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

    /// How many of `tries` requests at `now` go through.
    fn passed(limit: &RateLimit, tries: usize, now: UnixMs) -> usize {
        (0..tries).filter(|_| limit.take(&key("a"), now).is_ok()).count()
    }

    #[test]
    fn a_burst_at_once_then_so_many_a_minute() {
        let limit = RateLimit::new(60, 5);
        assert_eq!(passed(&limit, 10, 0), 5);
        assert_eq!(limit.take(&key("a"), 0), Err(1));
        assert_eq!(passed(&limit, 10, 999), 0);
        assert_eq!(passed(&limit, 10, 1_000), 1);
        assert_eq!(passed(&limit, 10, 4_000), 3);
        assert_eq!(passed(&limit, 10, 1_000_000), 5, "never more than a bucket");
        assert!(limit.take(&key("b"), 0).is_ok(), "keys do not share");
    }

    #[test]
    fn sustained_over_an_hour() {
        let limit = RateLimit::new(1_500, 3_000);
        let passed: usize = (0..36_000).map(|step| passed(&limit, 5, step * 100)).sum();
        assert_eq!(passed, 3_000 + 1_500 * 60 - 3, "the last tenth of a second is missing");
    }

    #[test]
    fn the_wait_is_whole_seconds_and_enough() {
        let limit = RateLimit::new(7, 1);
        assert!(limit.take(&key("a"), 0).is_ok());
        let wait = limit.take(&key("a"), 0).unwrap_err();
        assert_eq!(wait, 9);
        assert!(limit.take(&key("a"), wait as UnixMs * 1_000).is_ok());
    }

    #[test]
    fn zero_is_no_limit_and_extremes_hold() {
        assert_eq!(passed(&RateLimit::new(0, 0), 10_000, 0), 10_000);
        assert_eq!(passed(&RateLimit::new(u32::MAX, u32::MAX), 1_000, i64::MAX), 1_000);
        assert_eq!(passed(&RateLimit::new(1, 0), 10, i64::MIN), 1);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let limit = RateLimit::new(60, 2);
        assert_eq!(passed(&limit, 2, 1_000_000), 2);
        assert_eq!(passed(&limit, 2, 0), 0);
        assert_eq!(passed(&limit, 2, 2_000), 2);
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
