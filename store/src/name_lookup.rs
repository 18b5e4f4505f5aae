//! Lookup of the members and groups that match an entered text.

use crate::{Store, StoreError, db::statement::sql, search_text};
use domain::{
    id::{MemberId, TeamId},
    validation::text::fold,
};

/// Upper bound of the matches. A text with more matches identifies no one.
const MAX_MATCHES: i64 = 100;
/// Upper bound of the entries that are searched for names.
const SCAN_SIZE: i64 = 30_000;

impl Store {
    /// The userName of the member with this id, including deleted members.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_user_name(&self, team: &TeamId, id: &str) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT user_name FROM members WHERE team_id = $1 AND id = $2").text(team.as_str()).text(id);
        row.first(&self.reader).await?.map(|row| row.text("user_name")).transpose()
    }

    /// Members and groups whose names, userNames or email addresses contain the text, and deleted members with this
    /// userName. The names in the log are searched too, for deleted members and for other accents.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ids_named_like(&self, team: &TeamId, text: &str) -> Result<Vec<MemberId>, StoreError> {
        let rows = sql(NAMED_LIKE)
            .text(team.as_str())
            .text(&crate::member_list::pattern(&fold(text)))
            .text(&search_text::pattern(text))
            .number(MAX_MATCHES + 1)
            .number(SCAN_SIZE)
            .text(&fold(text))
            .all(&self.reader)
            .await?;
        if rows.len() as i64 > MAX_MATCHES {
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
    async fn only_the_teams_rows_are_read() {
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
