//! A member as lists show it.

use super::{MemberSource, MemberStatus};
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
