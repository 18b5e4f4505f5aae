//! The filter of the activity log in URLs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    DAY, HOUR,
    activity::filter::{ActivityFilter, ActivityOutcome, ActivityPeriod, ActivitySource},
    key::KeyId,
};

fn read(parts: &[(String, String)]) -> ActivityFilter {
    ActivityFilter::read(|name| parts.iter().find(|(at, _)| at == name).map(|(_, value)| value.clone()))
}

#[test]
fn every_filter_survives_a_url() {
    let actors = [
        ActivitySource::Anyone,
        ActivitySource::People,
        ActivitySource::Providers,
        ActivitySource::Operator,
        ActivitySource::System,
        ActivitySource::Person("Ada Lovelace".into()),
        ActivitySource::Person("key:x".into()),
        ActivitySource::Person(String::new()),
        ActivitySource::Key(KeyId::new("4fJ0cPq81xZ2")),
    ];
    for by in actors {
        for result in ActivityOutcome::ALL {
            for within in ActivityPeriod::ALL {
                let filter = ActivityFilter { by: by.clone(), result, within, ..ActivityFilter::default() };
                assert_eq!(read(&filter.write()), filter);
            }
        }
    }
}

#[test]
fn the_default_filter_has_no_parameters_and_unknown_values_are_ignored() {
    assert_eq!(ActivityFilter::default().write(), []);
    assert!(ActivityFilter::default().is_everything());
    let nonsense = [("actor", "x"), ("result", "CHANGES"), ("within", "-1"), ("other", "x")];
    let nonsense = nonsense.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(read(&nonsense).is_everything());
    assert!(!ActivityFilter { result: ActivityOutcome::Failures, ..ActivityFilter::default() }.is_everything());
}

#[test]
fn periods_end_now() {
    let since: Vec<_> = ActivityPeriod::ALL.into_iter().map(|within| within.since(100 * DAY)).collect();
    assert_eq!(since, [None, Some(100 * DAY - HOUR), Some(99 * DAY), Some(93 * DAY), Some(70 * DAY)]);
    // A day begins with a full hour, and includes each of the last 24.
    assert_eq!(ActivityPeriod::Day.since(100 * DAY + HOUR - 1), Some(99 * DAY));
    assert_eq!(ActivityPeriod::Day.since(100 * DAY - 1), Some(99 * DAY - HOUR));
}
