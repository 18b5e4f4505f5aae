//! Teams.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
    roles::is_any_admin,
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    plan::Plan,
    role::Role,
};
use serde::{Deserialize, Serialize};

/// A team in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRow {
    /// The team's id.
    pub id: TeamId,
    /// The name in URLs.
    pub slug: String,
    /// The name.
    pub name: String,
    /// The plan.
    pub plan: Plan,
    /// Is SCIM provisioning on?
    pub scim_on: bool,
    /// The number of members, without deleted ones.
    pub member_count: i64,
    /// The number of groups.
    pub group_count: i64,
    /// The stored bytes: the documents of its members, and a constant for each membership.
    #[serde(default)]
    pub stored_bytes: i64,
    /// The time of creation.
    pub created_at: UnixMs,
}

/// The columns of [`TeamRow`] in the table `t` of the statement. With `""`, of the only table (SQLite supports no alias
/// after RETURNING).
macro_rules! team_columns {
    () => {
        team_columns!("t.")
    };
    ($of:literal) => {
        concat!(
            $of,
            "id AS team_id, ",
            $of,
            "slug AS team_slug, ",
            $of,
            "name AS team_name, ",
            $of,
            "plan AS team_plan, ",
            $of,
            "scim_on AS team_scim_on, ",
            $of,
            "member_count AS team_member_count, ",
            $of,
            "group_count AS team_group_count, ",
            $of,
            "stored_bytes AS team_stored_bytes, ",
            $of,
            "created_at AS team_created_at"
        )
    };
}
pub(crate) use team_columns;

/// An Admin or Super Admin who can help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminContact {
    /// The display name.
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    /// The most powerful role.
    pub role: Role,
}

/// The order of admins `m` as contacts: those who have signed in first, then by role and time.
macro_rules! contact_order {
    () => {
        concat!(
            "CASE WHEN m.last_sign_in_at IS NULL THEN 1 ELSE 0 END, CASE WHEN ",
            $crate::roles::is_super_admin!("m."),
            " THEN 0 ELSE 1 END, m.last_sign_in_at DESC, m.display_name_key, m.id"
        )
    };
}
pub(crate) use contact_order;

impl TeamRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: TeamId::new(row.text("team_id")?),
            slug: row.text("team_slug")?,
            name: row.text("team_name")?,
            plan: row.parse_enum("team_plan", Plan::from_name)?,
            scim_on: row.flag("team_scim_on")?,
            member_count: row.number("team_member_count")?,
            group_count: row.number("team_group_count")?,
            stored_bytes: row.number("team_stored_bytes")?,
            created_at: row.number("team_created_at")?,
        })
    }
}

impl Store {
    /// Does the database have no team yet?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(sql("SELECT id FROM teams WHERE deleted_at IS NULL LIMIT 1").first(&self.reader).await?.is_none())
    }

    /// The team with this slug.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn team_by_slug(&self, slug: &str) -> Result<Option<TeamRow>, StoreError> {
        const SQL: &str =
            concat!("SELECT ", team_columns!(), " FROM teams t WHERE t.slug = $1 AND t.deleted_at IS NULL");
        sql(SQL).text(slug).inline().first(&self.reader).await?.as_ref().map(TeamRow::read).transpose()
    }

    /// The contacts for help: up to 20 active Admins and Super Admins other than `me`. Those who have signed in come
    /// first, then Super Admins before Admins, then the latest sign-in.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn team_admins(&self, team: &TeamId, me: &MemberId) -> Result<Vec<AdminContact>, StoreError> {
        const SQL: &str = concat!(
            "SELECT m.display_name, COALESCE(m.email, m.user_name) AS email, m.roles, m.group_roles FROM members m WHERE m.team_id = $1 \
             AND ",
            is_any_admin!("m."),
            " AND m.status = 'active' AND m.id <> $2 ORDER BY ",
            contact_order!(),
            " LIMIT 20"
        );
        let rows = sql(SQL).text(team.as_str()).text(me.as_str()).all(&self.reader).await?;
        let read = |row: &Row| {
            let (name, email) = (row.text("display_name")?, row.text("email")?);
            Ok(AdminContact { name, email, role: row.roles()?.highest() })
        };
        rows.iter().map(read).collect()
    }
}
