//! Members by their ids.

use crate::member_list::{read, row::list_columns};
use crate::{
    Engine, MemberRow, Store, StoreError,
    db::{
        placeholders::{bind_ids, one_of, slots},
        planner::unindexed,
        statement::sql_owned,
    },
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
            let statement = sql_owned(with_ids(self.engine, count)).text(team.as_str());
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
fn with_ids(engine: Engine, count: usize) -> String {
    let listed = one_of(engine, &[("m.team_id", "$1")], "m.id", 2, count);
    let members = concat!("SELECT ", list_columns!(), " FROM members m WHERE ");
    [members, &listed, " AND ", unindexed!("m.status"), " <> 'deleted'"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn members_are_found_by_their_ids() {
        let plans = query_plans::of_a_new_database().await;
        for count in [1, 8] {
            for plan in plans.of_each(|engine| with_ids(engine, count)).await {
                assert!(plan.contains("SEARCH m USING INDEX members_pkey (team_id=? AND id=?)"), "{plan}");
            }
        }
    }
}
