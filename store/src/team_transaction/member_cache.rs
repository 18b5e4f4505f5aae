//! Members that one statement read in advance. Without it, each of many changes in one transaction would wait for its
//! own member.

use crate::team_transaction::{MemberRecord, TeamTransaction, members};
use crate::{
    StoreError,
    db::{planner::unindexed, statement::sql_owned},
    scim_users::{bind_ids, placeholders, slots},
};
use domain::id::MemberId;
use std::collections::HashMap;

/// The current state of members. A change of a member removes its entry.
#[derive(Debug, Default)]
pub(crate) struct MemberCache(HashMap<MemberId, MemberRecord>);

impl MemberCache {
    pub(crate) fn forget(&mut self, id: &MemberId) {
        self.0.remove(id);
    }

    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }

    /// Removes and returns the entry of a member.
    pub(crate) fn take(&mut self, id: &MemberId) -> Option<MemberRecord> {
        self.0.remove(id)
    }
}

impl TeamTransaction {
    /// Reads members in advance.
    pub async fn prefetch_members(&mut self, ids: &[&MemberId]) -> Result<(), StoreError> {
        let rows = bind_ids(
            sql_owned(some(slots(ids.len()))).text(self.team.id.as_str()),
            ids.iter().map(|id| id.as_str()),
            slots(ids.len()),
        )
        .all(&mut *self.tx)
        .await?;
        for row in &rows {
            let member = MemberRecord::read(row)?;
            self.cache.0.insert(member.id.clone(), member);
        }
        Ok(())
    }
}

/// `$1` the team, then the members.
fn some(count: usize) -> String {
    let mut text = ["SELECT ", members::COLUMNS, " FROM members WHERE team_id = $1 AND id IN ("].concat();
    placeholders(&mut text, 2, count);
    text.push_str(concat!(") AND ", unindexed!("status"), " <> 'deleted'"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn members_are_prefetched_by_their_ids() {
        let plan = query_plans::of_a_new_database().await.of(&some(8)).await;
        assert!(plan.contains("SEARCH members USING INDEX sqlite_autoindex_members_1 (team_id=? AND id=?)"), "{plan}");
    }
}
