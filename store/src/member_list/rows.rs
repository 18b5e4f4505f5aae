//! Members by their ids.

use crate::member_list::{MemberRow, read, row::list_columns};
use crate::{
    Store, StoreError,
    db::{planner::unindexed, statement::sql_owned},
    scim_users::{bind_ids, placeholders, slots},
};
use domain::id::{MemberId, TeamId};
use std::collections::HashMap;

/// The number of members that are read at once.
const PART: usize = 200;

impl Store {
    /// The members with these ids, in the order of the ids. Unknown and removed members are missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_rows(&self, team: &TeamId, ids: &[&MemberId]) -> Result<Vec<MemberRow>, StoreError> {
        let mut by_id: HashMap<MemberId, MemberRow> = HashMap::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let count = slots(part.len());
            let statement = sql_owned(with_ids(count)).text(team.as_str());
            let statement = bind_ids(statement, part.iter().map(|id| id.as_str()), count);
            for row in statement.inline().all(&self.reader).await? {
                let row = read(&row)?;
                by_id.insert(row.id.clone(), row);
            }
        }
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }
}

/// `$1` the team, then the members.
fn with_ids(count: usize) -> String {
    let mut text = concat!("SELECT ", list_columns!(), " FROM members m WHERE m.team_id = $1 AND m.id IN (").to_owned();
    placeholders(&mut text, 2, count);
    text.push_str(concat!(") AND ", unindexed!("m.status"), " <> 'deleted'"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn members_are_found_by_their_ids() {
        let plans = query_plans::of_a_new_database().await;
        for count in [1, 8] {
            let plan = plans.of(&with_ids(count)).await;
            assert!(plan.contains("SEARCH m USING INDEX sqlite_autoindex_members_1 (team_id=? AND id=?)"), "{plan}");
        }
    }
}
