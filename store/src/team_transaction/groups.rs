//! Changing groups and who is in them. Members are rows: a group of ten thousand is never read to change one of them.

use crate::team_transaction::{
    TeamTransaction,
    usage::{MEMBERSHIP_BYTES, TeamUsage},
};
use crate::{
    ScimGroup, Store, StoreError,
    db::{
        row::Row,
        statement::{Statement, sql, sql_owned},
    },
    group_roles::roles_given,
    groups::group_columns,
    scim_users::{bind_ids, placeholders, slots},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    member::Subject,
    role::{Role, Roles},
    validation::text::fold,
};
use std::{str::FromStr as _, sync::LazyLock};

/// What a group is to be.
#[derive(Clone, Debug)]
pub struct GroupWrite<'a> {
    /// `displayName`.
    pub display_name: &'a str,
    /// `externalId`.
    pub external_id: Option<&'a str>,
    /// When it changes.
    pub now: UnixMs,
}

/// Members of one team that were looked up, with their names.
pub(crate) type NamedMembers = Vec<(MemberId, String)>;

/// A member of a group who is marked as break-glass.
#[derive(Clone, Debug)]
pub struct MarkedMember {
    /// Its id.
    pub id: MemberId,
    /// `userName`.
    pub user_name: String,
    /// `displayName`.
    pub display_name: String,
    /// As the policy asks about them.
    pub subject: Subject,
    /// The effective roles without this group.
    pub without: Roles,
}

/// The members of group `$2` of team `$1` who are marked, found by the index of those few.
static MARKED: LazyLock<String> = LazyLock::new(|| {
    let others = roles_given("o.team_id = $1 AND o.member_id = m.id AND o.group_id <> $2");
    format!(
        "SELECT m.id, m.user_name, m.display_name, m.status, m.roles, {others} AS others FROM members m \
         WHERE m.team_id = $1 AND m.break_glass = 1 AND EXISTS (SELECT 1 FROM group_members gm WHERE gm.team_id = $1 \
         AND gm.group_id = $2 AND gm.member_id = m.id) ORDER BY m.id"
    )
});

/// The role of group `$2` of team `$1`.
const ROLE: &str = "SELECT role FROM groups WHERE team_id = $1 AND id = $2";

/// So many ids stand in one statement at most.
const MOST: usize = 1_000;

/// Which of these are members of the team, with their names.
fn named(team: &TeamId, part: &[String]) -> Statement {
    let mut text =
        "SELECT id, display_name FROM members WHERE team_id = $1 AND status <> 'deleted' AND id IN (".to_owned();
    placeholders(&mut text, 2, slots(part.len()));
    text.push(')');
    bind_ids(sql_owned(text).text(team.as_str()), part.iter().map(String::as_str), slots(part.len()))
}

fn read_named(rows: &[Row], found: &mut NamedMembers) -> Result<(), StoreError> {
    for row in rows {
        found.push((MemberId::new(row.text("id")?), row.text("display_name")?));
    }
    Ok(())
}

impl Store {
    /// The same as [`TeamTransaction::members_named`], before a transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn members_named(&self, team: &TeamId, ids: &[String]) -> Result<NamedMembers, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(MOST) {
            read_named(&named(team, part).all(&self.reader).await?, &mut found)?;
        }
        Ok(found)
    }
}

/// What memberships are counted as.
fn memberships(count: i64) -> TeamUsage {
    TeamUsage { bytes: count.saturating_mul(MEMBERSHIP_BYTES), ..TeamUsage::default() }
}

/// Writes `VALUES ($first), …`, `count` of them. A list of placeholders instead would be compared one by one with each row where
/// PostgreSQL has no statistics yet and takes the members of a group for few.
fn rows_of_values(text: &mut String, first: usize, count: usize) {
    use std::fmt::Write as _;
    for number in first..first + count {
        let _ = write!(text, "{} (${number})", if number == first { "VALUES" } else { "," });
    }
}

impl TeamTransaction {
    /// A group of the team.
    pub async fn group(&mut self, id: &str) -> Result<Option<ScimGroup>, StoreError> {
        const SQL: &str = concat!("SELECT ", group_columns!(), " FROM groups g WHERE g.team_id = $1 AND g.id = $2");
        let row = sql(SQL).text(self.team.id.as_str()).text(id).first(&mut *self.tx).await?;
        row.as_ref().map(ScimGroup::read).transpose()
    }

    /// Adds a group without members.
    ///
    /// # Errors
    /// [`StoreError::Quota`].
    pub async fn group_insert(&mut self, id: &str, group: &GroupWrite<'_>) -> Result<(), StoreError> {
        self.grow(TeamUsage { groups: 1, ..TeamUsage::default() })?;
        let statement =
            sql("INSERT INTO groups (team_id, id, display_name, display_name_key, external_id, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)")
            .text(self.team.id.as_str())
            .text(id)
            .text(group.display_name)
            .text(&fold(group.display_name))
            .opt_text(group.external_id)
            .number(group.now);
        self.write(statement).await?;
        Ok(())
    }

    /// Writes a group's attributes anew.
    pub async fn group_write(&mut self, id: &str, group: &GroupWrite<'_>) -> Result<(), StoreError> {
        let statement = sql("UPDATE groups SET display_name = $3, display_name_key = $4, external_id = $5, \
             version = version + 1, updated_at = $6 WHERE team_id = $1 AND id = $2")
        .text(self.team.id.as_str())
        .text(id)
        .text(group.display_name)
        .text(&fold(group.display_name))
        .opt_text(group.external_id)
        .number(group.now);
        self.write(statement).await?;
        Ok(())
    }

    /// Deletes a group; its members stay members of the team, without the role that it gave them.
    pub async fn group_delete(&mut self, id: &str, now: UnixMs) -> Result<(), StoreError> {
        let role = self.group_role(id).await?;
        let statement = sql("DELETE FROM group_members WHERE team_id = $1 AND group_id = $2 RETURNING member_id")
            .text(self.team.id.as_str())
            .text(id);
        let left = self.members_moved(statement, role, now).await?;
        let statement = sql("DELETE FROM groups WHERE team_id = $1 AND id = $2").text(self.team.id.as_str()).text(id);
        self.write(statement).await?;
        self.grow(TeamUsage { groups: -1, ..memberships(-left.cast_signed()) })
    }

    /// Which of these are members of the team, with their names; deleted ones are not.
    pub async fn members_named(&mut self, ids: &[String]) -> Result<NamedMembers, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(MOST) {
            read_named(&named(&self.team.id, part).all(&mut *self.tx).await?, &mut found)?;
        }
        Ok(found)
    }

    /// The ids of up to `limit` members of a group.
    pub async fn group_member_ids(&mut self, group: &str, limit: usize) -> Result<Vec<String>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = sql("SELECT member_id FROM group_members WHERE team_id = $1 AND group_id = $2 LIMIT $3")
            .text(self.team.id.as_str())
            .text(group)
            .number(limit);
        let rows = statement.all(&mut *self.tx).await?;
        rows.iter().map(|row: &Row| row.text("member_id")).collect()
    }

    /// Adds members of the team to a group; those that are in it already stay. Returns how many joined.
    ///
    /// # Errors
    /// [`StoreError::Quota`], after something was written.
    pub async fn group_members_add(&mut self, group: &str, members: &[String], now: UnixMs) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut joined = 0;
        for part in members.chunks(MOST) {
            let mut text =
                "INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, $2, id FROM members \
                            WHERE team_id = $1 AND status <> 'deleted' AND id IN ("
                    .to_owned();
            placeholders(&mut text, 3, slots(part.len()));
            text.push_str(") ON CONFLICT (team_id, group_id, member_id) DO NOTHING RETURNING member_id");
            let statement = sql_owned(text).text(self.team.id.as_str()).text(group);
            let statement = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            joined += self.members_moved(statement, role, now).await?;
        }
        self.grow(memberships(joined.cast_signed()))?;
        self.group_touch(group, joined.cast_signed(), now).await?;
        Ok(joined)
    }

    /// Takes members out of a group. Returns how many left.
    pub async fn group_members_remove(
        &mut self,
        group: &str,
        members: &[String],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut left = 0;
        for part in members.chunks(MOST) {
            let mut text =
                "DELETE FROM group_members WHERE team_id = $1 AND group_id = $2 AND member_id IN (".to_owned();
            rows_of_values(&mut text, 3, slots(part.len()));
            text.push_str(") RETURNING member_id");
            let statement = sql_owned(text).text(self.team.id.as_str()).text(group);
            let statement = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            left += self.members_moved(statement, role, now).await?;
        }
        self.grow(memberships(-left.cast_signed()))?;
        self.group_touch(group, -left.cast_signed(), now).await?;
        Ok(left)
    }

    /// Takes a member out of every group.
    pub async fn groups_leave(&mut self, member: &MemberId, now: UnixMs) -> Result<(), StoreError> {
        let statement =
            sql("UPDATE groups SET member_count = member_count - 1, version = version + 1, updated_at = $3 \
             WHERE team_id = $1 AND id IN (SELECT group_id FROM group_members WHERE team_id = $1 AND member_id = $2)")
            .text(self.team.id.as_str())
            .text(member.as_str())
            .number(now);
        let left = self.write(statement).await?;
        if left > 0 {
            self.grow(memberships(-left.cast_signed()))?;
            for statement in [
                "DELETE FROM group_members WHERE team_id = $1 AND member_id = $2",
                "UPDATE members SET group_roles = 0 WHERE team_id = $1 AND id = $2",
            ] {
                self.write(sql(statement).text(self.team.id.as_str()).text(member.as_str())).await?;
            }
        }
        Ok(())
    }

    /// Is the group mapped to a role?
    async fn group_role(&mut self, group: &str) -> Result<bool, StoreError> {
        let row = sql(ROLE).text(self.team.id.as_str()).text(group).first(&mut *self.tx).await?;
        Ok(row.map(|row| row.opt_text("role")).transpose()?.flatten().is_some())
    }

    /// The role that a group gives, and those of its members who are marked as break-glass; no one, if it gives none.
    pub async fn group_marked(&mut self, group: &str) -> Result<Option<(Role, Vec<MarkedMember>)>, StoreError> {
        let row = sql(ROLE).text(self.team.id.as_str()).text(group).first(&mut *self.tx).await?;
        let role = row.map(|row| row.opt_text("role")).transpose()?.flatten();
        let Some(role) = role.and_then(|name| Role::from_str(&name).ok()) else { return Ok(None) };
        let rows = sql(&MARKED).text(self.team.id.as_str()).text(group).all(&mut *self.tx).await?;
        let read = |row: &Row| {
            let own = Roles::from_bits(row.number("roles")?);
            let others = row.number("others")?;
            let without = if others == 0 { own } else { own.union(Roles::from_bits(others)) };
            Ok(MarkedMember {
                id: MemberId::new(row.text("id")?),
                user_name: row.text("user_name")?,
                display_name: row.text("display_name")?,
                subject: Subject {
                    roles: without.union(role.into()),
                    active: row.text("status")? == "active",
                    break_glass: true,
                    // No group gives that role, so none can be lost with it.
                    last_super_admin: false,
                },
                without,
            })
        };
        Ok(Some((role, rows.iter().map(read).collect::<Result<_, StoreError>>()?)))
    }

    /// Execute a statement that moves members in or out of a group and returns their ids. Groups are part of a User, so who
    /// was moved has a new version since `now`. `role`: the group gives one.
    async fn members_moved(&mut self, statement: Statement, role: bool, now: UnixMs) -> Result<u64, StoreError> {
        let rows = self.write_rows(statement).await?;
        let moved = rows.iter().map(|row| row.text("member_id")).collect::<Result<Vec<_>, _>>()?;
        for part in moved.chunks(MOST) {
            let mut text =
                "UPDATE members SET version = version + 1, updated_at = $2 WHERE team_id = $1 AND id IN (".to_owned();
            rows_of_values(&mut text, 3, slots(part.len()));
            text.push(')');
            let statement = sql_owned(text).text(self.team.id.as_str()).number(now);
            self.write(bind_ids(statement, part.iter().map(String::as_str), slots(part.len()))).await?;
            if role {
                self.authority_reduced = true;
                self.roles_recount(part).await?;
            }
        }
        Ok(moved.len() as u64)
    }

    async fn group_touch(&mut self, group: &str, joined: i64, now: UnixMs) -> Result<(), StoreError> {
        if joined != 0 {
            let statement = sql("UPDATE groups SET member_count = member_count + $3, version = version + 1, \
                 updated_at = $4 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(group)
            .number(joined)
            .number(now);
            self.write(statement).await?;
        }
        Ok(())
    }

    /// Sets anew which roles groups give to these members: the bits of all roles that their groups are mapped to.
    async fn roles_recount(&mut self, members: &[String]) -> Result<(), StoreError> {
        let given = roles_given("o.team_id = $1 AND o.member_id = members.id");
        let mut text = format!("UPDATE members SET group_roles = {given} WHERE team_id = $1 AND id IN (");
        placeholders(&mut text, 2, slots(members.len()));
        text.push(')');
        let statement = sql_owned(text).text(self.team.id.as_str());
        self.write(bind_ids(statement, members.iter().map(String::as_str), slots(members.len()))).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MARKED;
    use crate::db::query_plans;

    #[tokio::test]
    async fn marked_members_are_found_without_reading_the_group() {
        let plan = query_plans::of_a_new_database().await.of(&MARKED).await;
        assert!(plan.contains("members_break_glass") && !plan.contains("SCAN"), "{plan}");
    }
}
