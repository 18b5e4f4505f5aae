//! Members.

use super::{Store, StoreError, row::Columns as _, run::sql};
use domain::{
    id::{MemberId, TeamId},
    role::Roles,
};
use sqlx::any::AnyRow;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Can sign in.
    Active,
    /// Has an invite.
    Invited,
    /// Cannot sign in.
    Deactivated,
    /// A tombstone: to be found only by those who may bring the member back.
    Deleted,
}

impl Status {
    /// `active`, as clients of the SCIM API see it. `said`: it was not removed.
    pub(crate) fn active(self, said: bool) -> Option<bool> {
        match self {
            Status::Deactivated => Some(false),
            _ => said.then_some(true),
        }
    }

    /// The name in the database.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Invited => "invited",
            Status::Deactivated => "deactivated",
            Status::Deleted => "deleted",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Status::Active),
            "invited" => Some(Status::Invited),
            "deactivated" => Some(Status::Deactivated),
            "deleted" => Some(Status::Deleted),
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
    /// The name in the database.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Source::Manual => "manual",
            Source::Invited => "invited",
            Source::Directory => "directory",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
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
}
