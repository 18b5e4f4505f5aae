//! SCIM API keys.

use crate::{
    Store, StoreError, TeamRow,
    db::{row::Row, statement::sql},
    retry,
    teams::team_columns,
};
use domain::{
    DAY, UnixMs,
    id::TeamId,
    key::{KeyId, Purpose, ScimKey},
    role::Role,
};

/// A key with the data for authentication, and its team.
#[derive(Clone)]
pub struct KeyRow {
    /// The key as in lists.
    pub key: ScimKey,
    /// HMAC of the whole key, in hex.
    pub hash: String,
    /// The highest role that the key may touch.
    pub max_role: Role,
    /// The purpose of the key.
    pub purpose: Purpose,
    /// The key's team.
    pub team: TeamRow,
}

impl std::fmt::Debug for KeyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRow").field("key", &self.key).field("team", &self.team.slug).finish_non_exhaustive()
    }
}

/// A key with the data for the rules of a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The key as in lists.
    pub key: ScimKey,
    /// The lifetime in days at the key's creation; `None` is unlimited.
    pub lifetime_days: Option<i64>,
    /// The purpose of the key.
    pub purpose: Purpose,
}

impl StoredKey {
    /// The end of the key's lifetime, if it had never been rolled.
    pub fn natural_end(&self) -> Option<UnixMs> {
        self.lifetime_days.map(|days| self.key.created_at + days * DAY)
    }
}

/// The columns of [`ScimKey`] in the table `k` of the statement.
macro_rules! key_columns {
    () => {
        "k.id, k.name, k.tail, k.created_by_name, k.created_at, k.expires_at, k.revoked_at, k.last_used_at, \
         k.replaced_by"
    };
}
pub(crate) use key_columns;

pub(crate) fn read_key(row: &Row) -> Result<ScimKey, StoreError> {
    Ok(ScimKey {
        id: KeyId::new(row.text("id")?),
        name: row.text("name")?,
        tail: row.text("tail")?,
        created_by: row.opt_text("created_by_name")?,
        created_at: row.number("created_at")?,
        expires_at: row.opt_number("expires_at")?,
        revoked_at: row.opt_number("revoked_at")?,
        last_used_at: row.opt_number("last_used_at")?,
        replaced_by: row.opt_text("replaced_by")?.map(KeyId::new),
    })
}

pub(crate) fn read_key_row(row: &Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        key: read_key(row)?,
        hash: row.text("hash")?,
        max_role: row.parse_enum("max_role", Role::from_name)?,
        purpose: row.parse_enum("purpose", Purpose::from_name)?,
        team: TeamRow::read(row)?,
    })
}

impl Store {
    /// The key with this id, and its team: one statement. The caller decides whether the key grants access.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn key_by_id(&self, id: &KeyId) -> Result<Option<KeyRow>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            key_columns!(),
            ", k.hash, k.max_role, k.purpose, ",
            team_columns!(),
            " FROM scim_keys k JOIN teams t ON t.id = k.team_id WHERE k.id = $1 AND t.deleted_at IS NULL"
        );
        let row = sql(SQL).text(id.as_str()).inline().first(&self.reader).await?;
        row.as_ref().map(read_key_row).transpose()
    }

    /// The remaining keys of self-tests of one team or of all teams, each with its team.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn remaining_self_tests(&self, team: Option<&TeamId>) -> Result<Vec<(TeamRow, ScimKey)>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            key_columns!(),
            ", ",
            team_columns!(),
            " FROM scim_keys k JOIN teams t ON t.id = k.team_id WHERE k.purpose = 'self_test' \
             AND k.revoked_at IS NULL AND (k.team_id = $1 OR $1 = '') AND t.deleted_at IS NULL ORDER BY k.team_id, k.id"
        );
        let rows = sql(SQL).text(team.map_or("", TeamId::as_str)).all(&self.reader).await?;
        rows.iter().map(|row| Ok((TeamRow::read(row)?, read_key(row)?))).collect()
    }

    /// Records the last use of keys, in one transaction. A time never replaces a later one, unless that is in the
    /// future because of a wrong clock.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn keys_touch(&self, uses: &[(TeamId, KeyId, UnixMs)], now: UnixMs) -> Result<(), StoreError> {
        if uses.is_empty() {
            return Ok(());
        }
        // Every transaction has the same order, so that two of them cannot wait for each other.
        let mut uses: Vec<_> = uses.iter().collect();
        uses.sort_by(|one, other| (&one.0, one.1.as_str()).cmp(&(&other.0, other.1.as_str())));
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            for (team, id, at) in &uses {
                sql("UPDATE scim_keys SET last_used_at = $3 WHERE team_id = $1 AND id = $2 \
                     AND (last_used_at IS NULL OR last_used_at < $3 OR last_used_at > $4)")
                .text(team.as_str())
                .text(id.as_str())
                .number((*at).min(now))
                .number(now)
                .run(&mut *tx)
                .await?;
            }
            tx.commit().await
        })
    }
}
