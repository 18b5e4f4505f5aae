//! Users of the SCIM API: members.

use crate::LongReadPermit;
use crate::{
    Condition, KeyRow, Store, StoreError,
    db::{
        planner::ORDERED,
        row::Row,
        statement::{sql, sql_owned},
    },
    keys::{key_columns, read_key_row},
    result_page::{ResultBatch, ResultPage, page_statement, total_and_rows},
    teams::team_columns,
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    key::KeyId,
    member::MemberStatus,
    role::Roles,
};
use std::borrow::Cow;

/// A User of the SCIM API (RFC 7643, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimUser {
    /// `id`.
    pub id: MemberId,
    /// The client's attributes as a JSON object: all except `active`.
    pub document: String,
    /// The display name; `displayName` of a document without one.
    pub display_name: String,
    /// `active`; `None` if a client removed it, which does not change whether the member can sign in.
    pub active: Option<bool>,
    /// The effective roles.
    pub roles: Roles,
    /// The number of changes: `meta.version`.
    pub version: i64,
    /// `meta.created`.
    pub created_at: UnixMs,
    /// `meta.lastModified`.
    pub updated_at: UnixMs,
}

/// The columns of [`ScimUser`] in the table `m` of the statement.
macro_rules! user_columns {
    () => {
        "m.id AS user_id, m.document, m.display_name, m.status, m.active_present, m.roles, m.group_roles, m.version, m.created_at AS \
         user_created_at, m.updated_at"
    };
}

impl ScimUser {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: MemberId::new(row.text("user_id")?),
            document: row.text("document")?,
            display_name: row.text("display_name")?,
            active: active(row)?,
            roles: row.roles()?,
            version: row.number("version")?,
            created_at: row.number("user_created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }
}

/// The row of a member. Most rows are only evaluated for a filter and then dropped.
pub struct UserRow(Row);

impl UserRow {
    /// `id`.
    pub fn id(&self) -> Result<Cow<'_, str>, StoreError> {
        self.0.text_ref("user_id")
    }

    /// The client's attributes as a JSON object: all except `active`.
    pub fn document(&self) -> Result<Cow<'_, str>, StoreError> {
        self.0.text_ref("document")
    }

    /// `active`.
    pub fn active(&self) -> Result<Option<bool>, StoreError> {
        active(&self.0)
    }

    /// Reads all columns.
    pub fn read(&self) -> Result<ScimUser, StoreError> {
        ScimUser::read(&self.0)
    }
}

fn active(row: &Row) -> Result<Option<bool>, StoreError> {
    Ok(row.parse_enum("status", MemberStatus::from_name)?.active(row.flag("active_present")?))
}

/// A key (`$1`) with its team, and the member of that team who meets the condition.
macro_rules! key_and_user {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            key_columns!(),
            ", k.hash, k.max_role, k.purpose, ",
            team_columns!(),
            ", ",
            user_columns!(),
            " FROM scim_keys k JOIN teams t ON t.id = k.team_id LEFT JOIN members m ON ",
            $condition,
            " AND m.team_id = k.team_id AND m.status <> 'deleted' WHERE k.id = $1 AND t.deleted_at IS NULL"
        )
    };
}

impl Store {
    /// The number of members that meet the condition, and up to `limit` of them from `offset` on, the oldest first: one
    /// statement.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_users(
        &self,
        team: &TeamId,
        condition: &Condition,
        offset: i64,
        limit: i64,
    ) -> Result<(i64, Vec<ScimUser>), StoreError> {
        let statement = page_statement(page_of_users(condition), team, condition, (offset, limit));
        let rows = statement.inline_if(condition.is_point_query(offset, limit)).all(&self.reader).await?;
        total_and_rows(&rows, "user_id", ScimUser::read)
    }

    /// Like [`Self::scim_users`], up to `bytes` of memory. Without a `reading`, the condition must be a point query
    /// ([`Condition::is_point_query`]).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn users_page(
        &self,
        team: &TeamId,
        condition: &Condition,
        page: (i64, i64),
        bytes: usize,
        reading: Option<&LongReadPermit>,
    ) -> Result<ResultPage<ScimUser>, StoreError> {
        let statement = page_statement(page_of_users(condition), team, condition, page).inline_if(reading.is_none());
        let (rows, is_cut) = self.reader.fetch_bounded(statement, "document", bytes).await?;
        let (total, rows) = total_and_rows(&rows, "user_id", ScimUser::read)?;
        Ok(ResultPage { total, rows, is_cut })
    }

    /// Up to `limit` members after the id `after` that meet the condition, the oldest first, up to `bytes` of memory.
    /// For scans in batches.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn users_after(
        &self,
        team: &TeamId,
        condition: &Condition,
        after: &str,
        (limit, bytes): (usize, usize),
        _reading: &LongReadPermit,
    ) -> Result<ResultBatch<UserRow>, StoreError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = sql_owned(users_after(condition)).text(team.as_str()).text(after).number(most);
        let (rows, is_cut) = self.reader.fetch_bounded(condition.bind(statement), "document", bytes).await?;
        let is_last = !is_cut && rows.len() < limit;
        Ok(ResultBatch { rows: rows.into_iter().map(UserRow).collect(), is_last })
    }

    /// A member of the team, by id. Another team's member is not found.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_user(&self, team: &TeamId, id: &MemberId) -> Result<Option<ScimUser>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            user_columns!(),
            " FROM members m WHERE m.team_id = $1 AND m.id = $2 AND m.status <> 'deleted'"
        );
        let row = sql(SQL).text(team.as_str()).text(id.as_str()).inline().first(&self.reader).await?;
        row.as_ref().map(ScimUser::read).transpose()
    }

    /// A key with its team, and the member of that team with this id: one statement for the most frequent request.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn key_with_user(
        &self,
        key: &KeyId,
        id: &MemberId,
    ) -> Result<Option<(KeyRow, Option<ScimUser>)>, StoreError> {
        self.key_and_user(key_and_user!("m.id = $2"), key, id.as_str()).await
    }

    /// A key with its team, and the member of that team with this userName (folded).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn key_with_user_named(
        &self,
        key: &KeyId,
        user_name_key: &str,
    ) -> Result<Option<(KeyRow, Option<ScimUser>)>, StoreError> {
        // No userName contains a NUL character, and none is empty. So the statement finds no member, but still the key.
        let user_value = if user_name_key.contains('\0') { "" } else { user_name_key };
        self.key_and_user(key_and_user!("m.user_name_key = $2"), key, user_value).await
    }

    async fn key_and_user(
        &self,
        statement: &'static str,
        key: &KeyId,
        user_value: &str,
    ) -> Result<Option<(KeyRow, Option<ScimUser>)>, StoreError> {
        let row = sql(statement).text(key.as_str()).text(user_value).inline().first(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let user = match row.opt_text("user_id")? {
            Some(_) => Some(ScimUser::read(&row)?),
            None => None,
        };
        Ok(Some((read_key_row(&row)?, user)))
    }
}

/// The statement of [`Store::scim_users`]: `$1` the team, `$2` the limit, `$3` the offset, then the condition's values.
fn page_of_users(condition: &Condition) -> String {
    let condition_sql = present(condition);
    let total = match condition {
        Condition::All => "t.member_count".to_owned(),
        // In the page's order, by the page's index.
        _ => format!(
            "(SELECT COUNT(*) FROM (SELECT m.id FROM members m WHERE m.team_id = $1 AND {condition_sql} ORDER BY m.id \
             {ORDERED}) AS counted)"
        ),
    };
    format!(
        "SELECT {total} AS total, page.* FROM teams t LEFT JOIN (SELECT {} FROM members m \
         WHERE m.team_id = $1 AND {condition_sql} ORDER BY m.id LIMIT $2 OFFSET $3) AS page \
         ON 1 = 1 WHERE t.id = $1 ORDER BY page.user_id",
        user_columns!()
    )
}

/// The statement of [`Store::users_after`]: `$1` the team, `$2` the id, `$3` the limit, then the condition's values.
fn users_after(condition: &Condition) -> String {
    let condition_sql = present(condition);
    let columns = user_columns!();
    format!(
        "SELECT {columns} FROM members m WHERE m.team_id = $1 AND m.id > $2 AND {condition_sql} ORDER BY m.id LIMIT $3"
    )
}

/// The condition, and that the member is not deleted. The condition's first value is `$4`.
fn present(condition: &Condition) -> String {
    let mut text = if condition.excludes_deleted() { "" } else { "m.status <> 'deleted' AND " }.to_owned();
    condition.write('m', &mut text, 4);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SearchAttribute, db::query_plans};

    fn is(attribute: SearchAttribute) -> Condition {
        Condition::Is(attribute, "x".into())
    }

    /// Only the matching members, or those of the page, are read, however many members a team has.
    #[tokio::test]
    async fn every_lookup_uses_an_index() {
        use SearchAttribute::{DisplayName, Email, ExternalId, Group, Id, UserName};
        let plans = query_plans::of_a_new_database().await;
        for (condition, index) in [
            (is(Id), "AND id=?"),
            (is(UserName), "user_name_key=?"),
            (is(ExternalId), "external_id=?"),
            (is(DisplayName), "display_name_key=?"),
            (is(Email), "email_key=?"),
            (is(Group), "group_id=?"),
            (Condition::Active(false), "members_inactive"),
            (Condition::Active(false), "members_without_active"),
            (Condition::And(vec![is(UserName), Condition::Active(true)]), "user_name_key=?"),
            (Condition::And(vec![is(ExternalId), is(DisplayName)]), "_"),
            (Condition::Or(vec![is(UserName), is(ExternalId)]), "external_id=?"),
        ] {
            for statement in [page_of_users(&condition), users_after(&condition)] {
                plans.check(&statement, "m", index).await;
            }
        }
        // In a scan by id, a period may contain most of the team, so the order is more important.
        plans.check(&page_of_users(&Condition::Modified(1, 2)), "m", "updated_at>? AND updated_at<?").await;
    }
}
