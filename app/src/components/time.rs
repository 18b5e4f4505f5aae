//! The text of times: relative up to an hour ("2 min ago"), then "Today, 08:12", "Yesterday, 08:12", "31 Oct 2025".
//!
//! The server does not know the reader's time zone, so it writes UTC. The browser's part replaces every time: see
//! [`super::local_time`].

#[cfg(any(feature = "ssr", test))]
use domain::DAY;
use domain::{
    HOUR, MINUTE, UnixMs,
    format::date::{civil, date, time_of_day},
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The offset of the browser's time zone from UTC at a time, in milliseconds.
#[cfg(feature = "browser")]
pub(crate) fn browser_ahead(at: UnixMs) -> UnixMs {
    let behind = js_sys::Date::new(&(at as f64).into()).get_timezone_offset();
    -(behind as UnixMs) * MINUTE
}

/// The text of a time for clocks that are `ahead` of UTC.
pub(crate) fn wording(at: UnixMs, now: UnixMs, ahead: UnixMs) -> String {
    let passed = now - at;
    if (-MINUTE..MINUTE).contains(&passed) {
        return "Just now".to_owned();
    }
    if (0..HOUR).contains(&passed) {
        return format!("{} min ago", passed / MINUTE);
    }
    let (at, now) = (at + ahead, now + ahead);
    match domain::format::date::day(now) - domain::format::date::day(at) {
        0 => format!("Today, {}", time_of_day(at)),
        1 => format!("Yesterday, {}", time_of_day(at)),
        -1 => format!("Tomorrow, {}", time_of_day(at)),
        _ => date(at),
    }
}

/// The time until an event: "in 5 min", "in 23 hours", "in 6 days". A past event is "now".
#[cfg(any(feature = "ssr", test))]
pub(crate) fn until(at: UnixMs, now: UnixMs) -> String {
    match at - now {
        remaining if remaining <= 0 => "now".to_owned(),
        remaining if remaining < MINUTE => "in 1 min".to_owned(),
        remaining if remaining < HOUR => format!("in {} min", remaining / MINUTE),
        remaining if remaining < 2 * HOUR => "in 1 hour".to_owned(),
        remaining if remaining < 2 * DAY => format!("in {} hours", remaining / HOUR),
        remaining => format!("in {} days", remaining / DAY),
    }
}

/// The heading of a day in a list: "Today, 18 November", "Yesterday, 17 November", "31 October 2025".
pub(crate) fn day(at: UnixMs, now: UnixMs, ahead: UnixMs) -> String {
    let (at, now) = (at + ahead, now + ahead);
    let (year, month, day) = civil(at);
    let month = month_name(month);
    match domain::format::date::day(now) - domain::format::date::day(at) {
        0 => format!("Today, {day} {month}"),
        1 => format!("Yesterday, {day} {month}"),
        _ => format!("{day} {month} {year}"),
    }
}

/// "18 Nov 2025, 14:02:31 UTC", or "…, UTC+02:00" for other zones.
pub(crate) fn exact(at: UnixMs, ahead: UnixMs) -> String {
    let local_time = at + ahead;
    let seconds = local_time.rem_euclid(MINUTE) / 1000;
    let zone = match ahead {
        0 => String::new(),
        _ => format!("{}{}", if ahead < 0 { '−' } else { '+' }, time_of_day(ahead.abs())),
    };
    format!("{}, {}:{seconds:02} UTC{zone}", date(local_time), time_of_day(local_time))
}

fn month_name(month: i64) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

pub(super) fn lower_first(text: String) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-18T14:04:00Z.
    const NOW: UnixMs = 1_763_474_640_000;

    #[test]
    fn the_format_of_a_time_depends_on_its_distance() {
        for (passed, words) in [
            (0, "Just now"),
            (-30_000, "Just now"),
            (59_999, "Just now"),
            (MINUTE, "1 min ago"),
            (59 * MINUTE + 59_999, "59 min ago"),
            (HOUR, "Today, 13:04"),
            (14 * HOUR, "Today, 00:04"),
            (15 * HOUR, "Yesterday, 23:04"),
            (39 * HOUR, "16 Nov 2025"),
            (-HOUR, "Today, 15:04"),
            (-DAY, "Tomorrow, 14:04"),
            (-2 * DAY, "20 Nov 2025"),
        ] {
            assert_eq!(wording(NOW - passed, NOW, 0), words);
        }
    }

    #[test]
    fn a_day_is_in_the_readers_time_zone() {
        assert_eq!(wording(NOW - 15 * HOUR, NOW, 2 * HOUR), "Today, 01:04");
        assert_eq!(day(NOW, NOW, 0), "Today, 18 November");
        assert_eq!(day(NOW, NOW, 10 * HOUR), "Today, 19 November");
        assert_eq!(day(NOW - DAY, NOW, 0), "Yesterday, 17 November");
        assert_eq!(day(NOW - 18 * DAY, NOW, 0), "31 October 2025");
    }

    #[test]
    fn the_time_until_an_event_is_rounded_down() {
        for (remaining, words) in [
            (-1, "now"),
            (0, "now"),
            (1, "in 1 min"),
            (HOUR - 1, "in 59 min"),
            (HOUR, "in 1 hour"),
            (2 * HOUR - 1, "in 1 hour"),
            (DAY - 1, "in 23 hours"),
            (2 * DAY - 1, "in 47 hours"),
            (6 * DAY + HOUR, "in 6 days"),
        ] {
            assert_eq!(until(NOW + remaining, NOW), words);
        }
    }

    #[test]
    fn exact_times_name_their_zone() {
        assert_eq!(exact(NOW + 31_000, 0), "18 Nov 2025, 14:04:31 UTC");
        assert_eq!(exact(NOW, 5 * HOUR + 30 * MINUTE), "18 Nov 2025, 19:34:00 UTC+05:30");
        assert_eq!(exact(NOW, -15 * HOUR), "17 Nov 2025, 23:04:00 UTC−15:00");
    }

    #[test]
    fn an_inline_time_starts_in_lower_case() {
        assert_eq!(lower_first("Today, 08:12".to_owned()), "today, 08:12");
        assert_eq!(lower_first("31 Oct 2025".to_owned()), "31 Oct 2025");
        assert_eq!(lower_first(String::new()), "");
    }
}
