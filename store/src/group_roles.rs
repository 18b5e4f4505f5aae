//! The roles that groups give. The database counts the members of a group by cohort. So a handful of rows describe a
//! group of any size.

use crate::{
    Store, StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
    roles::bits_of_group_roles,
};
use domain::{
    UnixMs,
    activity::Entry,
    group_role::MemberCohort,
    id::{ActivityId, MemberId, TeamId},
    role::Roles,
};
use std::sync::LazyLock;

/// The bits of all roles that a member's groups give. The statement names the rows of `group_members` `o`, and ends the
/// condition on them.
pub(crate) fn roles_given(of: &str) -> String {
    let bits = bits_of_group_roles();
    format!(
        "CAST(COALESCE((SELECT {bits} FROM group_members o JOIN groups g ON g.team_id = o.team_id AND g.id = o.group_id \
         WHERE {of}), 0) AS BIGINT)"
    )
}

/// The members of the group `$2` of team `$1`, with the facts that the policy for group roles depends on.
fn members_with_roles() -> String {
    let others = roles_given("o.team_id = $1 AND o.member_id = m.id AND o.group_id <> $2");
    format!(
        "(SELECT m.id, m.display_name, m.roles, m.group_roles AS given, \
         CAST(CASE m.status WHEN 'active' THEN 1 ELSE 0 END AS BIGINT) AS active, m.break_glass, {others} AS others \
         FROM group_members gm JOIN members m ON m.team_id = gm.team_id AND m.id = gm.member_id \
         WHERE gm.team_id = $1 AND gm.group_id = $2) AS members_with_roles"
    )
}

/// The statement that counts those who are alike: `$1` the group. `example` is the name of one of them.
pub(crate) static COHORTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT roles, given, others, active, break_glass, COUNT(*) AS members, MIN(display_name) AS example FROM {} \
         GROUP BY roles, given, others, active, break_glass",
        members_with_roles()
    )
});

/// A cohort, and the name of one of its members.
pub(crate) fn read(row: &Row) -> Result<(MemberCohort, String), StoreError> {
    let set = |column| Ok::<_, StoreError>(Some(row.number(column)?).filter(|bits| *bits != 0).map(Roles::from_bits));
    let cohort = MemberCohort {
        own: Roles::from_bits(row.number("roles")?),
        given: set("given")?,
        others: set("others")?,
        active: row.flag("active")?,
        break_glass: row.flag("break_glass")?,
        members: row.number("members")?,
    };
    Ok((cohort, row.text("example")?))
}

impl Store {
    /// The groups with an unfinished recount of their members' roles that no one has continued since a time, each with
    /// its team.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn unfinished_recounts(&self, since: UnixMs) -> Result<Vec<(TeamId, String)>, StoreError> {
        let rows = sql("SELECT id, team_id FROM groups WHERE recount_after IS NOT NULL AND recount_at < $1")
            .number(since)
            .all(&self.reader)
            .await?;
        rows.iter().map(|row| Ok((TeamId::new(row.text("team_id")?), row.text("id")?))).collect()
    }

    /// The cohorts of a group's members, each with the name of one member.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_cohorts(&self, team: &TeamId, group: &str) -> Result<Vec<(MemberCohort, String)>, StoreError> {
        sql(&COHORTS).text(team.as_str()).text(group).all(&self.reader).await?.iter().map(read).collect()
    }

    /// Up to `size` members of a group in one of these cohorts, with their names.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_people(
        &self,
        team: &TeamId,
        group: &str,
        like: &[MemberCohort],
        size: i64,
    ) -> Result<Vec<(MemberId, String)>, StoreError> {
        if like.is_empty() {
            return Ok(Vec::new());
        }
        let rows =
            sql_owned(people(like)).text(team.as_str()).text(group).number(size.max(0)).all(&self.reader).await?;
        rows.iter().map(|row| Ok((MemberId::new(row.text("id")?), row.text("display_name")?))).collect()
    }

    /// An entry of the team's log.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_entry(&self, team: &TeamId, id: &ActivityId) -> Result<Option<Entry>, StoreError> {
        let row = sql(
            "SELECT id, at, actor, address, body, request_id, member_id FROM activity WHERE team_id = $1 AND id = $2",
        )
        .text(team.as_str())
        .text(id.as_str())
        .first(&self.reader)
        .await?;
        row.as_ref().map(crate::activity::entries::read).transpose()
    }
}

/// The statement of [`Store::group_people`]: `$1` the team, `$2` the group, `$3` the size. It ends as soon as it has
/// enough rows.
fn people(like: &[MemberCohort]) -> String {
    let (all, bits) = (Roles::ALL.bits(), |roles: Option<Roles>| roles.map_or(0, Roles::bits));
    let like: Vec<String> = like
        .iter()
        .map(|one| {
            format!(
                "(roles & {all} = {} AND given & {all} = {} AND others = {} AND active = {})",
                one.own.bits(),
                bits(one.given),
                bits(one.others),
                i64::from(one.active)
            )
        })
        .collect();
    format!("SELECT id, display_name FROM {} WHERE {} LIMIT $3", members_with_roles(), like.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    /// Only the group's members and their groups are read.
    #[tokio::test]
    async fn only_the_groups_members_are_read() {
        let plans = query_plans::of_a_new_database().await;
        let alike = MemberCohort {
            own: Roles::of(domain::role::Role::Developer),
            given: None,
            others: None,
            active: true,
            break_glass: false,
            members: 1,
        };
        for statement in [COHORTS.clone(), people(&[alike, alike])] {
            for plan in plans.of(&statement).await {
                assert!(!plan.contains("SCAN m") && !plan.contains("SCAN g"), "{statement}\n{plan}");
                assert!(plan.contains("SEARCH gm USING COVERING INDEX"), "{statement}\n{plan}");
                assert!(plan.contains("SEARCH o USING COVERING INDEX group_members_member"), "{statement}\n{plan}");
            }
        }
    }
}
