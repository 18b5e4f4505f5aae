//! Positions in a sorted list (RFC 7644, section 3.4.2.3).
//!
//! A cursor names the key and the id after which the next page begins, and not a number. Resources that are created or deleted
//! between two pages therefore neither hide nor repeat others.

use super::query::TypeQuery;
use scim::{ScimError, sort::SortKey};
use std::sync::Arc;

/// Bytes of memory that a position takes beside its texts.
const FIXED_SIZE: usize = 120;

/// A position in the order of a list.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SortPosition {
    pub(super) key: SortKey,
    /// The index of the query's part that the resource belongs to.
    pub(super) part: usize,
    pub(super) id: Box<str>,
}

impl SortPosition {
    /// The inverse of [`SortPosition::encode`], for a query in the same order.
    pub(super) fn parse(text: &str, parts: &[Arc<TypeQuery>]) -> Result<Self, ScimError> {
        let parsed = || {
            let (part, rest) = text.split_once(':')?;
            let (id, key) = rest.split_once(':')?;
            // All parts have the same order.
            let sort = parts.iter().find_map(|part| part.sort.as_ref())?;
            Some(Self { key: sort.parse_key(key)?, part: part.parse().ok()?, id: id.into() })
        };
        parsed().ok_or_else(|| {
            ScimError::expired_cursor(
                "cursor was issued by a different version of this server. Start again from the first page",
            )
        })
    }

    /// The position as text, for a cursor.
    pub(super) fn encode(&self) -> String {
        format!("{}:{}:{}", self.part, self.id, self.key.encode())
    }

    /// The approximate bytes of memory that it takes.
    pub(super) fn size(&self) -> usize {
        FIXED_SIZE + self.key.len() + self.id.len()
    }
}
