//! The quotas of a team. The team's row counts the stored data, and every change that creates or grows something checks
//! it first.

use crate::{Store, StoreError, TeamTransaction};
use std::fmt;

/// The limits of each team; `None` is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Members, without deleted ones.
    pub members: Option<i64>,
    /// Groups.
    pub groups: Option<i64>,
    /// Bytes of the members' documents, including deleted members, and [`MEMBERSHIP_BYTES`] for each membership.
    pub bytes: Option<i64>,
}

/// The counted size of a membership: about the size of its row and of its entries in two indexes.
pub(crate) const MEMBERSHIP_BYTES: i64 = 100;

/// A limit that a team has reached. `Display` names the limit and the person who can raise it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// See [`Quotas::members`].
    Members(i64),
    /// See [`Quotas::groups`].
    Groups(i64),
    /// See [`Quotas::bytes`].
    Bytes(i64),
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limit, of) = match self {
            Quota::Members(limit) => (limit, "members"),
            Quota::Groups(limit) => (limit, "groups"),
            Quota::Bytes(limit) => (limit, "bytes of stored data"),
        };
        write!(f, "this team has reached its limit of {limit} {of}. The operator of this server can raise it")
    }
}

impl Store {
    /// Sets the limits of each team.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// The limits of each team.
    pub fn quotas(&self) -> Quotas {
        self.quotas
    }
}

/// The growth of a team by a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TeamUsage {
    pub(crate) members: i64,
    pub(crate) groups: i64,
    pub(crate) bytes: i64,
}

impl TeamTransaction {
    /// Checks that the team may grow by this, and counts it. A team above a limit can still shrink.
    ///
    /// # Errors
    /// [`StoreError::Quota`]: nothing is counted.
    pub(crate) fn grow(&mut self, by: TeamUsage) -> Result<(), StoreError> {
        let (team, sum) = (&self.team, &self.usage);
        let is_over = |limit: Option<i64>, stored: i64, counted: i64, more: i64| {
            limit.filter(|limit| more > 0 && stored.saturating_add(counted).saturating_add(more) > *limit)
        };
        if let Some(limit) = is_over(self.quotas.members, team.member_count, sum.members, by.members) {
            return Err(StoreError::Quota(Quota::Members(limit)));
        }
        if let Some(limit) = is_over(self.quotas.groups, team.group_count, sum.groups, by.groups) {
            return Err(StoreError::Quota(Quota::Groups(limit)));
        }
        if let Some(limit) = is_over(self.quotas.bytes, team.stored_bytes, sum.bytes, by.bytes) {
            return Err(StoreError::Quota(Quota::Bytes(limit)));
        }
        self.usage.members += by.members;
        self.usage.groups += by.groups;
        self.usage.bytes += by.bytes;
        Ok(())
    }
}

/// The counted size of a text.
pub(crate) fn bytes(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}
