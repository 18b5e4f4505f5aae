//! What the General page shows beside the team itself.

use super::{Source, Status, Store, StoreError, row::Columns as _, run::sql};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    role::Roles,
};

/// Somebody who is, or could be, a way in for emergencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayIn {
    /// Which member.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The e-mail address, else the userName.
    pub email: String,
    /// The effective roles.
    pub roles: Roles,
    /// What the member is.
    pub status: Status,
    /// Where the member comes from.
    pub source: Source,
    /// Is there a password, or does the member depend on single sign-on?
    pub has_password: bool,
    /// Is the member marked?
    pub break_glass: bool,
}

impl Store {
    /// Everybody who is marked as break-glass, then the active Admins and Super Admins who are not (200 at most).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ways_in(&self, team: &TeamId) -> Result<Vec<WayIn>, StoreError> {
        const COLUMNS: &str = "SELECT m.id, m.display_name, m.display_name_key, COALESCE(m.email, m.user_name) AS email, \
             m.roles, m.group_roles, m.status, m.source, m.break_glass, \
             CAST(CASE WHEN m.password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password FROM members m";
        let text = [
            COLUMNS,
            " WHERE m.team_id = $1 AND m.break_glass = 1 AND m.status <> 'deleted' UNION ",
            COLUMNS,
            " WHERE m.team_id = $1 AND (m.roles >= 4 OR m.group_roles >= 4) AND m.status = 'active' \
             ORDER BY break_glass DESC, display_name_key, id LIMIT 200",
        ];
        let rows = super::run::sql_of(text.concat()).text(team.as_str()).all(&self.reader).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(WayIn {
                id: MemberId::new(row.text("id")?),
                name: row.text("display_name")?,
                email: row.text("email")?,
                roles: row.roles()?,
                status: row.one_of("status", Status::parse)?,
                source: row.one_of("source", Source::parse)?,
                has_password: row.flag("has_password")?,
                break_glass: row.flag("break_glass")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// How many SCIM API keys of the team work at `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn keys_working(&self, team: &TeamId, now: UnixMs) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS keys FROM scim_keys WHERE team_id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)")
        .text(team.as_str())
        .number(now)
        .first(&self.reader)
        .await?;
        row.map_or(Ok(0), |row| row.number("keys"))
    }
}
