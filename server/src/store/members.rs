//! Members.

use super::{Store, StoreError, row::Columns as _, run::sql};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    role::Roles,
};
use sqlx::any::AnyRow;

/// What a member is. Deleted ones are tombstones: nothing here ever returns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Can sign in.
    Active,
    /// Has an invite.
    Invited,
    /// Cannot sign in.
    Deactivated,
}

impl Status {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Status::Active),
            "invited" => Some(Status::Invited),
            "deactivated" => Some(Status::Deactivated),
            _ => None,
        }
    }
}

/// Where a member comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Made by hand.
    Manual,
    /// Invited.
    Invited,
    /// Managed by the identity provider.
    Directory,
}

impl Source {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Source::Manual),
            "invited" => Some(Source::Invited),
            "directory" => Some(Source::Directory),
            _ => None,
        }
    }
}

/// A member in the team's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Which one.
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
}

/// A member as an identity provider sees them (RFC 7643, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimMember {
    /// `id`.
    pub id: MemberId,
    /// `userName`, as it was given.
    pub user_name: String,
    /// The e-mail address, where there is one.
    pub email: Option<String>,
    /// `displayName`.
    pub display_name: String,
    /// `name.givenName`.
    pub given_name: Option<String>,
    /// `name.familyName`.
    pub family_name: Option<String>,
    /// `externalId`.
    pub external_id: Option<String>,
    /// `active`.
    pub active: bool,
    /// The effective roles.
    pub roles: Roles,
    /// `meta.created`.
    pub created_at: UnixMs,
    /// `meta.lastModified`.
    pub updated_at: UnixMs,
}

/// The columns of [`ScimMember`].
macro_rules! scim_columns {
    () => {
        "id, user_name, email, display_name, given_name, family_name, external_id, status, roles, group_roles, \
         created_at, updated_at"
    };
}

impl ScimMember {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MemberId::new(row.text("id")?),
            user_name: row.text("user_name")?,
            email: row.maybe_text("email")?,
            display_name: row.text("display_name")?,
            given_name: row.maybe_text("given_name")?,
            family_name: row.maybe_text("family_name")?,
            external_id: row.maybe_text("external_id")?,
            active: row.one_of("status", Status::parse)? != Status::Deactivated,
            roles: row.roles()?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }
}

impl Store {
    /// One page of the team's members, by name; pages count from 1. How many there are is
    /// [`TeamRow::member_count`](super::TeamRow::member_count).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_page(&self, team: &TeamId, page: i64, size: i64) -> Result<Vec<MemberRow>, StoreError> {
        let rows =
            sql("SELECT id, display_name, COALESCE(email, user_name) AS email, roles, group_roles, status, source \
             FROM members WHERE team_id = $1 AND status <> 'deleted' \
             ORDER BY display_name_key, id LIMIT $2 OFFSET $3")
            .text(team.as_str())
            .number(size.max(0))
            .number(page.max(1).saturating_sub(1).saturating_mul(size.max(0)))
            .all(&self.reader)
            .await?;
        let read = |row: &AnyRow| {
            Ok(MemberRow {
                id: MemberId::new(row.text("id")?),
                name: row.text("display_name")?,
                email: row.text("email")?,
                roles: row.roles()?,
                status: row.one_of("status", Status::parse)?,
                source: row.one_of("source", Source::parse)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// How many members the team has, and up to `limit` of them from `offset` on, the oldest first: one statement.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_users(
        &self,
        team: &TeamId,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<ScimMember>), StoreError> {
        const SQL: &str = concat!(
            "SELECT t.member_count AS total, page.* FROM teams t LEFT JOIN (SELECT ",
            scim_columns!(),
            " FROM members WHERE team_id = $1 AND status <> 'deleted' ORDER BY id LIMIT $2 OFFSET $3) AS page ON 1 = 1 \
             WHERE t.id = $1 ORDER BY page.id"
        );
        let rows = sql(SQL).text(team.as_str()).number(limit.max(0)).number(offset.max(0)).all(&self.reader).await?;
        total_and_rows(&rows, ScimMember::read)
    }

    /// A member of the team, by id. Another team's member is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_user(&self, team: &TeamId, id: &MemberId) -> Result<Option<ScimMember>, StoreError> {
        const SQL: &str =
            concat!("SELECT ", scim_columns!(), " FROM members WHERE id = $1 AND team_id = $2 AND status <> 'deleted'");
        let row = sql(SQL).text(id.as_str()).text(team.as_str()).first(&self.reader).await?;
        row.as_ref().map(ScimMember::read).transpose()
    }
}

/// Takes apart rows that carry the total beside them; a row without `id` carries the total alone.
pub(super) fn total_and_rows<T>(
    rows: &[AnyRow],
    read: impl Fn(&AnyRow) -> Result<T, StoreError>,
) -> Result<(i64, Vec<T>), StoreError> {
    let total = rows.first().map_or(Ok(0), |row| row.number("total"))?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if row.maybe_text("id")?.is_some() {
            items.push(read(row)?);
        }
    }
    Ok((total, items))
}
