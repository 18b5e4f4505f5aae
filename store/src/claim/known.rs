//! Members that were read ahead, all by one statement: where many changes are made in one transaction, each would otherwise
//! wait for its member alone.

use super::{Claim, MemberRecord, users};
use crate::{
    StoreError,
    planner::unindexed,
    run::sql_of,
    users::{bind_ids, placeholders, slots},
};
use domain::id::MemberId;
use std::collections::HashMap;

/// What is known is how the members are: whatever may change them forgets it.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<MemberId, MemberRecord>);

impl Known {
    pub(super) fn forget(&mut self, id: &MemberId) {
        self.0.remove(id);
    }

    pub(super) fn forget_all(&mut self) {
        self.0.clear();
    }

    /// Gives back what is known of a member, once.
    pub(super) fn take(&mut self, id: &MemberId) -> Option<MemberRecord> {
        self.0.remove(id)
    }
}

impl Claim {
    /// Reads members that will be asked for.
    pub async fn members_foresee(&mut self, ids: &[&MemberId]) -> Result<(), StoreError> {
        let rows = bind_ids(
            sql_of(some(slots(ids.len()))).text(self.team.id.as_str()),
            ids.iter().map(|id| id.as_str()),
            slots(ids.len()),
        )
        .all(&mut *self.all)
        .await?;
        for row in &rows {
            let member = MemberRecord::read(row)?;
            self.known.0.insert(member.id.clone(), member);
        }
        Ok(())
    }
}

/// `$1` the team, then the members.
fn some(count: usize) -> String {
    let mut text = ["SELECT ", users::COLUMNS, " FROM members WHERE team_id = $1 AND id IN ("].concat();
    placeholders(&mut text, 2, count);
    text.push_str(concat!(") AND ", unindexed!("status"), " <> 'deleted'"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans;

    #[tokio::test]
    async fn members_are_read_ahead_by_their_ids() {
        let plan = plans::of_a_new_database().await.of(&some(8)).await;
        assert!(plan.contains("SEARCH members USING INDEX sqlite_autoindex_members_1 (team_id=? AND id=?)"), "{plan}");
    }
}
