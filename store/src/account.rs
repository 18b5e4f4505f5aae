//! The data of a member's own account page.

use crate::{
    MemberSource, Store, StoreError,
    db::{row::Row, statement::sql},
    roles::{is_any_admin, is_super_admin},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    member::MemberSession,
    role::{Role, Roles},
};

/// The number of characters of a session id that identify one of a member's sessions. They grant no access.
const MARK: usize = 16;

/// A member on their own account page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The display name.
    pub name: String,
    /// The email address.
    pub email: Option<String>,
    /// The userName.
    pub user_name: String,
    /// Where the member comes from.
    pub source: MemberSource,
    /// The effective roles.
    pub roles: Roles,
    /// Is the member break-glass?
    pub break_glass: bool,
    /// Does the member have a password?
    pub has_password: bool,
    /// Is the member the team's only active Super Admin?
    pub last_super_admin: bool,
}

const ACCOUNT: &str = concat!(
    "SELECT m.display_name, m.email, m.user_name, m.source, m.roles, m.group_roles, m.break_glass, \
             CAST(CASE WHEN m.password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password, \
             (SELECT COUNT(*) FROM members o WHERE o.team_id = m.team_id AND ",
    is_any_admin!("o."),
    " AND ",
    is_super_admin!("o."),
    " AND o.status = 'active' AND o.id <> m.id) AS other_super_admins \
             FROM members m WHERE m.team_id = $1 AND m.id = $2 AND m.status = 'active'"
);

impl Store {
    /// The active member with this id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn account(&self, team: &TeamId, id: &MemberId) -> Result<Option<AccountRow>, StoreError> {
        let row = sql(ACCOUNT).text(team.as_str()).text(id.as_str()).first(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(AccountRow {
            name: row.text("display_name")?,
            email: row.opt_text("email")?,
            user_name: row.text("user_name")?,
            source: row.parse_enum("source", MemberSource::from_name)?,
            roles: row.roles()?,
            break_glass: row.flag("break_glass")?,
            has_password: row.flag("has_password")?,
            last_super_admin: Roles::from_bits(row.number("roles")?).contains(Role::SuperAdmin)
                && row.number("other_super_admins")? == 0,
        }))
    }

    /// A member's last 50 sessions, the last used first. `this`: the hash of the current session.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn own_sessions(
        &self,
        team: &TeamId,
        id: &MemberId,
        this: &str,
        now: UnixMs,
    ) -> Result<Vec<MemberSession>, StoreError> {
        let rows = self.sessions_of(team, id, now).await?;
        let read = |row: &Row| {
            Ok(MemberSession {
                is_this: row.text("token_hash")? == this,
                mark: row.text("session_id")?.chars().take(MARK).collect(),
                since: row.number("signed_in_at")?,
                last_seen_at: row.number("last_seen_at")?,
                browser: row.opt_text("browser")?,
                address: row.opt_text("address")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::ACCOUNT;
    use crate::db::query_plans;

    #[tokio::test]
    async fn other_super_admins_are_found_without_reading_the_whole_team() {
        for plan in query_plans::of_a_new_database().await.of(ACCOUNT).await {
            assert!(plan.contains("members_admins") && !plan.contains("SCAN"), "{plan}");
        }
    }
}
