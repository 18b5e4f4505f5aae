//! Which roles groups give. The members of a group are counted by the database, all who are alike together: however large
//! the group is, a handful of rows come back.

use crate::{
    Store, StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
    roles::role_bit,
};
use domain::{
    UnixMs,
    activity::Entry,
    group_role::MemberCohort,
    id::{ActivityId, MemberId, TeamId},
    role::Roles,
};

/// The bits of all roles that a member's groups give. The statement calls the rows of `group_members` `o`, and ends the
/// condition on them.
macro_rules! roles_given {
    ($of:literal) => {
        concat!(
            "CAST(COALESCE((SELECT ",
            $crate::roles::bits_of_group_roles!(),
            " FROM group_members o JOIN groups g ON g.team_id = o.team_id AND g.id = o.group_id WHERE ",
            $of,
            "), 0) AS BIGINT)"
        )
    };
}
pub(crate) use roles_given;

/// The members of the group `$2` of team `$1`, with all that a mapping asks about.
macro_rules! members_with_roles {
    () => {
        concat!(
            "(SELECT m.id, m.display_name, m.roles, m.group_roles AS given, \
             CAST(CASE m.status WHEN 'active' THEN 1 ELSE 0 END AS BIGINT) AS active, m.break_glass, ",
            $crate::group_roles::roles_given!("o.team_id = $1 AND o.member_id = m.id AND o.group_id <> $2"),
            " AS others FROM group_members gm JOIN members m ON m.team_id = gm.team_id AND m.id = gm.member_id \
             WHERE gm.team_id = $1 AND gm.group_id = $2) AS members_with_roles"
        )
    };
}

/// The statement that counts those who are alike: `$1` the group. `example` is the name of one of them.
pub(crate) const COHORTS: &str = concat!(
    "SELECT roles, given, others, active, break_glass, COUNT(*) AS members, MIN(display_name) AS example FROM ",
    members_with_roles!(),
    " GROUP BY roles, given, others, active, break_glass"
);

/// Those who are alike, and the name of one of them.
pub(crate) fn read(row: &Row) -> Result<(MemberCohort, String), StoreError> {
    let set = |column| Ok::<_, StoreError>(Some(row.number(column)?).filter(|bits| *bits != 0).map(Roles::from_bits));
    let alike = MemberCohort {
        own: Roles::from_bits(row.number("roles")?),
        given: set("given")?,
        others: set("others")?,
        active: row.flag("active")?,
        break_glass: row.flag("break_glass")?,
        members: row.number("members")?,
    };
    Ok((alike, row.text("example")?))
}

impl Store {
    /// The groups whose members wait for their role, and for whom no one did anything since a time; each with its team.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_left_to_recount(&self, since: UnixMs) -> Result<Vec<(TeamId, String)>, StoreError> {
        let rows = sql("SELECT id, team_id FROM groups WHERE recount_after IS NOT NULL AND recount_at < $1")
            .number(since)
            .all(&self.reader)
            .await?;
        rows.iter().map(|row| Ok((TeamId::new(row.text("team_id")?), row.text("id")?))).collect()
    }

    /// The members of a group, all who are alike together, with the name of one of them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_cohorts(&self, team: &TeamId, group: &str) -> Result<Vec<(MemberCohort, String)>, StoreError> {
        sql(COHORTS).text(team.as_str()).text(group).all(&self.reader).await?.iter().map(read).collect()
    }

    /// Up to `size` members of a group who are like one of these, with their names.
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

/// The statement of [`Store::group_people`]: `$1` the team, `$2` the group, `$3` the size. It ends as soon as enough are found.
fn people(like: &[MemberCohort]) -> String {
    let bits = |roles: Option<Roles>| roles.map_or(0, Roles::bits);
    let like: Vec<String> = like
        .iter()
        .map(|one| {
            format!(
                concat!(
                    "(roles & ",
                    role_bit!(all),
                    " = {} AND given & ",
                    role_bit!(all),
                    " = {} AND others = {} AND active = {})"
                ),
                one.own.bits(),
                bits(one.given),
                bits(one.others),
                i64::from(one.active)
            )
        })
        .collect();
    [concat!("SELECT id, display_name FROM ", members_with_roles!(), " WHERE "), &like.join(" OR "), " LIMIT $3"]
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    /// Nothing but the group's members and their groups is read.
    #[tokio::test]
    async fn only_the_groups_members_are_read() {
        let plans = query_plans::of_a_new_database().await;
        let alike = MemberCohort {
            own: Roles::from_bits(1),
            given: None,
            others: None,
            active: true,
            break_glass: false,
            members: 1,
        };
        for statement in [COHORTS.to_owned(), people(&[alike, alike])] {
            for plan in plans.of(&statement).await {
                assert!(!plan.contains("SCAN m") && !plan.contains("SCAN g"), "{statement}\n{plan}");
                assert!(plan.contains("SEARCH gm USING COVERING INDEX"), "{statement}\n{plan}");
                assert!(plan.contains("SEARCH o USING COVERING INDEX group_members_member"), "{statement}\n{plan}");
            }
        }
    }
}
