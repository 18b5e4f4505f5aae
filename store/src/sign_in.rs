//! The data for a sign-in with a password.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
};
use domain::id::{MemberId, TeamId};

/// Upper bound of the members whose passwords one sign-in compares.
pub const COMPARED: usize = 8;

/// A member with this email address who has a password.
#[derive(Clone)]
pub struct Credential {
    /// The member's id.
    pub member_id: MemberId,
    /// The display name.
    pub name: String,
    /// The team.
    pub team_id: TeamId,
    /// The team's slug.
    pub team_slug: String,
    /// The team's name.
    pub team_name: String,
    /// The argon2id hash.
    pub password_hash: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("member_id", &self.member_id).finish_non_exhaustive()
    }
}

const BY_EMAIL: &str = "SELECT m.id, m.display_name, m.team_id, t.slug, t.name AS team_name, m.password_hash \
     FROM members m JOIN teams t ON t.id = m.team_id \
     WHERE m.email_key = $1 AND m.password_hash IS NOT NULL AND m.status = 'active' AND t.deleted_at IS NULL \
     AND (CAST($2 AS TEXT) IS NULL OR t.slug = $2) \
     ORDER BY CASE WHEN t.slug = $3 THEN 0 ELSE 1 END, m.created_at, m.id LIMIT 9";

impl Store {
    /// The active members with this email address (folded by [`domain::validation::text::fold`]) who have a password,
    /// in every team or in one: see [`Store::credentials`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn credentials_by_email(
        &self,
        email_key: &str,
        team_slug: Option<&str>,
    ) -> Result<Vec<Credential>, StoreError> {
        self.credentials(email_key, team_slug, None).await
    }

    /// Like [`Self::credentials_by_email`]. Those of the team `first` come first, then the oldest, so that new members
    /// with the same address cannot push out an old one. The result has up to one more than [`COMPARED`], which shows
    /// that there are more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn credentials(
        &self,
        email_key: &str,
        team_slug: Option<&str>,
        first: Option<&str>,
    ) -> Result<Vec<Credential>, StoreError> {
        let rows = sql(BY_EMAIL).text(email_key).opt_text(team_slug).opt_text(first).inline().all(&self.reader).await?;
        let read = |row: &Row| {
            Ok(Credential {
                member_id: MemberId::new(row.text("id")?),
                name: row.text("display_name")?,
                team_id: TeamId::new(row.text("team_id")?),
                team_slug: row.text("slug")?,
                team_name: row.text("team_name")?,
                password_hash: row.text("password_hash")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The password hash of an active member; `None` also for a member without one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_password(&self, team: &TeamId, member: &MemberId) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT password_hash FROM members WHERE team_id = $1 AND id = $2 AND status = 'active'")
            .text(team.as_str())
            .text(member.as_str())
            .inline()
            .first(&self.reader)
            .await?;
        row.map_or(Ok(None), |row| row.opt_text("password_hash"))
    }
}

#[cfg(test)]
mod tests {
    use super::BY_EMAIL;
    use crate::db::query_plans;

    #[tokio::test]
    async fn members_without_a_password_are_not_read() {
        for plan in query_plans::of_a_new_database().await.of(BY_EMAIL).await {
            assert!(plan.contains("members_sign_in (email_key=?"), "{plan}");
        }
    }
}
