//! Members that one statement read in advance. Without it, each of many changes in one transaction would wait for its
//! own member.

use crate::team_transaction::{MemberRecord, TeamTransaction, member_record};
use crate::{
    Engine, StoreError,
    db::{
        placeholders::{bind_ids, one_of, slots},
        planner::unindexed,
        statement::sql_owned,
    },
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
            sql_owned(some(self.tx.engine(), slots(ids.len()))).text(self.team.id.as_str()),
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
fn some(engine: Engine, count: usize) -> String {
    let listed = one_of(engine, &[("team_id", "$1")], "id", 2, count);
    ["SELECT ", member_record::COLUMNS, " FROM members WHERE ", &listed, " AND ", unindexed!("status"), " <> 'deleted'"]
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn members_are_prefetched_by_their_ids() {
        for plan in query_plans::of_a_new_database().await.of_each(|engine| some(engine, 8)).await {
            assert!(plan.contains("SEARCH members USING INDEX members_pkey (team_id=? AND id=?)"), "{plan}");
        }
    }
}
