//! What of the log is asked for, in addresses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    DAY, HOUR,
    key::KeyId,
    log::{By, Filter, Outcome, Within},
};

fn read(parts: &[(String, String)]) -> Filter {
    Filter::read(|name| parts.iter().find(|(at, _)| at == name).map(|(_, value)| value.clone()))
}

#[test]
fn every_filter_comes_back_from_its_address() {
    let everybody = [
        By::Anyone,
        By::People,
        By::Providers,
        By::Operator,
        By::System,
        By::Person("Ada Lovelace".into()),
        By::Person("key:x".into()),
        By::Person(String::new()),
        By::Key(KeyId::new("4fJ0cPq81xZ2")),
    ];
    for by in everybody {
        for result in Outcome::ALL {
            for within in Within::ALL {
                let filter = Filter { by: by.clone(), result, within, ..Filter::default() };
                assert_eq!(read(&filter.write()), filter);
            }
        }
    }
}

#[test]
fn everything_needs_no_words_and_nonsense_asks_for_it() {
    assert_eq!(Filter::default().write(), []);
    assert!(Filter::default().is_everything());
    let nonsense = [("actor", "x"), ("result", "CHANGES"), ("within", "-1"), ("other", "x")];
    let nonsense = nonsense.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(read(&nonsense).is_everything());
    assert!(!Filter { result: Outcome::Failures, ..Filter::default() }.is_everything());
}

#[test]
fn spans_end_now() {
    let since: Vec<_> = Within::ALL.into_iter().map(|within| within.since(100 * DAY)).collect();
    assert_eq!(since, [None, Some(100 * DAY - HOUR), Some(99 * DAY), Some(93 * DAY), Some(70 * DAY)]);
    // Days begin with a full hour, and never miss one of the last 24.
    assert_eq!(Within::Day.since(100 * DAY + HOUR - 1), Some(99 * DAY));
    assert_eq!(Within::Day.since(100 * DAY - 1), Some(99 * DAY - HOUR));
}
