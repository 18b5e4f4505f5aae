//! Finding the members and groups that someone means by what they typed.

use crate::{Store, StoreError, db::statement::sql, search_text};
use domain::{
    id::{MemberId, TeamId},
    validation::text::fold,
};

/// So many are meant together; a text that more have says nothing about who is meant.
const MOST: i64 = 100;
/// Entries that are looked through for names.
const ENTRIES: i64 = 30_000;

impl Store {
    /// The userName of the member with this id, also of one who was deleted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_user_name(&self, team: &TeamId, id: &str) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT user_name FROM members WHERE team_id = $1 AND id = $2").text(team.as_str()).text(id);
        row.first(&self.reader).await?.map(|row| row.text("user_name")).transpose()
    }

    /// Members and groups in whose names, userNames or email addresses the text stands; a deleted member by the whole
    /// userName. With other accents, and of deleted members, it is found in the names that the log has of them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ids_named_like(&self, team: &TeamId, typed: &str) -> Result<Vec<MemberId>, StoreError> {
        let rows = sql(NAMED_LIKE)
            .text(team.as_str())
            .text(&crate::member_list::pattern(&fold(typed)))
            .text(&search_text::pattern(typed))
            .number(MOST + 1)
            .number(ENTRIES)
            .text(&fold(typed))
            .all(&self.reader)
            .await?;
        if rows.len() as i64 > MOST {
            return Ok(Vec::new());
        }
        rows.iter().map(|row| Ok(MemberId::new(row.text("id")?))).collect()
    }
}

const NAMED_LIKE: &str = "SELECT id FROM (SELECT id FROM members WHERE team_id = $1 AND status <> 'deleted' \
         AND (display_name_key LIKE $2 ESCAPE '!' OR email_key LIKE $2 ESCAPE '!' OR user_name_key LIKE $2 ESCAPE '!') \
         LIMIT $4) AS people \
     UNION SELECT id FROM (SELECT id FROM members WHERE team_id = $1 AND user_name_key = $6) AS gone \
     UNION SELECT id FROM (SELECT id FROM groups WHERE team_id = $1 AND display_name_key LIKE $2 ESCAPE '!' LIMIT $4) AS teams \
     UNION SELECT id FROM (SELECT member_id AS id FROM (SELECT member_id, search FROM activity WHERE team_id = $1 \
         ORDER BY id DESC LIMIT $5) AS entries WHERE member_id IS NOT NULL AND search LIKE $3 ESCAPE '!' LIMIT $4) AS named \
     LIMIT $4";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn nobody_elses_rows_are_read() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        for plan in plans.of(NAMED_LIKE).await {
            for index in [
                "COVERING INDEX members_by_name (team_id=?",
                "members_user_name (team_id=? AND user_name_key=?",
                "SEARCH groups USING INDEX groups_",
                "SEARCH activity USING INDEX activity_pkey (team_id=?",
            ] {
                assert!(plan.contains(index), "{index}\n{plan}");
            }
            assert!(
                !plan.contains("SCAN members") && !plan.contains("SCAN activity") && !plan.contains("SCAN groups"),
                "{plan}"
            );
        }
    }
}
