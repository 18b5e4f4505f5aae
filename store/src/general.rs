//! The team itself: what the General page shows of it, and what its admins change.

use crate::{
    MemberSource, MemberStatus, Store, StoreError, TeamTransaction,
    db::{row::Row, statement::sql},
    roles::is_any_admin,
    teams::contact_order,
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    role::Roles,
    team::TeamAllowed,
};

/// A break-glass member, or a candidate for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlassCandidate {
    /// The member's id.
    pub id: MemberId,
    /// The display name.
    pub name: String,
    /// The email address, or else the userName.
    pub email: String,
    /// The effective roles.
    pub roles: Roles,
    /// The member's status.
    pub status: MemberStatus,
    /// Where the member comes from.
    pub source: MemberSource,
    /// Is there a password, or does the member depend on single sign-on?
    pub has_password: bool,
    /// Is the member break-glass?
    pub break_glass: bool,
}

impl Store {
    /// Every break-glass member, then up to 200 other active Admins and Super Admins. Members who have signed in come
    /// first, and Super Admins before Admins.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn break_glass_candidates(&self, team: &TeamId) -> Result<Vec<BreakGlassCandidate>, StoreError> {
        let rows = sql(BREAK_GLASS_CANDIDATES).text(team.as_str()).all(&self.reader).await?;
        let read = |row: &Row| {
            Ok(BreakGlassCandidate {
                id: MemberId::new(row.text("id")?),
                name: row.text("display_name")?,
                email: row.text("email")?,
                roles: row.roles()?,
                status: row.parse_enum("status", MemberStatus::from_name)?,
                source: row.parse_enum("source", MemberSource::from_name)?,
                has_password: row.flag("has_password")?,
                break_glass: row.flag("break_glass")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The number of the team's SCIM API keys that work at `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn working_key_count(&self, team: &TeamId, now: UnixMs) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS keys FROM scim_keys WHERE team_id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2)")
        .text(team.as_str())
        .number(now)
        .first(&self.reader)
        .await?;
        row.map_or(Ok(0), |row| row.number("keys"))
    }
}

impl TeamTransaction {
    /// Gives the team another name.
    pub async fn team_set_name(&mut self, name: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET name = $2 WHERE id = $1").text(&id).text(name)).await?;
        Ok(())
    }

    /// Gives the team another slug.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] (the slug).
    pub async fn team_set_slug(&mut self, slug: &str, _: TeamAllowed) -> Result<(), StoreError> {
        let id = self.team.id.as_str().to_owned();
        self.write(sql("UPDATE teams SET slug = $2 WHERE id = $1").text(&id).text(slug)).await?;
        Ok(())
    }

    /// Marks a member as break-glass, or takes the mark away. Identity providers do not see it: the version stays.
    pub async fn break_glass_set(&mut self, id: &MemberId, on: bool, _: TeamAllowed) -> Result<(), StoreError> {
        let statement = sql("UPDATE members SET break_glass = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .flag(on);
        self.write(statement).await?;
        Ok(())
    }

    /// Signs every member out everywhere; returns how many sign-ins that ended.
    pub async fn sign_ins_end_all(&mut self, _: TeamAllowed) -> Result<u64, StoreError> {
        let statement = sql("DELETE FROM sign_ins WHERE team_id = $1").text(self.team.id.as_str());
        self.write(statement).await
    }
}

/// Both halves are found by an index of their own.
const BREAK_GLASS_CANDIDATES: &str = concat!(
    "SELECT m.id, m.display_name, COALESCE(m.email, m.user_name) AS email, m.roles, m.group_roles, \
     m.status, m.source, m.break_glass, \
     CAST(CASE WHEN m.password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password FROM members m WHERE m.team_id = $1 AND m.id IN ( \
     SELECT id FROM members WHERE team_id = $1 AND break_glass = 1 UNION SELECT id FROM members WHERE team_id = $1 AND ",
    is_any_admin!(""),
    " AND status = 'active') \
     AND m.status <> 'deleted' ORDER BY m.break_glass DESC, ",
    contact_order!(),
    " LIMIT 200"
);

#[cfg(test)]
mod tests {
    use super::BREAK_GLASS_CANDIDATES;
    use crate::db::query_plans;

    #[tokio::test]
    async fn candidates_are_found_without_reading_the_whole_team() {
        for plan in query_plans::of_a_new_database().await.of(BREAK_GLASS_CANDIDATES).await {
            assert!(plan.contains("members_break_glass") && plan.contains("members_admins"), "{plan}");
        }
    }
}
