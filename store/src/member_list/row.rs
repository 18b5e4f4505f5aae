//! A member as a row of the list.

use crate::{StoreError, db::row::Row};
use domain::{
    id::MemberId,
    member::{MemberSource, MemberStatus, row::MemberRow},
    role::Roles,
};

/// The columns of [`MemberRow`], of a table that the statement calls `m`.
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
        status: row.parse_enum("status", MemberStatus::from_name)?,
        source: row.parse_enum("source", MemberSource::from_name)?,
        last_sign_in_at: row.opt_number("last_sign_in_at")?,
        created_at: row.number("created_at")?,
        break_glass: row.flag("break_glass")?,
        invite_ends_at: row.opt_number("invite_ends_at")?,
    })
}
