//! The log entry of a change, before it has an id and an actor.

use domain::{activity::Change, id::MemberId, team::TeamChange};

/// A change, and the member that it concerns, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewActivityEntry {
    pub(crate) change: Change,
    pub(crate) member: Option<MemberId>,
}

impl From<Change> for NewActivityEntry {
    fn from(change: Change) -> Self {
        Self { change, member: None }
    }
}

impl From<TeamChange> for NewActivityEntry {
    fn from(change: TeamChange) -> Self {
        Change::from(change).into()
    }
}

impl From<(MemberId, Change)> for NewActivityEntry {
    fn from((member, change): (MemberId, Change)) -> Self {
        Self { change, member: Some(member) }
    }
}

impl From<(&MemberId, Change)> for NewActivityEntry {
    fn from((member, change): (&MemberId, Change)) -> Self {
        Self { change, member: Some(member.clone()) }
    }
}
