//! How many members are wanted, and where in their order a page begins.

use domain::id::MemberId;

/// How many of a team's members are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedSize {
    /// A thousand at most: all of them are found, and then sorted.
    Few,
    /// More: a page of them is full soon, wherever in the order it begins.
    Many,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// So many members after the start.
    Start(i64),
    /// It ends so many members before the end.
    End(i64),
    /// After this member.
    After(MemberId),
    /// It ends before this member.
    Before(MemberId),
}

impl PageStart {
    /// The member beside whom the page begins or ends.
    pub fn id(&self) -> Option<&MemberId> {
        match self {
            PageStart::Start(_) | PageStart::End(_) => None,
            PageStart::After(id) | PageStart::Before(id) => Some(id),
        }
    }
}
