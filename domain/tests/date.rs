//! Dates and times as text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    DAY,
    format::date::{civil, date, day, iso, time_of_day},
};

#[test]
fn times_are_written_in_utc() {
    for (at, long, short, clock) in [
        (0, "1970-01-01T00:00:00Z", "1 Jan 1970", "00:00"),
        (-1, "1969-12-31T23:59:59Z", "31 Dec 1969", "23:59"),
        (1_763_474_531_000, "2025-11-18T14:02:11Z", "18 Nov 2025", "14:02"),
        (1_763_474_531_999, "2025-11-18T14:02:11Z", "18 Nov 2025", "14:02"),
        (1_704_447_000_000, "2024-01-05T09:30:00Z", "5 Jan 2024", "09:30"),
        (951_782_399_000, "2000-02-28T23:59:59Z", "28 Feb 2000", "23:59"),
        (951_782_400_000, "2000-02-29T00:00:00Z", "29 Feb 2000", "00:00"),
        (4_107_542_400_000, "2100-03-01T00:00:00Z", "1 Mar 2100", "00:00"),
        (253_402_300_799_000, "9999-12-31T23:59:59Z", "31 Dec 9999", "23:59"),
    ] {
        assert_eq!(iso(at), long);
        assert_eq!(date(at), short);
        assert_eq!(time_of_day(at), clock);
    }
}

#[test]
fn extreme_times_never_panic() {
    for at in [i64::MIN, i64::MAX] {
        assert!(iso(at).ends_with('Z'));
        assert!(!date(at).is_empty());
        assert_eq!(time_of_day(at).len(), 5);
    }
}

#[test]
fn days_are_consecutive() {
    // Every day from 1900 to 2200.
    let mut before = civil(-25_567 * DAY);
    assert_eq!(before, (1900, 1, 1));
    for number in -25_566..84_006 {
        let now = civil(number * DAY + DAY / 2);
        let next_day = now == (before.0, before.1, before.2 + 1) && before.2 < 31;
        let next_month = now == (before.0, before.1 + 1, 1) && (28..=31).contains(&before.2);
        let next_year = now == (before.0 + 1, 1, 1) && before.1 == 12 && before.2 == 31;
        assert!(next_day || next_month || next_year, "{now:?} follows {before:?}");
        before = now;
    }
    assert_eq!(before, (2199, 12, 31));
}

#[test]
fn a_day_starts_at_midnight() {
    assert_eq!([day(-1), day(0), day(DAY - 1), day(DAY)], [-1, 0, 0, 1]);
}
