//! Groups of the SCIM API.

use crate::LongReadPermit;
use crate::{
    Condition, Store, StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
    result_page::{ResultBatch, ResultPage, page_statement, total_and_rows},
};
use domain::{UnixMs, id::TeamId};

/// A Group of the SCIM API (RFC 7643, section 4.2), without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimGroup {
    /// `id`.
    pub id: String,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The number of members.
    pub member_count: i64,
    /// The number of changes: `meta.version`.
    pub version: i64,
    /// `meta.created`.
    pub created_at: UnixMs,
    /// `meta.lastModified`.
    pub updated_at: UnixMs,
}

/// The columns of [`ScimGroup`] in the table `g` of the statement.
macro_rules! group_columns {
    () => {
        "g.id AS group_id, g.display_name, g.external_id, g.member_count, g.version, g.created_at, g.updated_at"
    };
}
pub(crate) use group_columns;

impl ScimGroup {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("group_id")?,
            display_name: row.text("display_name")?,
            external_id: row.opt_text("external_id")?,
            member_count: row.number("member_count")?,
            version: row.number("version")?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// The group.
    pub group: String,
    /// The member's id.
    pub id: String,
    /// The member's name.
    pub display_name: String,
}

impl Store {
    /// The number of groups that meet the condition, and up to `limit` of them from `offset` on, the oldest first: one
    /// statement.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_groups(
        &self,
        team: &TeamId,
        condition: &Condition,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<ScimGroup>), StoreError> {
        let statement = page_statement(page_of_groups(condition), team, condition, (offset, limit));
        let rows = statement.inline_if(condition.is_point_query(offset, limit)).all(&self.reader).await?;
        total_and_rows(&rows, "group_id", ScimGroup::read)
    }

    /// Like [`Self::scim_groups`], for the SCIM API. Without a `reading`, the condition must be a point query
    /// ([`Condition::is_point_query`]).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_page(
        &self,
        team: &TeamId,
        condition: &Condition,
        page: (i64, i64),
        bytes: usize,
        reading: Option<&LongReadPermit>,
    ) -> Result<ResultPage<ScimGroup>, StoreError> {
        let statement = page_statement(page_of_groups(condition), team, condition, page).inline_if(reading.is_none());
        let (rows, is_cut) = self.reader.fetch_bounded(statement, "display_name", bytes).await?;
        let (total, rows) = total_and_rows(&rows, "group_id", ScimGroup::read)?;
        Ok(ResultPage { total, rows, is_cut })
    }

    /// Up to `limit` groups after the id `after` that meet the condition, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn groups_after(
        &self,
        team: &TeamId,
        condition: &Condition,
        after: &str,
        (limit, bytes): (usize, usize),
        _reading: &LongReadPermit,
    ) -> Result<ResultBatch<ScimGroup>, StoreError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = sql_owned(groups_after(condition)).text(team.as_str()).text(after).number(most);
        let (rows, is_cut) = self.reader.fetch_bounded(condition.bind(statement), "display_name", bytes).await?;
        let is_last = !is_cut && rows.len() < limit;
        Ok(ResultBatch { rows: rows.iter().map(ScimGroup::read).collect::<Result<_, _>>()?, is_last })
    }

    /// A group of the team, by id. Another team's group is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_group(&self, team: &TeamId, id: &str) -> Result<Option<ScimGroup>, StoreError> {
        const SQL: &str = concat!("SELECT ", group_columns!(), " FROM groups g WHERE g.team_id = $1 AND g.id = $2");
        let row = sql(SQL).text(team.as_str()).text(id).inline().first(&self.reader).await?;
        row.as_ref().map(ScimGroup::read).transpose()
    }

    /// Up to `limit` members of a group after the id `after`, in the order of their ids. Without a `reading`, the limit
    /// must be small.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn group_members_after(
        &self,
        team: &TeamId,
        group: &str,
        after: &str,
        limit: i64,
        reading: Option<&LongReadPermit>,
    ) -> Result<Vec<GroupMember>, StoreError> {
        let rows = sql("SELECT gm.member_id, m.display_name FROM group_members gm JOIN members m \
             ON m.team_id = gm.team_id AND m.id = gm.member_id WHERE gm.team_id = $1 AND gm.group_id = $2 AND gm.member_id > $3 \
             ORDER BY gm.member_id LIMIT $4")
        .text(team.as_str())
        .text(group)
        .text(after)
        .number(limit.max(0))
        .inline_if(reading.is_none())
        .all(&self.reader)
        .await?;
        let read = |row: &Row| {
            Ok(GroupMember {
                group: group.to_owned(),
                id: row.text("member_id")?,
                display_name: row.text("display_name")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// The statement of [`Store::scim_groups`]: `$1` the team, `$2` the limit, `$3` the offset, then the condition's values.
fn page_of_groups(condition: &Condition) -> String {
    let mut condition_sql = String::new();
    condition.write('g', &mut condition_sql, 4);
    let total = match condition {
        Condition::All => "t.group_count".to_owned(),
        _ => format!("(SELECT COUNT(*) FROM groups g WHERE g.team_id = $1 AND {condition_sql})"),
    };
    format!(
        "SELECT {total} AS total, page.* FROM teams t LEFT JOIN (SELECT {} FROM groups g \
         WHERE g.team_id = $1 AND {condition_sql} ORDER BY g.id LIMIT $2 OFFSET $3) AS page \
         ON 1 = 1 WHERE t.id = $1 ORDER BY page.group_id",
        group_columns!()
    )
}

/// The statement of [`Store::groups_after`]: `$1` the team, `$2` the id, `$3` the limit, then the condition's values.
fn groups_after(condition: &Condition) -> String {
    let mut text =
        concat!("SELECT ", group_columns!(), " FROM groups g WHERE g.team_id = $1 AND g.id > $2 AND ").to_owned();
    condition.write('g', &mut text, 4);
    text.push_str(" ORDER BY g.id LIMIT $3");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SearchAttribute, db::query_plans};

    #[tokio::test]
    async fn every_lookup_uses_an_index() {
        let plans = query_plans::of_a_new_database().await;
        for (attribute, index) in [
            (SearchAttribute::Id, "AND id=?"),
            (SearchAttribute::DisplayName, "groups_by_name (team_id=? AND <expr>=?"),
            (SearchAttribute::ExternalId, "external_id=?"),
            (SearchAttribute::Member, "member_id=?"),
        ] {
            let condition = Condition::Is(attribute, "x".into());
            for statement in [page_of_groups(&condition), groups_after(&condition)] {
                plans.check(&statement, "g", index).await;
            }
        }
    }
}
