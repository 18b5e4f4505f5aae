//! Dates and times as text, in UTC. The browser replaces them with the reader's own time zone.

use crate::{DAY, UnixMs};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The number of whole days since 1970-01-01. Two times with the same number are on the same day.
pub const fn day(at: UnixMs) -> i64 {
    at.div_euclid(DAY)
}

/// Year, month (1 to 12) and day of the month (1 to 31), in the Gregorian calendar.
pub const fn civil(at: UnixMs) -> (i64, i64, i64) {
    // Days count from 1 March of the year 0, so that the leap day is a year's last, in eras of 400 years.
    const DAYS_PER_ERA: i64 = 146_097;
    const EPOCH: i64 = 719_468;
    let days = day(at) + EPOCH;
    let era = days.div_euclid(DAYS_PER_ERA);
    let day_of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Hour, minute and second.
const fn clock(at: UnixMs) -> (i64, i64, i64) {
    let second = at.rem_euclid(DAY) / 1_000;
    (second / 3_600, second / 60 % 60, second % 60)
}

/// "5 Jan 2024".
pub fn date(at: UnixMs) -> String {
    let (year, month, day) = civil(at);
    let month = usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{day} {month} {year}")
}

/// "08:12".
pub fn time_of_day(at: UnixMs) -> String {
    let (hour, minute, _) = clock(at);
    format!("{hour:02}:{minute:02}")
}

/// "2025-11-18T14:02:11Z" (RFC 3339, whole seconds).
pub fn iso(at: UnixMs) -> String {
    let (year, month, day) = civil(at);
    let (hour, minute, second) = clock(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
