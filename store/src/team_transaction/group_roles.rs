//! Changes of the role that a group gives.

use crate::team_transaction::TeamTransaction;
use crate::{
    BATCH_SIZE, StoreError,
    db::statement::sql,
    group_roles::{COHORTS, read, roles_given},
};
use domain::{
    UnixMs,
    group_role::{MappingAllowed, MemberCohort},
    role::Role,
};
use std::sync::LazyLock;

/// Sets anew what groups give to the members of group `$2` of team `$1` after `$3`, up to `$4`, where it differs; `$5`: the time. Who has
/// the same roles as before, for another reason, is the same to clients of the SCIM API.
static RECOUNT: LazyLock<String> = LazyLock::new(|| {
    let given = roles_given("o.team_id = $1 AND o.member_id = gm.member_id");
    format!(
        "UPDATE members SET \
         version = version + CASE WHEN (roles | now.given) <> (roles | group_roles) THEN 1 ELSE 0 END, \
         updated_at = CASE WHEN (roles | now.given) <> (roles | group_roles) THEN $5 ELSE updated_at END, \
         group_roles = now.given FROM (SELECT gm.member_id, {given} AS given FROM group_members gm \
         WHERE gm.team_id = $1 AND gm.group_id = $2 AND gm.member_id > $3 AND gm.member_id <= $4) AS now \
         WHERE members.team_id = $1 AND members.id = now.member_id AND members.group_roles <> now.given"
    )
});

/// The same for those members of group `$2` of team `$1` who are marked as break-glass; `$3`: the time.
static RECOUNT_MARKED: LazyLock<String> = LazyLock::new(|| {
    let given = roles_given("o.team_id = $1 AND o.member_id = m.id");
    format!(
        "UPDATE members SET \
         version = version + CASE WHEN (roles | now.given) <> (roles | group_roles) THEN 1 ELSE 0 END, \
         updated_at = CASE WHEN (roles | now.given) <> (roles | group_roles) THEN $3 ELSE updated_at END, \
         group_roles = now.given FROM (SELECT m.id AS member_id, {given} AS given FROM members m \
         WHERE m.team_id = $1 AND m.break_glass = 1 AND EXISTS (SELECT 1 FROM group_members gm WHERE gm.team_id = $1 \
         AND gm.group_id = $2 AND gm.member_id = m.id)) AS now \
         WHERE members.team_id = $1 AND members.id = now.member_id AND members.group_roles <> now.given"
    )
});

/// The last of the next `$4` members of group `$2` of team `$1` after `$3`.
const NEXT: &str = "SELECT MAX(member_id) AS last FROM (SELECT member_id FROM group_members WHERE team_id = $1 \
                    AND group_id = $2 AND member_id > $3 ORDER BY member_id LIMIT $4) AS part";

impl TeamTransaction {
    /// The name of a group of the team, and the role that it gives.
    pub async fn group_mapping(&mut self, id: &str) -> Result<Option<(String, Option<Role>)>, StoreError> {
        let row = sql("SELECT display_name, role FROM groups WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id)
            .first(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let role = row.opt_text("role")?.and_then(|name| Role::from_name(&name));
        Ok(Some((row.text("display_name")?, role)))
    }

    /// The cohorts of a group's members, each with the name of one member.
    pub async fn group_cohorts(&mut self, group: &str) -> Result<Vec<(MemberCohort, String)>, StoreError> {
        sql(&COHORTS).text(self.team.id.as_str()).text(group).all(&mut *self.tx).await?.iter().map(read).collect()
    }

    /// Sets the role of a group, and recounts its members' roles. In a large group the members are recounted later in
    /// batches. Then the result is `false`, and [`group_recount`](Self::group_recount) continues.
    pub async fn group_set_role(
        &mut self,
        group: &str,
        now: UnixMs,
        allowed: MappingAllowed,
    ) -> Result<bool, StoreError> {
        let role = allowed.change().to.map(Role::name);
        let statement =
            sql("UPDATE groups SET role = $3, recount_after = '', recount_at = $4 WHERE team_id = $1 AND id = $2")
                .text(self.team.id.as_str())
                .text(group)
                .opt_text(role)
                .number(now);
        self.write(statement).await?;
        // Emergencies are few, and must not depend on what comes later.
        self.write(sql(&RECOUNT_MARKED).text(self.team.id.as_str()).text(group).number(now)).await?;
        self.group_recount(group, now).await
    }

    /// Recounts the roles of the next batch of a group's members, if the group's role was changed. Members who joined
    /// or left meanwhile were recounted at that time. `true`: no member remains.
    pub async fn group_recount(&mut self, group: &str, now: UnixMs) -> Result<bool, StoreError> {
        let row = sql("SELECT recount_after FROM groups WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(group)
            .first(&mut *self.tx)
            .await?;
        let Some(after) = row.map(|row| row.opt_text("recount_after")).transpose()?.flatten() else {
            return Ok(true);
        };
        self.authority_reduced = true;
        if let Some(last) = self.next_part(group, &after).await? {
            let statement = sql(&RECOUNT).text(self.team.id.as_str()).text(group).text(&after).text(&last).number(now);
            self.write(statement).await?;
            if self.next_part(group, &last).await?.is_some() {
                let statement =
                    sql("UPDATE groups SET recount_after = $3, recount_at = $4 WHERE team_id = $1 AND id = $2");
                self.write(statement.text(self.team.id.as_str()).text(group).text(&last).number(now)).await?;
                return Ok(false);
            }
        }
        let statement = sql("UPDATE groups SET recount_after = NULL, recount_at = NULL WHERE team_id = $1 AND id = $2");
        self.write(statement.text(self.team.id.as_str()).text(group)).await?;
        Ok(true)
    }

    async fn next_part(&mut self, group: &str, after: &str) -> Result<Option<String>, StoreError> {
        let statement = sql(NEXT).text(self.team.id.as_str()).text(group).text(after).number(BATCH_SIZE);
        let row = statement.first(&mut *self.tx).await?;
        row.map_or(Ok(None), |row| row.opt_text("last"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn a_part_of_a_group_is_changed_without_reading_other_members() {
        let plans = query_plans::of_a_new_database().await;
        for plan in plans.of(&RECOUNT).await {
            assert!(!plan.contains("SCAN"), "{plan}");
            assert!(plan.contains("SEARCH members USING INDEX members_pkey (team_id=? AND id=?)"), "{plan}");
        }
        for plan in plans.of(&RECOUNT_MARKED).await {
            assert!(plan.contains("members_break_glass") && !plan.contains("SCAN m"), "{plan}");
        }
        for plan in plans.of(NEXT).await {
            assert!(plan.contains("SEARCH group_members USING COVERING INDEX"), "{plan}");
        }
    }
}
