//! Points in time in requests (RFC 7643, section 2.3.5).

use crate::{calendar, resource::DateTime};

/// A point in time with the client's precision: .NET writes seven digits after the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Milliseconds since the Unix epoch, rounded down.
    pub ms: i64,
    /// Nanoseconds beyond that, less than 1,000,000. Further digits are dropped.
    pub ns: u32,
}

impl From<DateTime> for Instant {
    fn from(DateTime(ms): DateTime) -> Self {
        Self { ms, ns: 0 }
    }
}

impl Instant {
    /// Parses an `xsd:dateTime` with a year of four digits: `2011-05-13T04:42:34.1234567+02:00`. A time without a time
    /// zone is in UTC. `None` for every other text, including dates that do not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', 't'])?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let (time, offset) = zone(time)?;
        let (time, fraction) = match time.split_once('.') {
            Some((time, fraction)) => (time, nanoseconds(fraction)?),
            None => (time, 0),
        };
        let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
        let midnight_of_the_next_day = (hour, minute, second, fraction) == (24, 0, 0, 0);
        if (hour > 23 && !midnight_of_the_next_day) || minute > 59 || second > 59 {
            return None;
        }
        let minutes = (calendar::days(year, month, day)? * 24 + hour) * 60 + minute - offset;
        let ms = (minutes * 60 + second) * 1_000 + i64::from(fraction / 1_000_000);
        Some(Self { ms, ns: fraction % 1_000_000 })
    }
}

/// Parses three numbers with these counts of digits and `separator` between them.
fn numbers(text: &str, separator: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut next = |digits| {
        let part = parts.next()?;
        (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let [a, b, c] = digits;
    let numbers = [next(a)?, next(b)?, next(c)?];
    parts.next().is_none().then_some(numbers)
}

/// Splits the time from its time zone, whose offset from UTC is in minutes.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(sign) = time.find(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = time.split_at_checked(sign)?;
    let (negative, offset) = match offset.strip_prefix('-') {
        Some(offset) => (true, offset),
        None => (false, offset.strip_prefix('+')?),
    };
    let [hours, minutes, _] = numbers(&format!("{offset}:00"), ':', [2, 2, 2])?;
    let distance = hours * 60 + minutes;
    // The maximum that xsd:dateTime allows.
    (minutes < 60 && distance <= 14 * 60).then_some((time, if negative { -distance } else { distance }))
}

/// The digits after the second, as nanoseconds.
fn nanoseconds(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<9}").get(..9)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn date_times_are_read_with_any_offset_and_precision() {
        for (text, ms, ns) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2011-05-13T04:42:34Z", 1_305_261_754_000, 0),
            ("2011-05-13t04:42:34z", 1_305_261_754_000, 0),
            ("2011-05-13T04:42:34", 1_305_261_754_000, 0),
            ("2011-05-13T06:42:34+02:00", 1_305_261_754_000, 0),
            ("2011-05-12T23:12:34-05:30", 1_305_261_754_000, 0),
            ("2015-10-10T14:38:21.8617979-07:00", 1_444_513_101_861, 797_900),
            ("1969-12-31T23:59:59.9999Z", -1, 900_000),
            ("2024-02-29T23:59:59.007Z", 1_709_251_199_007, 0),
            ("2024-12-31T24:00:00Z", 1_735_689_600_000, 0),
            ("1970-01-01T00:00:00.0000000019Z", 0, 1),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000, 0),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, 0),
        ] {
            assert_eq!(Instant::parse(text), Some(Instant { ms, ns }), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "now",
            "2011-05-13",
            "2011-05-13 04:42:34Z",
            "2011-05-13T04:42Z",
            "2011-5-13T04:42:34Z",
            "11-05-13T04:42:34Z",
            "2011-00-13T04:42:34Z",
            "2011-13-13T04:42:34Z",
            "2011-05-00T04:42:34Z",
            "2011-04-31T04:42:34Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2011-05-13T24:00:01Z",
            "2011-05-13T25:00:00Z",
            "2011-05-13T04:60:34Z",
            "2011-05-13T04:42:60Z",
            "2011-05-13T04:42:34.Z",
            "2011-05-13T04:42:34.1.2Z",
            "2011-05-13T04:42:34.+1Z",
            "2011-05-13T04:42:34+2",
            "2011-05-13T04:42:34+02:60",
            "2011-05-13T04:42:34+14:01",
            "2011-05-13T04:42:34ZZ",
            "-2011-05-13T04:42:34Z",
            "2011-05-13T04:42:34Zé",
            "２011-05-13T04:42:34Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_the_server_writes(ms in -62_167_219_200_000i64..=253_402_300_799_999) {
            prop_assert_eq!(Instant::parse(&DateTime(ms).to_string()), Some(Instant { ms, ns: 0 }));
        }

        #[test]
        fn never_panics(text in "[-+0-9T:.Zé]{0,40}") {
            let _ = Instant::parse(&text);
        }
    }
}
