//! Members whose ids are known already.

use super::{MemberRow, read, row::list_columns};
use crate::store::{
    Store, StoreError,
    row::Row,
    run::sql_of,
    users::{bind_ids, placeholders, slots},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
};
use std::collections::HashMap;

/// So many are read at once.
const PART: usize = 200;

impl Store {
    /// The members with these ids, in the order of the ids; whom the team does not have, or has removed, is left out.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_rows(&self, team: &TeamId, ids: &[&MemberId]) -> Result<Vec<MemberRow>, StoreError> {
        let rows = self.with_ids(team, ids, list_columns!()).await?;
        let mut by_id: HashMap<MemberId, MemberRow> = HashMap::with_capacity(rows.len());
        for row in &rows {
            let row = read(row)?;
            by_id.insert(row.id.clone(), row);
        }
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }

    /// When those of these members last signed in who ever did.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(in crate::store) async fn members_last_sign_ins(
        &self,
        team: &TeamId,
        ids: &[&MemberId],
    ) -> Result<HashMap<MemberId, UnixMs>, StoreError> {
        let mut signed_in = HashMap::new();
        for row in self.with_ids(team, ids, "m.id, m.last_sign_in_at").await? {
            if let Some(at) = row.maybe_number("last_sign_in_at")? {
                signed_in.insert(MemberId::new(row.text("id")?), at);
            }
        }
        Ok(signed_in)
    }

    async fn with_ids(&self, team: &TeamId, ids: &[&MemberId], columns: &str) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let count = slots(part.len());
            let statement = sql_of(with_ids(columns, count)).text(team.as_str());
            let statement = bind_ids(statement, part.iter().map(|id| id.as_str()), count);
            rows.extend(statement.brief().all(&self.reader).await?);
        }
        Ok(rows)
    }
}

/// `$1` the team, then the members. With `|| ''` no other index looks as if it led to few.
fn with_ids(columns: &str, count: usize) -> String {
    let mut text = ["SELECT ", columns, " FROM members m WHERE m.id IN ("].concat();
    placeholders(&mut text, 2, count);
    text.push_str(") AND m.team_id || '' = $1 AND m.status || '' <> 'deleted'");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plans;

    #[tokio::test]
    async fn members_are_found_by_their_ids() {
        let plans = plans::of_a_new_database().await;
        for columns in [list_columns!(), "m.id, m.last_sign_in_at"] {
            for count in [1, 8] {
                let plan = plans.of(&with_ids(columns, count)).await;
                assert!(plan.contains("SEARCH m USING INDEX sqlite_autoindex_members_1 (id=?)"), "{plan}");
            }
        }
    }
}
