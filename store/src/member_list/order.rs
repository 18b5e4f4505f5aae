//! The expected number of members in a list, and the start of a page.

use domain::id::MemberId;

/// The expected number of matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedSize {
    /// At most a thousand: the query reads all of them, and then sorts.
    Few,
    /// More: a page of them fills up soon, wherever it starts.
    Many,
}

/// The start of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// This many members after the start.
    Start(i64),
    /// The page ends this many members before the end.
    End(i64),
    /// The page starts after this member.
    After(MemberId),
    /// The page ends before this member.
    Before(MemberId),
}

impl PageStart {
    /// The member next to the page.
    pub fn id(&self) -> Option<&MemberId> {
        match self {
            PageStart::Start(_) | PageStart::End(_) => None,
            PageStart::After(id) | PageStart::Before(id) => Some(id),
        }
    }
}
