//! When the key set of a method is fetched. The caller fetches; this module decides.

use crate::key_set::KeySet;
use std::sync::Arc;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A fetch that has not ended after this time was cancelled.
const FETCH_TIMEOUT: i64 = 10 * SECOND;
/// The pause after a failed fetch if there are no keys at all.
const RETRY: i64 = 5 * SECOND;

/// What a caller does to get a key set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Verify with these keys.
    Use(Arc<KeySet>),
    /// Fetch the key set, call [`KeyCache::fetched`] or [`KeyCache::fetch_failed`], and ask again. No other caller
    /// fetches meanwhile.
    Fetch,
    /// Another caller fetches. Wait for the end of its fetch, and ask again.
    Wait,
    /// The last fetch was a moment ago, so no keys, or no other keys, can be had now. The last error is final.
    Unavailable,
}

/// The key set of one method, behind a lock that is not held during a fetch.
///
/// A verification asks for [`KeyCache::keys`]. If it fails with an error that [`crate::OidcError::needs_fresh_keys`], it asks
/// once for [`KeyCache::fresher_keys`], and is repeated if they return [`KeyUse::Use`].
///
/// Keys are kept for an hour, or for `max-age` up to 24 hours. A token that they do not verify causes a fetch, at most
/// once a minute. After a failed fetch, the old keys are used for 24 hours more.
#[derive(Clone, Debug, Default)]
pub struct KeyCache {
    keys: Option<CachedKeys>,
    /// When the fetch in flight began.
    fetching: Option<i64>,
    /// When the last fetch ended.
    last_fetch: Option<i64>,
}

#[derive(Clone, Debug)]
struct CachedKeys {
    set: Arc<KeySet>,
    fetched_at: i64,
    lifetime: i64,
}

impl KeyCache {
    /// The keys for a first verification.
    pub fn keys(&mut self, now: i64) -> KeyUse {
        if let Some(keys) = &self.keys {
            let age = now.saturating_sub(keys.fetched_at);
            // The clock may have been set back a little.
            let is_fresh = (-MINUTE..keys.lifetime).contains(&age);
            let is_usable = (-MINUTE..keys.lifetime.saturating_add(DAY)).contains(&age);
            if is_fresh || (is_usable && self.fetched_within(MINUTE, now)) {
                return KeyUse::Use(Arc::clone(&keys.set));
            }
        }
        if self.fetched_within(RETRY, now) { KeyUse::Unavailable } else { self.fetch(now) }
    }

    /// The keys for a second verification, after the first one with `tried` failed with an error that
    /// [`crate::OidcError::needs_fresh_keys`].
    pub fn fresher_keys(&mut self, tried: &Arc<KeySet>, now: i64) -> KeyUse {
        match &self.keys {
            Some(keys) if !Arc::ptr_eq(&keys.set, tried) => KeyUse::Use(Arc::clone(&keys.set)),
            _ if self.fetched_within(MINUTE, now) => KeyUse::Unavailable,
            _ => self.fetch(now),
        }
    }

    /// Stores a key set that was fetched. `lifetime` is what [`cache_lifetime`] returns.
    pub fn fetched(&mut self, set: KeySet, lifetime: i64, now: i64) -> Arc<KeySet> {
        let set = Arc::new(set);
        self.keys = Some(CachedKeys { set: Arc::clone(&set), fetched_at: now, lifetime: lifetime.clamp(HOUR, DAY) });
        self.end_fetch(now);
        set
    }

    /// Notes that a fetch failed, or returned something that is not a key set.
    pub fn fetch_failed(&mut self, now: i64) {
        self.end_fetch(now);
    }

    fn fetch(&mut self, now: i64) -> KeyUse {
        if self.is_fetching(now) {
            return KeyUse::Wait;
        }
        self.fetching = Some(now);
        KeyUse::Fetch
    }

    fn end_fetch(&mut self, now: i64) {
        self.fetching = None;
        self.last_fetch = Some(now);
    }

    fn is_fetching(&self, now: i64) -> bool {
        self.fetching.is_some_and(|began| (0..FETCH_TIMEOUT).contains(&now.saturating_sub(began)))
    }

    fn fetched_within(&self, time: i64, now: i64) -> bool {
        self.last_fetch.is_some_and(|ended| (0..time).contains(&now.saturating_sub(ended)))
    }
}

/// How long a key set is kept, in milliseconds: the `max-age` of its header `Cache-Control`, between an hour and a day.
/// An hour is the least, because an unknown `kid` causes a fetch anyway.
pub fn cache_lifetime(cache_control: Option<&str>) -> i64 {
    let directives = cache_control.unwrap_or_default().split(',');
    let max_age = directives.filter_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let seconds = value.trim().trim_matches('"').parse::<u32>().ok()?;
        name.trim().eq_ignore_ascii_case("max-age").then_some(i64::from(seconds))
    });
    max_age.min().map_or(HOUR, |seconds| seconds.saturating_mul(SECOND)).clamp(HOUR, DAY)
}
