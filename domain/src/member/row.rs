//! A member as lists show it.

use crate::{
    UnixMs,
    id::MemberId,
    role::{Role, Roles},
};
use serde::{Deserialize, Serialize};

/// A member in the team's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// The member's id.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, else the userName.
    pub email: String,
    /// The userName.
    pub user_name: String,
    /// The roles assigned manually.
    pub own_roles: Roles,
    /// The roles given by groups, if there are any.
    pub group_roles: Option<Roles>,
    /// Whether the member can sign in.
    pub status: MemberStatus,
    /// Where the member comes from.
    pub source: MemberSource,
    /// The time of the last sign-in.
    pub last_sign_in_at: Option<UnixMs>,
    /// The time of creation.
    pub created_at: UnixMs,
    /// Is the member kept as a way in for emergencies?
    pub break_glass: bool,
    /// The end of an invite's link.
    pub invite_ends_at: Option<UnixMs>,
}

impl MemberRow {
    /// The effective roles.
    pub fn roles(&self) -> Roles {
        self.group_roles.map_or(self.own_roles, |given| self.own_roles.union(given))
    }
}

/// The groups of a member, as the list shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowGroups {
    /// The first names.
    pub names: Vec<String>,
    /// How many groups there are.
    pub count: i64,
    /// The roles that groups give, each with the name of the first group that does.
    pub give: Vec<(Role, String)>,
}

/// Whether a member can sign in. Lists have no removed members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Can sign in.
    Active,
    /// Has an invite.
    Invited,
    /// Cannot sign in.
    Deactivated,
}

impl MemberStatus {
    /// Every one.
    pub const ALL: [MemberStatus; 3] = [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Deactivated];

    /// The name in addresses and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            MemberStatus::Active => "active",
            MemberStatus::Invited => "invited",
            MemberStatus::Deactivated => "deactivated",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            MemberStatus::Active => "Active",
            MemberStatus::Invited => "Invited",
            MemberStatus::Deactivated => "Deactivated",
        }
    }

    /// From its [name](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Where a member comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberSource {
    /// Added manually.
    Manual,
    /// Invited.
    Invited,
    /// Managed by the identity provider.
    Directory,
}

impl MemberSource {
    /// Every one.
    pub const ALL: [MemberSource; 3] = [MemberSource::Directory, MemberSource::Invited, MemberSource::Manual];

    /// The name in addresses and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            MemberSource::Manual => "manual",
            MemberSource::Invited => "invited",
            MemberSource::Directory => "directory",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            MemberSource::Manual => "Added manually",
            MemberSource::Invited => "Invited",
            MemberSource::Directory => "SCIM",
        }
    }

    /// From its [name](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}
