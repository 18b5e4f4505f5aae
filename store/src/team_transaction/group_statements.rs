//! The statements of changes of groups. Members of a group are found by their keys, however many the group has.

use crate::{Engine, db::placeholders::one_of, group_roles::roles_given};
use std::sync::LazyLock;

/// The members of group `$2` of team `$1` who are marked, found by the index of those few.
pub(super) static MARKED: LazyLock<String> = LazyLock::new(|| {
    let others = roles_given("o.team_id = $1 AND o.member_id = m.id AND o.group_id <> $2");
    format!(
        "SELECT m.id, m.user_name, m.display_name, m.status, m.roles, {others} AS others FROM members m \
         WHERE m.team_id = $1 AND m.break_glass = 1 AND EXISTS (SELECT 1 FROM group_members gm WHERE gm.team_id = $1 \
         AND gm.group_id = $2 AND gm.member_id = m.id) ORDER BY m.id"
    )
});

/// The role of group `$2` of team `$1`.
pub(super) const ROLE: &str = "SELECT role FROM groups WHERE team_id = $1 AND id = $2";

/// The members of team `$1`.
const TEAM: &[(&str, &str)] = &[("team_id", "$1")];

/// `$1` the team then the members.
pub(super) fn named_sql(engine: Engine, count: usize) -> String {
    ["SELECT id, display_name FROM members WHERE ", &one_of(engine, TEAM, "id", 2, count), " AND status <> 'deleted'"]
        .concat()
}

/// `$1` the team, `$2` the group, then the members.
pub(super) fn add_sql(engine: Engine, count: usize) -> String {
    [
        "INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, $2, id FROM members WHERE ",
        &one_of(engine, TEAM, "id", 3, count),
        " AND status <> 'deleted' ON CONFLICT (team_id, group_id, member_id) DO NOTHING RETURNING member_id",
    ]
    .concat()
}

/// `$1` the team, `$2` the group, then the members.
pub(super) fn remove_sql(engine: Engine, count: usize) -> String {
    let members = one_of(engine, &[("team_id", "$1"), ("group_id", "$2")], "member_id", 3, count);
    ["DELETE FROM group_members WHERE ", &members, " RETURNING member_id"].concat()
}

/// `$1` the team, `$2` the time, then the members.
pub(super) fn moved_sql(engine: Engine, count: usize) -> String {
    let members = one_of(engine, TEAM, "id", 3, count);
    ["UPDATE members SET version = version + 1, updated_at = $2 WHERE ", &members].concat()
}

/// `$1` the team, then the members.
pub(super) fn recount_sql(engine: Engine, count: usize) -> String {
    let given = roles_given("o.team_id = $1 AND o.member_id = members.id");
    ["UPDATE members SET group_roles = ", &given, " WHERE ", &one_of(engine, TEAM, "id", 2, count)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn marked_members_are_found_without_reading_the_group() {
        for plan in query_plans::of_a_new_database().await.of(&MARKED).await {
            assert!(plan.contains("members_break_glass") && !plan.contains("SCAN"), "{plan}");
        }
    }

    /// However large the team and the group are, and whatever the planner knows of them.
    #[tokio::test]
    async fn listed_members_are_found_by_their_keys() {
        let (new, grown) = (query_plans::of_a_new_database().await, query_plans::without_statistics().await);
        for plans in [new, grown] {
            for statement in [named_sql, add_sql, moved_sql, recount_sql] {
                plans.check_listed(statement, "members").await;
            }
            plans.check_listed(remove_sql, "group_members").await;
        }
    }
}
