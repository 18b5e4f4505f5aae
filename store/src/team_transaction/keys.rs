//! Changes of SCIM API keys.

use crate::team_transaction::TeamTransaction;
use crate::{
    StoreError, StoredKey,
    db::{row::Row, statement::sql},
    keys::{key_columns, read_key},
};
use domain::{
    UnixMs,
    id::MemberId,
    key::{KeyId, Purpose, ScimKey},
    provisioning::{MayManage, ProvisioningAllowed},
    role::Role,
    validation::text::fold,
};

/// A new key.
pub struct NewKey<'a> {
    /// The key as in lists.
    pub key: &'a ScimKey,
    /// HMAC of the whole key, in hex.
    pub hash: &'a str,
    /// The highest role that the key may touch.
    pub max_role: Role,
    /// The author; `None` is the operator.
    pub created_by: Option<&'a MemberId>,
    /// The lifetime in days; `None` is unlimited, or less than a day.
    pub lifetime_days: Option<i64>,
    /// The purpose of the key.
    pub purpose: Purpose,
}

fn read(row: &Row) -> Result<StoredKey, StoreError> {
    Ok(StoredKey {
        key: read_key(row)?,
        lifetime_days: row.opt_number("lifetime_days")?,
        purpose: row.parse_enum("purpose", Purpose::from_name)?,
    })
}

impl TeamTransaction {
    /// The team's keys that work at `now`, including rolled ones in their overlap and those of self-tests.
    pub async fn keys_usable(&mut self, now: UnixMs) -> Result<Vec<StoredKey>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            key_columns!(),
            ", k.lifetime_days, k.purpose FROM scim_keys k WHERE k.team_id = $1 AND k.revoked_at IS NULL \
             AND (k.expires_at IS NULL OR k.expires_at > $2) ORDER BY k.created_at, k.id"
        );
        let rows = sql(SQL).text(self.team.id.as_str()).number(now).all(&mut *self.tx).await?;
        rows.iter().map(read).collect()
    }

    /// One of the team's keys, working or not, and the highest role that it may change.
    pub async fn key_with_max_role(&mut self, id: &KeyId) -> Result<Option<(ScimKey, Role)>, StoreError> {
        const SQL: &str =
            concat!("SELECT ", key_columns!(), ", k.max_role FROM scim_keys k WHERE k.team_id = $1 AND k.id = $2");
        let row = sql(SQL).text(self.team.id.as_str()).text(id.as_str()).first(&mut *self.tx).await?;
        row.map(|row| Ok((read_key(&row)?, row.parse_enum("max_role", Role::from_name)?))).transpose()
    }

    /// One of the team's keys, working or not.
    pub async fn key(&mut self, id: &KeyId) -> Result<Option<StoredKey>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            key_columns!(),
            ", k.lifetime_days, k.purpose FROM scim_keys k WHERE k.team_id = $1 AND k.id = $2"
        );
        let row = sql(SQL).text(self.team.id.as_str()).text(id.as_str()).first(&mut *self.tx).await?;
        row.as_ref().map(read).transpose()
    }

    /// Inserts a new key. Only its hash is stored.
    pub async fn key_insert(&mut self, new: &NewKey<'_>, _: ProvisioningAllowed) -> Result<(), StoreError> {
        sql(
            "INSERT INTO scim_keys (team_id, id, name, name_key, hash, tail, max_role, created_by_id, created_by_name, \
             created_at, lifetime_days, expires_at, purpose) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .text(self.team.id.as_str())
        .text(new.key.id.as_str())
        .text(&new.key.name)
        .text(&fold(&new.key.name))
        .text(new.hash)
        .text(&new.key.tail)
        .text(new.max_role.name())
        .opt_text(new.created_by.map(MemberId::as_str))
        .opt_text(new.key.created_by.as_deref())
        .number(new.key.created_at)
        .opt_number(new.lifetime_days)
        .opt_number(new.key.expires_at)
        .text(new.purpose.name())
        .run(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Changes the end of a key.
    pub async fn key_set_end(&mut self, id: &KeyId, end: UnixMs, _: MayManage) -> Result<(), StoreError> {
        sql("UPDATE scim_keys SET expires_at = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .number(end)
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Records the key that replaces another.
    pub async fn key_set_replaced(&mut self, id: &KeyId, by: &KeyId, _: ProvisioningAllowed) -> Result<(), StoreError> {
        sql("UPDATE scim_keys SET replaced_by = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .text(by.as_str())
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Revokes a key.
    pub async fn key_revoke(&mut self, id: &KeyId, now: UnixMs, _: MayManage) -> Result<(), StoreError> {
        sql("UPDATE scim_keys SET revoked_at = $3 WHERE team_id = $1 AND id = $2")
            .text(self.team.id.as_str())
            .text(id.as_str())
            .number(now)
            .run(&mut *self.tx)
            .await?;
        Ok(())
    }
}
