//! Changing groups and who is in them. Members are rows: a group of ten thousand is never read to change one of them.

use super::Claim;
use crate::store::{
    ScimGroup, StoreError,
    groups::group_columns,
    mapping::given,
    row::Row,
    run::{Statement, sql, sql_of},
    users::{bind_ids, placeholders, slots},
};
use domain::{UnixMs, id::MemberId, text::fold};

/// What a group is to be.
#[derive(Clone, Debug)]
pub(crate) struct GroupWrite<'a> {
    pub(crate) display_name: &'a str,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) now: UnixMs,
}

/// Members of one team that were looked up, with their names.
pub(crate) type Named = Vec<(MemberId, String)>;

/// So many ids stand in one statement at most.
const MOST: usize = 200;

impl Claim {
    /// A group of the team.
    pub(crate) async fn group(&mut self, id: &str) -> Result<Option<ScimGroup>, StoreError> {
        const SQL: &str = concat!("SELECT ", group_columns!(), " FROM groups g WHERE g.id = $1 AND g.team_id = $2");
        let row = sql(SQL).text(id).text(self.team.id.as_str()).first(&mut *self.all).await?;
        row.as_ref().map(ScimGroup::read).transpose()
    }

    /// Adds a group without members.
    pub(crate) async fn group_insert(&mut self, id: &str, group: &GroupWrite<'_>) -> Result<(), StoreError> {
        let statement =
            sql("INSERT INTO groups (id, team_id, display_name, display_name_key, external_id, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)")
            .text(id)
            .text(self.team.id.as_str())
            .text(group.display_name)
            .text(&fold(group.display_name))
            .maybe_text(group.external_id)
            .number(group.now);
        self.write(statement).await?;
        self.groups_counted += 1;
        Ok(())
    }

    /// Writes a group's attributes anew.
    pub(crate) async fn group_write(&mut self, id: &str, group: &GroupWrite<'_>) -> Result<(), StoreError> {
        let statement = sql("UPDATE groups SET display_name = $2, display_name_key = $3, external_id = $4, \
             version = version + 1, updated_at = $5 WHERE id = $1")
        .text(id)
        .text(group.display_name)
        .text(&fold(group.display_name))
        .maybe_text(group.external_id)
        .number(group.now);
        self.write(statement).await?;
        Ok(())
    }

    /// Deletes a group; its members stay members of the team, without the role that it gave them.
    pub(crate) async fn group_delete(&mut self, id: &str) -> Result<(), StoreError> {
        let role = self.group_role(id).await?;
        let statement = sql("DELETE FROM group_members WHERE group_id = $1 RETURNING member_id").text(id);
        self.members_moved(statement, role).await?;
        self.write(sql("DELETE FROM groups WHERE id = $1").text(id)).await?;
        self.groups_counted -= 1;
        Ok(())
    }

    /// Which of these are members of the team, with their names; deleted ones are not.
    pub(crate) async fn members_named(&mut self, ids: &[String]) -> Result<Named, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(MOST) {
            let mut text =
                "SELECT id, display_name FROM members WHERE team_id = $1 AND status <> 'deleted' AND id IN ("
                    .to_owned();
            placeholders(&mut text, 2, slots(part.len()));
            text.push(')');
            let statement = sql_of(text).text(self.team.id.as_str());
            let rows = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            for row in rows.all(&mut *self.all).await? {
                found.push((MemberId::new(row.text("id")?), row.text("display_name")?));
            }
        }
        Ok(found)
    }

    /// The ids of a group's members.
    pub(crate) async fn group_member_ids(&mut self, group: &str) -> Result<Vec<String>, StoreError> {
        let rows =
            sql("SELECT member_id FROM group_members WHERE group_id = $1").text(group).all(&mut *self.all).await?;
        rows.iter().map(|row: &Row| row.text("member_id")).collect()
    }

    /// Adds members of the team to a group; those that are in it already stay. Returns how many joined.
    pub(crate) async fn group_members_add(
        &mut self,
        group: &str,
        members: &[String],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut joined = 0;
        for part in members.chunks(MOST) {
            let mut text = "INSERT INTO group_members (group_id, member_id) SELECT $1, id FROM members \
                            WHERE team_id = $2 AND status <> 'deleted' AND id IN ("
                .to_owned();
            placeholders(&mut text, 3, slots(part.len()));
            text.push_str(") ON CONFLICT (group_id, member_id) DO NOTHING RETURNING member_id");
            let statement = sql_of(text).text(group).text(self.team.id.as_str());
            let statement = bind_ids(statement, part.iter().map(String::as_str), slots(part.len()));
            joined += self.members_moved(statement, role).await?;
        }
        self.group_touch(group, joined.cast_signed(), now).await?;
        Ok(joined)
    }

    /// Takes members out of a group. Returns how many left.
    pub(crate) async fn group_members_remove(
        &mut self,
        group: &str,
        members: &[String],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let role = self.group_role(group).await?;
        let mut left = 0;
        for part in members.chunks(MOST) {
            let mut text = "DELETE FROM group_members WHERE group_id = $1 AND member_id IN (".to_owned();
            placeholders(&mut text, 2, slots(part.len()));
            text.push_str(") RETURNING member_id");
            let statement = bind_ids(sql_of(text).text(group), part.iter().map(String::as_str), slots(part.len()));
            left += self.members_moved(statement, role).await?;
        }
        self.group_touch(group, -left.cast_signed(), now).await?;
        Ok(left)
    }

    /// Takes a member out of every group.
    pub(crate) async fn groups_leave(&mut self, member: &MemberId, now: UnixMs) -> Result<(), StoreError> {
        let statement =
            sql("UPDATE groups SET member_count = member_count - 1, version = version + 1, updated_at = $2 \
             WHERE id IN (SELECT group_id FROM group_members WHERE member_id = $1)")
            .text(member.as_str())
            .number(now);
        if self.write(statement).await? > 0 {
            self.write(sql("DELETE FROM group_members WHERE member_id = $1").text(member.as_str())).await?;
            self.write(sql("UPDATE members SET group_roles = 0 WHERE id = $1").text(member.as_str())).await?;
        }
        Ok(())
    }

    /// Is the group mapped to a role?
    pub(crate) async fn group_role(&mut self, group: &str) -> Result<bool, StoreError> {
        let row = sql("SELECT role FROM groups WHERE id = $1").text(group).first(&mut *self.all).await?;
        Ok(row.map(|row| row.maybe_text("role")).transpose()?.flatten().is_some())
    }

    /// The name of one of these members who is marked as break-glass.
    pub(crate) async fn break_glass_among(&mut self, members: &[String]) -> Result<Option<String>, StoreError> {
        for part in members.chunks(MOST) {
            let mut text = "SELECT display_name FROM members WHERE break_glass = 1 AND id IN (".to_owned();
            placeholders(&mut text, 1, slots(part.len()));
            text.push_str(") LIMIT 1");
            let statement = bind_ids(sql_of(text), part.iter().map(String::as_str), slots(part.len()));
            if let Some(row) = statement.first(&mut *self.all).await? {
                return Ok(Some(row.text("display_name")?));
            }
        }
        Ok(None)
    }

    /// Runs a statement that moves members in or out of a group and returns their ids. Groups are part of a User, so who
    /// was moved has a new version. `role`: the group gives one.
    async fn members_moved(&mut self, statement: Statement, role: bool) -> Result<u64, StoreError> {
        let rows = self.write_rows(statement).await?;
        let moved = rows.iter().map(|row| row.text("member_id")).collect::<Result<Vec<_>, _>>()?;
        for part in moved.chunks(MOST) {
            let mut text = "UPDATE members SET version = version + 1 WHERE id IN (".to_owned();
            placeholders(&mut text, 1, slots(part.len()));
            text.push(')');
            self.write(bind_ids(sql_of(text), part.iter().map(String::as_str), slots(part.len()))).await?;
            if role {
                self.roles_recount(part).await?;
            }
        }
        Ok(moved.len() as u64)
    }

    async fn group_touch(&mut self, group: &str, joined: i64, now: UnixMs) -> Result<(), StoreError> {
        if joined != 0 {
            let statement = sql("UPDATE groups SET member_count = member_count + $2, version = version + 1, \
                 updated_at = $3 WHERE id = $1")
            .text(group)
            .number(joined)
            .number(now);
            self.write(statement).await?;
        }
        Ok(())
    }

    /// Sets anew which roles groups give to these members: the bits of all roles that their groups are mapped to.
    async fn roles_recount(&mut self, members: &[String]) -> Result<(), StoreError> {
        let mut text =
            concat!("UPDATE members SET group_roles = ", given!("o.member_id = members.id"), " WHERE id IN (")
                .to_owned();
        placeholders(&mut text, 1, slots(members.len()));
        text.push(')');
        self.write(bind_ids(sql_of(text), members.iter().map(String::as_str), slots(members.len()))).await?;
        Ok(())
    }
}
