//! How many members are wanted, and where in their order a page begins.

use domain::id::MemberId;

/// How many of a team's members are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A thousand at most: all of them are found, and then sorted.
    Few,
    /// More: a page of them is full soon, wherever in the order it begins.
    Many,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// So many members after the start.
    Start(i64),
    /// It ends so many members before the end.
    End(i64),
    /// After this member.
    After(MemberId),
    /// It ends before this member.
    Before(MemberId),
}

impl Place {
    /// The member beside whom the page begins or ends.
    pub fn id(&self) -> Option<&MemberId> {
        match self {
            Place::Start(_) | Place::End(_) => None,
            Place::After(id) | Place::Before(id) => Some(id),
        }
    }
}
