//! The groups of members, for the SCIM API.

use crate::{
    Engine, LongReadPermit, Store, StoreError,
    db::{
        placeholders::{bind_ids, one_of, slots},
        row::Row,
        statement::sql_owned,
    },
};
use domain::id::{MemberId, TeamId};

/// A member's membership in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The member.
    pub member: MemberId,
    /// The group's id.
    pub group: String,
    /// The group's name.
    pub display_name: String,
}

impl Store {
    /// The groups of these members of a team, by member. Up to `limit` in total, and after the group `after` of each
    /// member. Without a `reading`, the limit must be small.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn memberships(
        &self,
        team: &TeamId,
        members: &[&MemberId],
        after: &str,
        limit: usize,
        reading: Option<&LongReadPermit>,
    ) -> Result<Vec<Membership>, StoreError> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let text = memberships(self.engine, slots(members.len()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = sql_owned(text).text(team.as_str()).text(after).number(limit);
        let rows = bind_ids(statement, members.iter().map(|id| id.as_str()), slots(members.len()))
            .inline_if(reading.is_none())
            .all(&self.reader)
            .await?;
        let read = |row: &Row| {
            Ok(Membership {
                member: MemberId::new(row.text("member_id")?),
                group: row.text("id")?,
                display_name: row.text("display_name")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// The statement of [`Store::memberships`]: `$1` the team, `$2` the group, `$3` the limit, then the members.
fn memberships(engine: Engine, count: usize) -> String {
    let members = one_of(engine, &[("gm.team_id", "$1")], "gm.member_id", 4, count);
    [
        "SELECT gm.member_id, g.id, g.display_name FROM group_members gm JOIN groups g \
         ON g.team_id = gm.team_id AND g.id = gm.group_id WHERE ",
        &members,
        " AND gm.group_id > $2 ORDER BY gm.member_id, g.id LIMIT $3",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn memberships_are_found_by_their_members() {
        let plans = query_plans::of_a_new_database().await;
        plans
            .check_each(|engine| memberships(engine, 8), "gm", "group_members_member (team_id=? AND member_id=?")
            .await;
    }
}
