//! The proleptic Gregorian calendar.
//!
//! Years start in March, so that the leap day is the last of its year. Eras have 400 years (146,097 days), after which
//! the calendar repeats.

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Year, month and day of a day number, where 0 is 1970-01-01.
pub(crate) const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153; // 0 is March
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + (month <= 2) as i64, month, day)
}

/// Days from 1970-01-01, the inverse of [`date`]. `None`: the date does not exist.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let (march_year, march_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let whole_years =
        march_year * 365 + march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    let days = whole_years + (153 * march_month + 2) / 5 + day - 1 - EPOCH;
    (date(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_day_is_the_next_date(days in -1_000_000i64..1_000_000) {
            let ((y, m, d), next) = (date(days), date(days + 1));
            prop_assert!(next == (y, m, d + 1) || next == (y, m + 1, 1) && d >= 28 || next == (y + 1, 1, 1) && (m, d) == (12, 31));
        }

        #[test]
        fn days_and_dates_are_inverse(number in -1_000_000i64..1_000_000) {
            let (year, month, day) = date(number);
            prop_assert_eq!(days(year, month, day), Some(number));
        }
    }

    #[test]
    fn dates_that_do_not_exist_have_no_days() {
        for (year, month, day) in [
            (2023, 2, 29),
            (1900, 2, 29),
            (2024, 2, 30),
            (2011, 4, 31),
            (2011, 0, 1),
            (2011, 13, 1),
            (2011, 1, 0),
            (2011, 1, 32),
        ] {
            assert_eq!(days(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(days(2000, 2, 29).is_some());
    }
}
