//! What signing in with a password needs.

use super::{Store, StoreError, row::Row, run::sql};
use domain::id::MemberId;

/// A member whom an e-mail address belongs to.
#[derive(Clone)]
pub struct Credential {
    /// Which member.
    pub member_id: MemberId,
    /// The team's slug.
    pub team_slug: String,
    /// The argon2id hash; none: this member has no password.
    pub password_hash: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("member_id", &self.member_id).finish_non_exhaustive()
    }
}

impl Store {
    /// The active members with this e-mail address (folded by [`domain::text::fold`]), in every team or in one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn credentials_by_email(
        &self,
        email_key: &str,
        team_slug: Option<&str>,
    ) -> Result<Vec<Credential>, StoreError> {
        let rows = sql("SELECT m.id, t.slug, m.password_hash FROM members m JOIN teams t ON t.id = m.team_id \
             WHERE m.email_key = $1 AND m.status = 'active' AND t.deleted_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR t.slug = $2) \
             ORDER BY t.slug, m.id")
        .text(email_key)
        .maybe_text(team_slug)
        .all(&self.reader)
        .await?;
        let read = |row: &Row| {
            Ok(Credential {
                member_id: MemberId::new(row.text("id")?),
                team_slug: row.text("slug")?,
                password_hash: row.maybe_text("password_hash")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The password hash of an active member; `None` also for somebody who has none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_password(&self, member: &MemberId) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT password_hash FROM members WHERE id = $1 AND status = 'active'")
            .text(member.as_str())
            .brief()
            .first(&self.reader)
            .await?;
        row.map_or(Ok(None), |row| row.maybe_text("password_hash"))
    }
}
