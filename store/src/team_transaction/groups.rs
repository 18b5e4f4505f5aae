//! Changes of groups and their members. Members are rows, so a change of one member never reads a group of ten
//! thousand.

use crate::team_transaction::{
    TeamTransaction,
    group_statements::{MARKED, ROLE, add_sql, moved_sql, named_sql, recount_sql, remove_sql},
    usage::{MEMBERSHIP_BYTES, TeamUsage},
};
use crate::{
    Engine, ScimGroup, Store, StoreError,
    db::{
        placeholders::{bind_ids, slots},
        row::Row,
        statement::{Statement, sql, sql_owned},
    },
    groups::group_columns,
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    member::Subject,
    role::{Role, Roles},
    validation::text::fold,
};

/// The new state of a group.
#[derive(Clone, Debug)]
pub struct GroupWrite<'a> {
    /// `displayName`.
    pub display_name: &'a str,
    /// `externalId`.
    pub external_id: Option<&'a str>,
    /// The time of the change.
    pub now: UnixMs,
}

/// Members of one team with their names.
pub(crate) type NamedMembers = Vec<(MemberId, String)>;

/// A break-glass member of a group.
#[derive(Clone, Debug)]
pub struct ProtectedMember {
    /// The member's id.
    pub id: MemberId,
    /// `userName`.
    pub user_name: String,
    /// `displayName`.
    pub display_name: String,
    /// The member, as in the policy for members.
    pub subject: Subject,
    /// The effective roles without this group.
    pub without: Roles,
}

/// Upper bound of the ids in one statement.
const MAX_IDS: usize = 1_000;

/// The members of the team with these ids, and their names.
fn members_by_id(engine: Engine, team: &TeamId, part: &[String]) -> Statement {
    let text = named_sql(engine, slots(part.len()));
    bind_ids(sql_owned(text).text(team.as_str()), part.iter().map(String::as_str), slots(part.len()))
}

fn read_members(rows: &[Row], found: &mut NamedMembers) -> Result<(), StoreError> {
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
        for part in ids.chunks(MAX_IDS) {
            read_members(&members_by_id(self.engine, team, part).all(&self.reader).await?, &mut found)?;
        }
        Ok(found)
    }
}

/// The counted size of memberships.
fn memberships(count: i64) -> TeamUsage {
    TeamUsage { bytes: count.saturating_mul(MEMBERSHIP_BYTES), ..TeamUsage::default() }
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

    /// Writes a group's attributes.
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

    /// Deletes a group. Its members stay members of the team, without the role that the group gave them.
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

    /// The members of the team with these ids, and their names, without deleted ones.
    pub async fn members_named(&mut self, ids: &[String]) -> Result<NamedMembers, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(MAX_IDS) {
            read_members(&members_by_id(self.tx.engine(), &self.team.id, part).all(&mut *self.tx).await?, &mut found)?;
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

    /// Adds members of the team to a group, except those who are in it already. Returns the number of new ones.
    ///
    /// # Errors
    /// [`StoreError::Quota`], possibly after a write.
    pub async fn group_members_add(&mut self, group: &str, members: &[String], now: UnixMs) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut joined = 0;
        for part in members.chunks(MAX_IDS) {
            let text = add_sql(self.tx.engine(), slots(part.len()));
            let statement = sql_owned(text).text(self.team.id.as_str()).text(group);
            let statement = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            joined += self.members_moved(statement, role, now).await?;
        }
        self.grow(memberships(joined.cast_signed()))?;
        self.group_touch(group, joined.cast_signed(), now).await?;
        Ok(joined)
    }

    /// Removes members from a group. Returns the number of removed ones.
    pub async fn group_members_remove(
        &mut self,
        group: &str,
        members: &[String],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut left = 0;
        for part in members.chunks(MAX_IDS) {
            let text = remove_sql(self.tx.engine(), slots(part.len()));
            let statement = sql_owned(text).text(self.team.id.as_str()).text(group);
            let statement = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            left += self.members_moved(statement, role, now).await?;
        }
        self.grow(memberships(-left.cast_signed()))?;
        self.group_touch(group, -left.cast_signed(), now).await?;
        Ok(left)
    }

    /// Removes a member from every group.
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

    /// Does the group give a role?
    async fn group_role(&mut self, group: &str) -> Result<bool, StoreError> {
        let row = sql(ROLE).text(self.team.id.as_str()).text(group).first(&mut *self.tx).await?;
        Ok(row.map(|row| row.opt_text("role")).transpose()?.flatten().is_some())
    }

    /// The role that a group gives, and its break-glass members; none if it gives no role.
    pub async fn group_break_glass_members(
        &mut self,
        group: &str,
    ) -> Result<Option<(Role, Vec<ProtectedMember>)>, StoreError> {
        let row = sql(ROLE).text(self.team.id.as_str()).text(group).first(&mut *self.tx).await?;
        let role = row.map(|row| row.opt_text("role")).transpose()?.flatten();
        let Some(role) = role.and_then(|name| Role::from_name(&name)) else { return Ok(None) };
        let rows = sql(&MARKED).text(self.team.id.as_str()).text(group).all(&mut *self.tx).await?;
        let read = |row: &Row| {
            let own = Roles::from_bits(row.number("roles")?);
            let others = row.number("others")?;
            let without = if others == 0 { own } else { own.union(Roles::from_bits(others)) };
            Ok(ProtectedMember {
                id: MemberId::new(row.text("id")?),
                user_name: row.text("user_name")?,
                display_name: row.text("display_name")?,
                subject: Subject {
                    roles: without.union(role.into()),
                    active: row.text("status")? == "active",
                    break_glass: true,
                    // No group gives that role, so no member loses it here.
                    last_super_admin: false,
                },
                without,
            })
        };
        Ok(Some((role, rows.iter().map(read).collect::<Result<_, StoreError>>()?)))
    }

    /// Executes a statement that adds or removes members of a group and returns their ids. Groups are part of a User,
    /// so these members get a new version at `now`. `role`: the group gives one.
    async fn members_moved(&mut self, statement: Statement, role: bool, now: UnixMs) -> Result<u64, StoreError> {
        let rows = self.write_rows(statement).await?;
        let moved_members = rows.iter().map(|row| row.text("member_id")).collect::<Result<Vec<_>, _>>()?;
        for part in moved_members.chunks(MAX_IDS) {
            let text = moved_sql(self.tx.engine(), slots(part.len()));
            let statement = sql_owned(text).text(self.team.id.as_str()).number(now);
            self.write(bind_ids(statement, part.iter().map(String::as_str), slots(part.len()))).await?;
            if role {
                self.authority_reduced = true;
                self.roles_recount(part).await?;
            }
        }
        Ok(moved_members.len() as u64)
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

    /// Recounts the roles from groups of these members: the bits of all roles that their groups give.
    async fn roles_recount(&mut self, members: &[String]) -> Result<(), StoreError> {
        let text = recount_sql(self.tx.engine(), slots(members.len()));
        let statement = sql_owned(text).text(self.team.id.as_str());
        self.write(bind_ids(statement, members.iter().map(String::as_str), slots(members.len()))).await?;
        Ok(())
    }
}
