//! Finding the members that somebody means by what they typed.

use super::{Store, StoreError, run::sql};
use domain::{
    id::{MemberId, TeamId},
    text::fold,
};

/// So many members of the same name are meant together.
const MOST: i64 = 20;

impl Store {
    /// The members with this id, userName, e-mail address or name (deleted ones by the first three), each with their
    /// userName. Each way to find them has its index.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_meant(&self, team: &TeamId, typed: &str) -> Result<Vec<(MemberId, String)>, StoreError> {
        let rows = sql(MEANT).text(team.as_str()).text(typed).text(&fold(typed)).number(MOST).all(&self.reader).await?;
        rows.iter().map(|row| Ok((MemberId::new(row.text("id")?), row.text("user_name")?))).collect()
    }
}

const MEANT: &str = "SELECT id, user_name FROM members WHERE id = $2 AND team_id = $1 \
     UNION SELECT id, user_name FROM members WHERE team_id = $1 AND user_name_key = $3 \
     UNION SELECT id, user_name FROM members WHERE email_key = $3 AND team_id = $1 \
     UNION SELECT id, user_name FROM members WHERE team_id = $1 AND display_name_key = $3 AND status <> 'deleted' \
     ORDER BY id LIMIT $4";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plans;

    #[tokio::test]
    async fn an_index_finds_each() {
        let plans = plans::of_a_new_database().await;
        for index in [
            "sqlite_autoindex_members_1 (id=?)",
            "members_user_name (team_id=? AND user_name_key=?)",
            "members_email (email_key=? AND team_id=?)",
            "members_by_name (team_id=? AND display_name_key=?",
        ] {
            plans.check(MEANT, "members", index).await;
        }
    }
}
