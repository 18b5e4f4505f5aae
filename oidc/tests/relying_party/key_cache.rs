//! When keys are fetched (rule 9).

use crate::provider::{NOW, OTHER, PROVIDER};
use oidc::{KeyCache, KeyUse, cache_lifetime};
use std::sync::Arc;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A cache whose keys were fetched at [`NOW`].
fn cache(lifetime: i64) -> KeyCache {
    let mut cache = KeyCache::default();
    assert_eq!(cache.keys(NOW), KeyUse::Fetch);
    cache.fetched(PROVIDER.key_set(), lifetime, NOW);
    cache
}

fn is_use(result: &KeyUse) -> bool {
    matches!(result, KeyUse::Use(keys) if **keys == PROVIDER.key_set())
}

#[test]
fn keys_are_kept_for_an_hour_or_max_age_up_to_a_day() {
    for (header, lifetime) in [
        (None, HOUR),
        (Some(""), HOUR),
        (Some("public, max-age=22000, must-revalidate"), 22_000 * SECOND),
        (Some("MAX-AGE = \"7200\""), 2 * HOUR),
        (Some("max-age=0"), HOUR),
        (Some("max-age=300"), HOUR),
        (Some("max-age=7200, max-age=9000"), 2 * HOUR),
        (Some("max-age=4294967295"), 24 * HOUR),
        (Some("max-age=99999999999999999999"), HOUR),
        (Some("max-age=-1"), HOUR),
        (Some("s-maxage=7200, no-store"), HOUR),
    ] {
        assert_eq!(cache_lifetime(header), lifetime, "{header:?}");
    }
    for lifetime in [HOUR, 2 * HOUR, 24 * HOUR] {
        let mut cache = cache(lifetime);
        assert!(is_use(&cache.keys(NOW)));
        assert!(is_use(&cache.keys(NOW + lifetime - 1)));
        assert_eq!(cache.keys(NOW + lifetime), KeyUse::Fetch);
    }
    // The cache does not trust its caller.
    assert_eq!(cache(i64::MAX).keys(NOW + 24 * HOUR), KeyUse::Fetch);
}

#[test]
fn others_wait_for_a_fetch_in_flight() {
    let mut cache = KeyCache::default();
    assert_eq!(cache.keys(NOW), KeyUse::Fetch);
    for _ in 0..20 {
        assert_eq!(cache.keys(NOW + SECOND), KeyUse::Wait);
    }
    cache.fetched(PROVIDER.key_set(), HOUR, NOW + SECOND);
    assert!(is_use(&cache.keys(NOW + SECOND)));
}

#[test]
fn a_fetch_that_was_cancelled_does_not_block_others() {
    let mut cache = KeyCache::default();
    assert_eq!(cache.keys(NOW), KeyUse::Fetch);
    assert_eq!(cache.keys(NOW + 10 * SECOND - 1), KeyUse::Wait);
    assert_eq!(cache.keys(NOW + 10 * SECOND), KeyUse::Fetch);
}

#[test]
fn o22_an_unknown_kid_causes_one_fetch() {
    let mut cache = cache(HOUR);
    let now = NOW + MINUTE;
    let KeyUse::Use(tried) = cache.keys(now) else { panic!("the keys are fresh") };
    assert_eq!(cache.fresher_keys(&tried, now), KeyUse::Fetch);
    // Another sign-in fails meanwhile, and waits for the same fetch. A third one uses the old keys.
    assert_eq!(cache.fresher_keys(&tried, now), KeyUse::Wait);
    assert!(is_use(&cache.keys(now)));
    let rotated = cache.fetched(OTHER.key_set(), HOUR, now);
    assert_eq!(cache.fresher_keys(&tried, now), KeyUse::Use(Arc::clone(&rotated)));
    // With the new keys, there is nothing fresher for a minute.
    assert_eq!(cache.fresher_keys(&rotated, now + MINUTE - 1), KeyUse::Unavailable);
    assert_eq!(cache.fresher_keys(&rotated, now + MINUTE), KeyUse::Fetch);
}

#[test]
fn o23_a_hundred_unknown_kids_cause_one_fetch_a_minute() {
    let mut cache = cache(24 * HOUR);
    let mut fetches = 0;
    for request in 0..100 {
        // One request in three seconds: 300 seconds.
        let now = NOW + request * 3 * SECOND;
        let KeyUse::Use(tried) = cache.keys(now) else { panic!("the keys are fresh") };
        match cache.fresher_keys(&tried, now) {
            KeyUse::Fetch => {
                fetches += 1;
                cache.fetched(PROVIDER.key_set(), 24 * HOUR, now);
            }
            other => assert_eq!(other, KeyUse::Unavailable),
        }
    }
    assert_eq!(fetches, 4);
}

#[test]
fn a_failed_fetch_leaves_the_old_keys_for_a_day() {
    let mut cache = cache(HOUR);
    let expiry = NOW + HOUR;
    assert_eq!(cache.keys(expiry), KeyUse::Fetch);
    cache.fetch_failed(expiry);
    assert!(is_use(&cache.keys(expiry)));
    assert!(is_use(&cache.keys(expiry + MINUTE - 1)));
    // It is tried again once a minute.
    assert_eq!(cache.keys(expiry + MINUTE), KeyUse::Fetch);
    cache.fetch_failed(expiry + MINUTE);
    assert!(is_use(&cache.keys(expiry + MINUTE)));
    let end = expiry + 24 * HOUR;
    assert_eq!(cache.keys(end - 1), KeyUse::Fetch);
    cache.fetch_failed(end - 1);
    assert!(is_use(&cache.keys(end - 1)));
    assert_eq!(cache.keys(end), KeyUse::Unavailable);
    assert_eq!(cache.keys(end + 5 * SECOND), KeyUse::Fetch);
}

#[test]
fn without_any_keys_a_failed_fetch_ends_the_sign_in() {
    let mut cache = KeyCache::default();
    assert_eq!(cache.keys(NOW), KeyUse::Fetch);
    cache.fetch_failed(NOW);
    assert_eq!(cache.keys(NOW), KeyUse::Unavailable);
    assert_eq!(cache.keys(NOW + 5 * SECOND), KeyUse::Fetch);
}

#[test]
fn a_failed_fetch_for_an_unknown_kid_keeps_the_keys() {
    let mut cache = cache(HOUR);
    let now = NOW + MINUTE;
    let KeyUse::Use(tried) = cache.keys(now) else { panic!("the keys are fresh") };
    assert_eq!(cache.fresher_keys(&tried, now), KeyUse::Fetch);
    cache.fetch_failed(now);
    assert_eq!(cache.fresher_keys(&tried, now), KeyUse::Unavailable);
    assert!(is_use(&cache.keys(now)));
}

#[test]
fn a_clock_that_is_set_back_causes_a_fetch() {
    let mut cache = cache(HOUR);
    assert!(is_use(&cache.keys(NOW - SECOND)));
    assert_eq!(cache.keys(NOW - 24 * HOUR), KeyUse::Fetch);
    cache.fetched(PROVIDER.key_set(), HOUR, NOW - 24 * HOUR);
    assert!(is_use(&cache.keys(NOW - 24 * HOUR)));
}
