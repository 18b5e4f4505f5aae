//! Groups.

use super::{Store, StoreError, members::total_and_rows, row::Columns as _, run::sql};
use domain::{UnixMs, id::TeamId};
use sqlx::any::AnyRow;

/// A group as an identity provider sees it (RFC 7643, section 4.2), without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimGroup {
    /// `id`.
    pub id: String,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// `meta.created`.
    pub created_at: UnixMs,
    /// `meta.lastModified`.
    pub updated_at: UnixMs,
}

impl ScimGroup {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?,
            display_name: row.text("display_name")?,
            external_id: row.maybe_text("external_id")?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }
}

impl Store {
    /// The team's groups by name (the first 500), with their number of members.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_all(&self, team: &TeamId) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = sql("SELECT display_name, member_count FROM groups WHERE team_id = $1 \
             ORDER BY display_name_key, id LIMIT 500")
        .text(team.as_str())
        .all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.text("display_name")?, row.number("member_count")?))).collect()
    }

    /// How many groups the team has, and up to `limit` of them from `offset` on, the oldest first: one statement.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_groups(
        &self,
        team: &TeamId,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<ScimGroup>), StoreError> {
        let rows = sql("SELECT t.group_count AS total, page.* FROM teams t LEFT JOIN \
             (SELECT id, display_name, external_id, created_at, updated_at FROM groups WHERE team_id = $1 \
              ORDER BY id LIMIT $2 OFFSET $3) AS page ON 1 = 1 WHERE t.id = $1 ORDER BY page.id")
        .text(team.as_str())
        .number(limit.max(0))
        .number(offset.max(0))
        .all(&self.reader)
        .await?;
        total_and_rows(&rows, ScimGroup::read)
    }

    /// A group of the team, by id. Another team's group is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_group(&self, team: &TeamId, id: &str) -> Result<Option<ScimGroup>, StoreError> {
        let row = sql("SELECT id, display_name, external_id, created_at, updated_at FROM groups \
             WHERE id = $1 AND team_id = $2")
        .text(id)
        .text(team.as_str())
        .first(&self.reader)
        .await?;
        row.as_ref().map(ScimGroup::read).transpose()
    }
}
