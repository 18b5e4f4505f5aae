//! The data of one member's page.

use crate::{
    MemberRow, Store, StoreError,
    db::statement::sql,
    member_list::{list_columns, read},
    roles::{is_any_admin, is_super_admin},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    role::Role,
};

/// A member with the data of their own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDetails {
    /// The row of the list.
    pub row: MemberRow,
    /// The SCIM User as JSON, as sent.
    pub document: String,
    /// The end of the permission for an identity provider to adopt the member by email address.
    pub adoption_allowed_until: Option<UnixMs>,
    /// Is the member the team's only active Super Admin?
    pub last_super_admin: bool,
}

impl Store {
    /// A member of the team. Another team's member is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_details(&self, team: &TeamId, id: &MemberId) -> Result<Option<MemberDetails>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            list_columns!(),
            ", m.document, m.adoption_allowed_until, CAST(CASE WHEN ",
            is_super_admin!("m."),
            " AND m.status = 'active' AND NOT EXISTS (SELECT 1 FROM members o WHERE o.team_id = m.team_id AND ",
            is_any_admin!("o."),
            " AND ",
            is_super_admin!("o."),
            " AND o.status = 'active' AND o.id <> m.id) THEN 1 ELSE 0 END AS BIGINT) AS last_super_admin \
             FROM members m WHERE m.team_id = $1 AND m.id = $2 AND m.status <> 'deleted'"
        );
        let row = sql(SQL).text(team.as_str()).text(id.as_str()).inline().first(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let document = row.text("document")?;
        let last_super_admin = row.flag("last_super_admin")?;
        let adoption_allowed_until = row.opt_number("adoption_allowed_until")?;
        Ok(Some(MemberDetails { row: read(&row)?, document, adoption_allowed_until, last_super_admin }))
    }

    /// The ids and names of a member's first 200 groups by name, with the role that each gives.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn member_groups(
        &self,
        team: &TeamId,
        id: &MemberId,
    ) -> Result<Vec<(String, String, Option<Role>)>, StoreError> {
        let rows =
            sql("SELECT g.id, g.display_name, g.role FROM group_members gm JOIN groups g \
             ON g.team_id = gm.team_id AND g.id = gm.group_id WHERE gm.team_id = $1 AND gm.member_id = $2 ORDER BY g.display_name_key, g.id LIMIT 200")
            .text(team.as_str())
            .text(id.as_str())
            .all(&self.reader)
            .await?;
        let role = |name: Option<String>| name.and_then(|name| Role::from_name(&name));
        rows.iter().map(|row| Ok((row.text("id")?, row.text("display_name")?, role(row.opt_text("role")?)))).collect()
    }

    /// The name of the team's only enabled SSO method, which is also the name of its identity provider.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn provider_name(&self, team: &TeamId) -> Result<Option<String>, StoreError> {
        let rows = sql("SELECT name FROM sso_methods WHERE team_id = $1 AND enabled = 1 LIMIT 2")
            .text(team.as_str())
            .inline()
            .all(&self.reader)
            .await?;
        match rows.as_slice() {
            [only] => Ok(Some(only.text("name")?)),
            _ => Ok(None),
        }
    }
}
