//! The counts of a team that its row keeps, and the limits that they may not pass.

use super::TeamTransaction;
use crate::{Quota, StoreError};

/// What being in a group is counted as: about what its row and the entries in two indexes take.
pub(crate) const MEMBERSHIP_BYTES: i64 = 100;

/// What a change adds to a team, as its row counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TeamUsage {
    pub(crate) members: i64,
    pub(crate) groups: i64,
    pub(crate) bytes: i64,
}

impl TeamTransaction {
    /// Makes sure that the team may grow by this, and counts it. What shrinks is always possible, also above a limit.
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

/// The length of a text as it is counted.
pub(crate) fn bytes(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}
