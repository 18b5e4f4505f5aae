//! Points in time: `xs:dateTime` in UTC (saml-core-2.0-os, section 1.3.3).

use domain::{DAY, HOUR, MINUTE, UnixMs, format::date};

/// Parses `2026-01-05T09:30:00.123Z`. An offset such as `+00:00` is accepted, but a time without zone is not, because it
/// has no meaning. Digits after the milliseconds are dropped.
pub fn parse(text: &str) -> Option<UnixMs> {
    let (day, rest) = text.split_once('T')?;
    let (clock, offset) = zone(rest)?;
    let mut parts = day.split('-');
    let days = days(number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?)?;
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut times = clock.split(':');
    let (hour, minute, second) = (number(times.next()?, 2)?, number(times.next()?, 2)?, number(times.next()?, 2)?);
    let complete = parts.next().is_none() && times.next().is_none() && hour < 24 && minute < 60 && second < 60;
    let milliseconds = fraction.map_or(Some(0), milliseconds)?;
    complete.then_some(days * DAY + hour * HOUR + minute * MINUTE + second * 1_000 + milliseconds - offset)
}

/// The inverse of [`parse`], with milliseconds.
pub fn format(at: UnixMs) -> String {
    let seconds = date::iso(at);
    format!("{}.{:03}Z", seconds.trim_end_matches('Z'), at.rem_euclid(1_000))
}

/// Splits the zone from the time of day. The offset is in milliseconds.
fn zone(text: &str) -> Option<(&str, UnixMs)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let at = text.rfind(['+', '-'])?;
    let (clock, zone) = text.split_at_checked(at)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let offset = hours * HOUR + minutes * MINUTE;
    (hours <= 14 && minutes < 60).then_some((clock, if zone.starts_with('-') { -offset } else { offset }))
}

/// A number of exactly this many digits.
fn number(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The first three digits of a fraction of a second.
fn milliseconds(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{fraction:0<3}").get(..3)?.parse().ok()
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. `None`: the date does not exist.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    // Years start in March, so that the leap day is the last of its year.
    let (from_march, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = from_march.div_euclid(4) - from_march.div_euclid(100) + from_march.div_euclid(400);
    let days = from_march * 365 + leap_days + (153 * month_from_march + 2) / 5 + day - 1 - 719_468;
    (date::civil(days * DAY) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn utc_offsets_and_fractions_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-06-01T00:02:03.5Z", 1_780_272_123_500),
            ("2026-06-01T00:02:03.1239999Z", 1_780_272_123_123),
            ("2026-06-01T02:02:03+02:00", 1_780_272_123_000),
            ("2026-05-31T23:32:03-00:30", 1_780_272_123_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn times_without_zone_and_impossible_times_are_refused() {
        for text in [
            "",
            "T",
            "2026-06-01",
            "2026-06-01T00:02:03",
            "2026-06-01 00:02:03Z",
            "2026-06-01T00:02Z",
            "2026-06-01T24:00:00Z",
            "2026-06-01T00:60:00Z",
            "2026-06-01T00:00:60Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-06-01T00:00:00.Z",
            "2026-06-01T00:00:00.1e3Z",
            "+2026-06-01T00:00:00Z",
            "02026-06-01T00:00:00Z",
            "2026-06-01T00:00:00+15:00",
            "2026-06-01T00:00:00+1:00",
            "2026-06-01T00:00:00z",
            " 2026-06-01T00:00:00Z",
            "٢٠٢٦-06-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_inverts_formatting(at in -62_135_596_800_000i64..253_402_300_800_000) {
            prop_assert_eq!(parse(&format(at)), Some(at));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = parse(&text);
        }
    }
}
