//! Details beside the members of a page: their groups, and the actor of a deactivation. One statement each for the
//! whole page.

use crate::{
    Engine, RowGroups, Store, StoreError,
    db::{
        placeholders::{bind_ids, one_of, slots},
        statement::{Statement, sql, sql_owned},
    },
};
use domain::{
    UnixMs,
    activity::ActivityActor,
    id::{MemberId, TeamId},
    role::Role,
};
use std::collections::HashMap;

impl Store {
    /// The groups of members, by name. Members without groups are missing. The names of the first `name_count` groups are
    /// read, the others are counted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_groups(
        &self,
        team: &TeamId,
        ids: &[&MemberId],
        name_count: i64,
    ) -> Result<HashMap<MemberId, RowGroups>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let statement = sql_owned(groups(self.engine, slots(ids.len()))).text(team.as_str()).number(name_count);
        let rows = bind(statement, ids).all(&self.reader).await?;
        let mut groups_of: HashMap<MemberId, RowGroups> = HashMap::new();
        for row in &rows {
            let groups = groups_of.entry(MemberId::new(row.text("member_id")?)).or_default();
            let name = row.text("display_name")?;
            groups.count = row.number("groups")?;
            let role = row.opt_text("role")?.and_then(|role| Role::from_name(&role));
            if let Some(role) = role.filter(|role| groups.give.iter().all(|(known, _)| known != role)) {
                groups.give.push((role, name.clone()));
            }
            if row.number("place")? <= name_count {
                groups.names.push(name);
            }
        }
        Ok(groups_of)
    }

    /// The actor and time of members' deactivations, as far as the log contains them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_deactivated(
        &self,
        team: &TeamId,
        ids: &[&MemberId],
    ) -> Result<HashMap<MemberId, (ActivityActor, UnixMs)>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let statement = sql_owned(deactivated(self.engine, slots(ids.len()))).text(team.as_str());
        let rows = bind(statement, ids).all(&self.reader).await?;
        let read = |row: &crate::db::row::Row| {
            let actor = row.parse_enum("actor", |json| serde_json::from_str(json).ok())?;
            Ok((MemberId::new(row.text("member_id")?), (actor, row.number("at")?)))
        };
        rows.iter().map(read).collect()
    }

    /// The number of members that the directory does not manage, counted up to `limit`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_outside_directory(&self, team: &TeamId, limit: i64) -> Result<i64, StoreError> {
        let row = sql(FROM_ELSEWHERE).text(team.as_str()).number(limit.max(0)).inline().first(&self.reader).await?;
        row.map_or(Ok(0), |row| row.number("members"))
    }
}

fn bind(statement: Statement, ids: &[&MemberId]) -> Statement {
    bind_ids(statement, ids.iter().map(|id| id.as_str()), slots(ids.len()))
}

/// `$1` the team, `$2` the number of names, then the members.
fn groups(engine: Engine, count: usize) -> String {
    [
        "SELECT member_id, display_name, role, place, groups FROM (SELECT gm.member_id, g.display_name, g.role, \
                    ROW_NUMBER() OVER (PARTITION BY gm.member_id ORDER BY g.display_name_key, g.id) AS place, \
                    COUNT(*) OVER (PARTITION BY gm.member_id) AS groups \
                    FROM group_members gm JOIN groups g ON g.team_id = gm.team_id AND g.id = gm.group_id \
                    WHERE ",
        &one_of(engine, &[("gm.team_id", "$1")], "gm.member_id", 3, count),
        ") AS ranked WHERE place <= $2 OR role IS NOT NULL ORDER BY member_id, place",
    ]
    .concat()
}

/// `$1` the team, then the members.
fn deactivated(engine: Engine, count: usize) -> String {
    [
        "SELECT a.member_id, a.actor, a.at FROM activity a WHERE a.team_id = $1 AND a.id IN (SELECT MAX(d.id) FROM activity d \
                    WHERE ",
        &one_of(engine, &[("d.team_id", "$1")], "d.member_id", 2, count),
        " AND d.kind = 'member_deactivated' GROUP BY d.member_id)",
    ]
    .concat()
}

/// `$1` the team, `$2` the limit.
const FROM_ELSEWHERE: &str = "SELECT COUNT(*) AS members FROM (SELECT id FROM members WHERE team_id = $1 \
                              AND status <> 'deleted' AND status IN ('active', 'invited', 'deactivated') \
                              AND source IN ('manual', 'invited') LIMIT $2) AS found";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn details_are_found_by_the_members_ids() {
        let plans = query_plans::of_a_new_database().await;
        plans.check_each(|engine| groups(engine, 8), "gm", "group_members_member (team_id=? AND member_id=?)").await;
        plans.check_each(|engine| deactivated(engine, 8), "d", "activity_by_member (team_id=? AND member_id=?").await;
        plans.check(FROM_ELSEWHERE, "members", "members_by_state (team_id=? AND status=? AND source=?").await;
    }
}
