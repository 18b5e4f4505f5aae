//! A member as a row of the list.

use crate::{Source, Status, StoreError, db::row::Row};
use domain::{
    UnixMs,
    id::MemberId,
    role::{Role, Roles},
};

/// A member in the team's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The member's id.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    /// The userName.
    pub user_name: String,
    /// The manual roles.
    pub own_roles: Roles,
    /// The roles from groups, if there are any.
    pub group_roles: Option<Roles>,
    /// The status.
    pub status: Status,
    /// The source.
    pub source: Source,
    /// The time of the last sign-in.
    pub last_sign_in_at: Option<UnixMs>,
    /// The time of creation.
    pub created_at: UnixMs,
    /// Is the member break-glass?
    pub break_glass: bool,
    /// The end of an invite's validity.
    pub invite_ends_at: Option<UnixMs>,
}

/// The groups of a member in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowGroups {
    /// The names of the first groups.
    pub names: Vec<String>,
    /// The number of groups.
    pub count: i64,
    /// The roles from groups, each with the name of the first group that gives it.
    pub give: Vec<(Role, String)>,
}

impl MemberRow {
    /// The effective roles.
    pub fn roles(&self) -> Roles {
        self.group_roles.map_or(self.own_roles, |given| self.own_roles.union(given))
    }
}

/// The columns of [`MemberRow`] in the table `m` of the statement.
macro_rules! list_columns {
    () => {
        "m.id, m.display_name, COALESCE(m.email, m.user_name) AS email, m.user_name, m.roles, m.group_roles, m.status, \
         m.source, m.last_sign_in_at, m.created_at, m.break_glass, CASE WHEN m.status = 'invited' THEN \
         (SELECT i.expires_at FROM invites i WHERE i.team_id = m.team_id AND i.member_id = m.id) END AS invite_ends_at"
    };
}
pub(crate) use list_columns;

pub(crate) fn read(row: &Row) -> Result<MemberRow, StoreError> {
    let given = row.number("group_roles")?;
    Ok(MemberRow {
        id: MemberId::new(row.text("id")?),
        name: row.text("display_name")?,
        email: row.text("email")?,
        user_name: row.text("user_name")?,
        own_roles: Roles::from_bits(row.number("roles")?),
        group_roles: (given != 0).then(|| Roles::from_bits(given)),
        status: row.parse_enum("status", Status::parse)?,
        source: row.parse_enum("source", Source::parse)?,
        last_sign_in_at: row.opt_number("last_sign_in_at")?,
        created_at: row.number("created_at")?,
        break_glass: row.flag("break_glass")?,
        invite_ends_at: row.opt_number("invite_ends_at")?,
    })
}
