//! The list of the team's groups on pages: search, sort order and paging.

use crate::{
    Store, StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
    member_list::pattern,
};
use domain::{UnixMs, id::TeamId, role::Role, sort::GroupSort};

/// A group of the team, without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The group's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The group's id at the identity provider.
    pub external_id: Option<String>,
    /// The number of members.
    pub member_count: i64,
    /// The role that it gives.
    pub role: Option<Role>,
    /// The time of creation.
    pub created_at: UnixMs,
    /// The time of the last change by the identity provider, including changes of members.
    pub updated_at: UnixMs,
}

/// The columns of [`GroupRow`] in the table `g` of the statement.
macro_rules! row_columns {
    () => {
        "g.id, g.display_name, g.external_id, g.member_count, g.role, g.created_at, g.updated_at"
    };
}

impl Store {
    /// Up to `size` groups whose name contains `search` (folded; empty for all), in order, after the first `offset`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_list(
        &self,
        team: &TeamId,
        search: &str,
        sort: GroupSort,
        offset: i64,
        size: i64,
    ) -> Result<Vec<GroupRow>, StoreError> {
        let statement = sql_owned(page(!search.is_empty(), sort)).text(team.as_str()).text(&pattern(search));
        let rows = statement.number(size.max(0)).number(offset.max(0)).all(&self.reader).await?;
        rows.iter().map(read).collect()
    }

    /// The number of groups whose name contains `search` (folded).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_count(&self, team: &TeamId, search: &str) -> Result<i64, StoreError> {
        let row = sql(COUNT).text(team.as_str()).text(&pattern(search)).first(&self.reader).await?;
        row.map_or(Ok(0), |row| row.number("groups"))
    }

    /// A group of the team. Another team's group is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_row(&self, team: &TeamId, id: &str) -> Result<Option<GroupRow>, StoreError> {
        const SQL: &str = concat!("SELECT ", row_columns!(), " FROM groups g WHERE g.team_id = $1 AND g.id = $2");
        let row = sql(SQL).text(team.as_str()).text(id).first(&self.reader).await?;
        row.as_ref().map(read).transpose()
    }

    /// The ids and names of up to `size` groups, by name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_names(&self, team: &TeamId, size: i64) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sql("SELECT id, display_name FROM groups WHERE team_id = $1 \
             ORDER BY substr(display_name_key, 1, 512), display_name_key, id LIMIT $2")
        .text(team.as_str())
        .number(size.max(0))
        .all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((row.text("id")?, row.text("display_name")?))).collect()
    }
}

fn read(row: &Row) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        id: row.text("id")?,
        name: row.text("display_name")?,
        external_id: row.opt_text("external_id")?,
        member_count: row.number("member_count")?,
        role: row.opt_text("role")?.and_then(|name| Role::from_name(&name)),
        created_at: row.number("created_at")?,
        updated_at: row.number("updated_at")?,
    })
}

const COUNT: &str =
    "SELECT COUNT(*) AS groups FROM groups g WHERE g.team_id = $1 AND g.display_name_key LIKE $2 ESCAPE '!'";

/// The statement of [`Store::groups_list`]: `$1` the team, `$2` the search's pattern, `$3` the size, `$4` the offset.
/// The index skips the groups before the page.
fn page(is_searched: bool, sort: GroupSort) -> String {
    let order = match sort {
        // As in the indexes: the first 512 characters of a name, because a row of an index is limited.
        GroupSort::Name => "substr(g.display_name_key, 1, 512), g.id",
        GroupSort::Members => "g.member_count DESC, substr(g.display_name_key, 1, 512), g.id",
        GroupSort::Newest => "g.id DESC",
    };
    let index = match is_searched {
        true => "g.display_name_key LIKE $2 ESCAPE '!'",
        // PostgreSQL must know every value's type.
        false => "CAST($2 AS TEXT) IS NOT NULL",
    };
    [
        concat!(
            "SELECT ",
            row_columns!(),
            " FROM groups g WHERE g.team_id = $1 AND g.id IN (SELECT g.id FROM groups g WHERE g.team_id = $1 AND "
        ),
        index,
        " ORDER BY ",
        order,
        " LIMIT $3 OFFSET $4) ORDER BY ",
        order,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    /// Only the groups of one page are read and sorted, however many groups a team has.
    #[tokio::test]
    async fn a_page_is_found_in_an_index() {
        let plans = query_plans::of_a_new_database().await.with_text("%ada%");
        for (sort, index) in [
            (GroupSort::Name, "groups_by_name"),
            (GroupSort::Members, "groups_by_size"),
            (GroupSort::Newest, "groups_pkey (team_id=?)"),
        ] {
            for is_searched in [false, true] {
                for plan in plans.of(&page(is_searched, sort)).await {
                    assert!(!plan.contains("SCAN g"), "{sort:?}\n{plan}");
                    // PostgreSQL expects few groups of such a name, and sorts them.
                    if is_searched && !plan.is_sqlite() {
                        continue;
                    }
                    assert!(plan.contains(index), "{sort:?}\n{plan}");
                    // Only the page itself is sorted.
                    assert!(plan.matches("USE TEMP B-TREE FOR ORDER BY").count() <= 1, "{sort:?}\n{plan}");
                }
            }
        }
        for plan in plans.of(COUNT).await {
            assert!(plan.contains("USING INDEX groups_") && plan.contains("(team_id=?)"), "{plan}");
        }
    }
}
