//! Pagination by cursor (RFC 9865): each page has the cursor of the next.
//!
//! A cursor contains the position in the list and a fingerprint of the query. The server stores nothing, so a cursor
//! never expires. It is not a secret and grants no rights, because a forged one only selects where a page of the
//! client's own list begins.

use crate::{Paging, ScimError, base64};

/// The requested page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorPage {
    /// By the index of the first resource (RFC 7644, section 3.4.2.4).
    Index(Paging),
    /// By a cursor (RFC 9865, section 2).
    Cursor {
        /// The position before the page, as given to [`Fingerprint::cursor`]; `None`: the start of the list.
        after: Option<String>,
        /// Upper bound of the resources on the page. 0: only the total.
        count: u64,
    },
}

/// Identifies a query. A cursor is valid for its own query only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

/// Upper bound of the position in a cursor, in bytes: the longest sort key, an id and separators.
const MAX_PLACE: usize = 4_352;

impl CursorPage {
    /// Reads `startIndex`, `count` and `cursor` from the decoded query parameters and ignores all others. An empty
    /// `cursor` is the first page. `query` is the fingerprint of filter and order.
    ///
    /// # Errors
    /// `invalidValue` as in [`Paging::parse`], and for `cursor` beside `startIndex`. With a cursor: `invalidCursor`,
    /// `expiredCursor` for one of an older server, and `invalidCount` for a `count` that is not an integer.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)> + Clone,
        query: Fingerprint,
    ) -> Result<Self, ScimError> {
        let parameter = |wanted_name: &'static str| {
            parameters.clone().into_iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted_name))
        };
        let Some((_, cursor)) = parameter("cursor").next() else { return Paging::parse(parameters).map(Self::Index) };
        if parameter("cursor").count() > 1 {
            return Err(ScimError::invalid_value("cursor appears twice"));
        }
        if parameter("startIndex").next().is_some() {
            return Err(ScimError::invalid_value("cursor and startIndex can't be used together"));
        }
        let Paging { count, .. } =
            Paging::parse(parameter("count")).map_err(|error| ScimError::invalid_count(error.to_string()))?;
        let after = if cursor.is_empty() { None } else { Some(query.place(cursor)?) };
        Ok(Self::Cursor { after, count })
    }

    /// Upper bound of the resources on the page.
    pub const fn count(&self) -> u64 {
        match self {
            Self::Index(paging) => paging.count,
            Self::Cursor { count, .. } => *count,
        }
    }
}

impl Fingerprint {
    /// The fingerprint of everything that selects and orders the list: the endpoint, the filter, the order. The page
    /// size is not part of it.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        // FNV-1a. The length before each part distinguishes ["ab", ""] from ["a", "b"].
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        for part in parts {
            (part.len() as u64).to_be_bytes().into_iter().chain(part.bytes()).for_each(&mut add);
        }
        Self(hash)
    }

    /// The cursor of the page after this position, in characters that a URL can contain.
    pub fn cursor(self, place: &str) -> String {
        base64::encode_url(format!("v1:{:016x}:{place}", self.0).as_bytes())
    }

    fn place(self, cursor: &str) -> Result<String, ScimError> {
        let invalid = || ScimError::invalid_cursor("cursor was not issued by this server");
        if cursor.len() > MAX_PLACE * 2 {
            return Err(invalid());
        }
        let text = base64::decode_url(cursor).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(invalid)?;
        let mut parts = text.splitn(3, ':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("v1"), Some(fingerprint), Some(place)) if place.len() <= MAX_PLACE => {
                if fingerprint != format!("{:016x}", self.0) {
                    return Err(ScimError::invalid_cursor(
                        "cursor belongs to a different query. Keep the same filter and sort order on every page",
                    ));
                }
                Ok(place.to_owned())
            }
            (Some(version), Some(_), Some(_)) if is_version(version) => Err(ScimError::expired_cursor(
                "cursor was issued by a different version of this server. Start again from the first page",
            )),
            _ => Err(invalid()),
        }
    }
}

fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix('v').unwrap_or_default();
    text != "v1" && (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ScimType;
    use proptest::prelude::*;

    fn query() -> Fingerprint {
        Fingerprint::of(["Users", "active eq true", ""])
    }

    fn read(parameters: &[(&str, &str)]) -> Result<CursorPage, (Option<ScimType>, String)> {
        CursorPage::read(parameters.iter().copied(), query()).map_err(|error| (error.scim_type(), error.to_string()))
    }

    #[test]
    fn pages_are_by_index_without_a_cursor() {
        assert_eq!(read(&[]), Ok(CursorPage::Index(Paging::default())));
        assert_eq!(read(&[("count", "5")]).unwrap().count(), 5);
        assert_eq!(read(&[("cursor", "")]), Ok(CursorPage::Cursor { after: None, count: 100 }));
        assert_eq!(read(&[("Cursor", ""), ("COUNT", "999")]), Ok(CursorPage::Cursor { after: None, count: 200 }));
        let next = query().cursor("2819");
        assert_eq!(
            read(&[("cursor", &next), ("count", "7")]),
            Ok(CursorPage::Cursor { after: Some("2819".into()), count: 7 })
        );
    }

    #[test]
    fn invalid_cursors_are_rejected() {
        let other = Fingerprint::of(["Users", "active eq false", ""]).cursor("2819");
        let newer = base64::encode_url(b"v2:0:x");
        for (parameters, scim_type) in [
            (&[("cursor", "%")][..], ScimType::InvalidCursor),
            (&[("cursor", "djE6")], ScimType::InvalidCursor),
            (&[("cursor", &"A".repeat(100_000))], ScimType::InvalidCursor),
            (&[("cursor", &other)], ScimType::InvalidCursor),
            (&[("cursor", &newer)], ScimType::ExpiredCursor),
            (&[("cursor", ""), ("count", "x")], ScimType::InvalidCount),
            (&[("cursor", ""), ("cursor", "")], ScimType::InvalidValue),
            (&[("cursor", ""), ("startIndex", "1")], ScimType::InvalidValue),
            (&[("count", "x")], ScimType::InvalidValue),
        ] {
            assert_eq!(read(parameters).unwrap_err().0, Some(scim_type), "{parameters:?}");
        }
    }

    #[test]
    fn fingerprints_depend_on_the_boundaries_of_parts() {
        assert_ne!(Fingerprint::of(["ab", ""]), Fingerprint::of(["a", "b"]));
        assert_ne!(Fingerprint::of(["a"]), Fingerprint::of(["a", ""]));
    }

    proptest! {
        #[test]
        fn a_position_survives_a_cursor(place in ".{0,60}") {
            let cursor = query().cursor(&place);
            prop_assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(read(&[("cursor", &cursor)]), Ok(CursorPage::Cursor { after: Some(place), count: 100 }));
        }

        #[test]
        fn never_panics(cursor in ".*") {
            let _ = read(&[("cursor", &cursor)]);
        }
    }
}
