//! Bounds the failed sign-ins in the activity log, because anyone can make a sign-in fail.

use domain::{MINUTE, UnixMs, id::MethodId};
use rand::Rng as _;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Within this time, a method's failures beyond [`MAX_ENTRIES`] are only in the server's log.
const WINDOW: UnixMs = 15 * MINUTE;
const MAX_ENTRIES: u32 = 50;
/// Upper bound of the methods that are counted.
const MAX_METHODS: usize = 10_000;

/// The number of entries of each method in the current window.
#[derive(Debug, Default)]
pub struct SsoFailureLog(Mutex<HashMap<MethodId, (UnixMs, u32)>>);

impl SsoFailureLog {
    /// Whether a failure of this method gets an entry.
    pub fn admits(&self, method: &MethodId, now: UnixMs) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MAX_METHODS {
            counts.retain(|_, (since, _)| (0..WINDOW).contains(&(now - *since)));
        }
        if counts.len() >= MAX_METHODS && !counts.contains_key(method) {
            return false;
        }
        let (since, count) = counts.entry(method.clone()).or_insert((now, 0));
        if !(0..WINDOW).contains(&(now - *since)) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MAX_ENTRIES
    }
}

/// A short random code that names a failed sign-in: "7Q2F-K81D". It has no letters that look like digits.
pub fn reference() -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = rand::rng().next_u64();
    let digit = |place: u32| {
        let index = (bits >> (5 * place)) & 31;
        DIGITS.get(usize::try_from(index).unwrap_or_default()).map_or('0', |digit| char::from(*digit))
    };
    let (first, last): (String, String) = ((0..4).map(digit).collect(), (4..8).map(digit).collect());
    [first, last].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_failures_is_bounded_for_each_method() {
        let log = SsoFailureLog::default();
        let (okta, google) = (MethodId::new("okta"), MethodId::new("google"));
        assert_eq!((0..1_000).filter(|_| log.admits(&okta, 0)).count(), 50);
        assert!(log.admits(&google, 0));
        assert!(!log.admits(&okta, WINDOW - 1) && log.admits(&okta, WINDOW));
    }

    #[test]
    fn references_differ_and_are_easy_to_read_aloud() {
        let references: std::collections::HashSet<String> = (0..1_000).map(|_| reference()).collect();
        assert!(references.len() > 990);
        for reference in references {
            assert_eq!(reference.len(), 9);
            assert!(!reference.contains(['I', 'L', 'O', 'U']), "{reference}");
        }
    }
}
