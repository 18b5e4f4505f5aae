//! Pagination by index (RFC 7644, section 3.4.2.4).

use crate::ScimError;

/// A page by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The index of the first resource, where 1 is the first of all. From 1 to [`Paging::MAX_START_INDEX`].
    pub start_index: u64,
    /// Upper bound of the resources on the page, at most [`Paging::MAX_COUNT`]. 0: only the total.
    pub count: u64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { start_index: 1, count: Self::DEFAULT_COUNT }
    }
}

impl Paging {
    /// The default page size.
    pub const DEFAULT_COUNT: u64 = 100;
    /// The maximum page size.
    pub const MAX_COUNT: u64 = 200;
    /// The maximum `startIndex`: the largest integer that every JSON parser represents exactly.
    pub const MAX_START_INDEX: u64 = (1 << 53) - 1;

    /// Reads `startIndex` and `count` from the decoded query parameters and ignores all others.
    ///
    /// Numbers out of range are adjusted, as the RFC requires: a `startIndex` below 1 is 1, a negative `count` is 0.
    ///
    /// # Errors
    /// `invalidValue` for a value that is not an integer, and for a repeated parameter.
    pub fn parse<'a>(query: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ScimError> {
        let (mut start_index, mut count) = (None, None);
        for (name, value) in query {
            let slot = match name {
                _ if name.eq_ignore_ascii_case("startIndex") => &mut start_index,
                _ if name.eq_ignore_ascii_case("count") => &mut count,
                _ => continue,
            };
            if slot.is_some() {
                return Err(ScimError::invalid_value(format!("{name} appears twice")));
            }
            let number =
                integer(value).ok_or_else(|| ScimError::invalid_value(format!("{name} must be an integer")))?;
            *slot = Some(number);
        }
        Ok(Self {
            start_index: start_index.unwrap_or(1).clamp(1, Self::MAX_START_INDEX),
            count: count.unwrap_or(Self::DEFAULT_COUNT).min(Self::MAX_COUNT),
        })
    }

    /// The number of resources before the page.
    pub const fn offset(self) -> u64 {
        self.start_index.saturating_sub(1)
    }
}

/// A decimal integer of any length. A negative one becomes 0, and one too large for the type becomes its maximum.
fn integer(text: &str) -> Option<u64> {
    let text = text.trim_ascii();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // The text has only digits, so parsing fails only if the number is too large.
    Some(if negative { 0 } else { digits.parse().unwrap_or(u64::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(query: &[(&str, &str)]) -> Result<(u64, u64), String> {
        Paging::parse(query.iter().copied()).map(|p| (p.start_index, p.count)).map_err(|e| e.to_string())
    }

    #[test]
    fn parameters_are_clamped() {
        const LAST: u64 = Paging::MAX_START_INDEX;
        for (start_index, count, expected) in [
            ("1", "100", (1, 100)),
            ("1", "2", (1, 2)),
            ("101", "100", (101, 100)),
            ("0", "1", (1, 1)),
            ("-1", "-1", (1, 0)),
            ("1", "0", (1, 0)),
            ("-99999999999999999999", "-99999999999999999999", (1, 0)),
            ("99999999999999999999", "99999999999", (LAST, 200)),
            ("9007199254740991", "200", (LAST, 200)),
            ("9007199254740992", "201", (LAST, 200)),
            ("007", "+5", (7, 5)),
            (" 3", "4 ", (3, 4)),
        ] {
            assert_eq!(parse(&[("startIndex", start_index), ("count", count)]), Ok(expected), "{start_index} {count}");
        }
    }

    #[test]
    fn values_that_are_not_integers_are_rejected() {
        for value in ["", " ", "-", "+", "+-1", "x", "1.5", "1e3", "0x10", "1 2", "٣", "null", "1\0"] {
            assert_eq!(parse(&[("count", value)]), Err("count must be an integer".to_owned()), "{value:?}");
            assert_eq!(parse(&[("startIndex", value)]), Err("startIndex must be an integer".to_owned()), "{value:?}");
        }
    }

    #[test]
    fn names_are_case_insensitive_others_ignored_and_repeated_ones_refused() {
        assert_eq!(parse(&[]), Ok((1, 100)));
        assert_eq!(parse(&[("STARTINDEX", "2"), ("aadOptscim062020", ""), ("Count", "3")]), Ok((2, 3)));
        assert_eq!(parse(&[("count", "2"), ("COUNT", "3")]), Err("COUNT appears twice".to_owned()));
        assert_eq!(Paging::parse([("count", "x")]).unwrap_err().status(), 400);
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_in_range(query in proptest::collection::vec(("(?i)startIndex|count|.*", "[-+]?[0-9]{0,25}|.*"), 0..4)) {
            if let Ok(paging) = Paging::parse(query.iter().map(|(name, value)| (name.as_str(), value.as_str()))) {
                prop_assert!((1..=Paging::MAX_START_INDEX).contains(&paging.start_index));
                prop_assert!(paging.count <= Paging::MAX_COUNT);
                prop_assert_eq!(paging.offset() + 1, paging.start_index);
            }
        }

        #[test]
        fn every_integer_is_accepted(start_index: i128, count: i128) {
            let (a, b) = (start_index.to_string(), count.to_string());
            let paging = Paging::parse([("startIndex", a.as_str()), ("count", b.as_str())]).unwrap();
            prop_assert_eq!(i128::from(paging.start_index), start_index.clamp(1, Paging::MAX_START_INDEX.into()));
            prop_assert_eq!(i128::from(paging.count), count.clamp(0, Paging::MAX_COUNT.into()));
        }
    }
}
