//! The data of the Authentication page, in one statement.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
    keys::{key_columns, read_key},
};
use domain::{
    DAY, UnixMs,
    id::{MethodId, TeamId},
    key::ScimKey,
    sso::{Protocol, Settings, SsoMethod, SsoProvider},
};

/// Ended keys are listed for this long.
const ENDED_SHOWN: UnixMs = 90 * DAY;

/// The team's data on the Authentication page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticationData {
    /// The SSO methods, the oldest first.
    pub methods: Vec<SsoMethod>,
    /// The working keys, the newest first. Then up to 50 keys that ended in the last 90 days, the last ended first.
    pub keys: Vec<ScimKey>,
    /// The time of the last sign-in through each method, if there was one, in the same order.
    pub last_sign_ins: Vec<(MethodId, UnixMs)>,
}

/// The columns of an SSO method in the table `m` of the statement.
macro_rules! method_columns {
    () => {
        "m.id, m.name, m.created_at, m.provider, m.protocol, m.enabled, m.configured, m.entity_id, m.sign_in_url, \
         m.certificate, m.certificate_expires, m.issuer, m.client_id"
    };
}
pub(crate) use method_columns;

/// The values of a key's columns in the row of an SSO method.
macro_rules! no_key {
    () => {
        "CAST(NULL AS TEXT) AS tail, CAST(NULL AS TEXT) AS created_by_name, CAST(NULL AS BIGINT) AS expires_at, \
         CAST(NULL AS BIGINT) AS revoked_at, CAST(NULL AS BIGINT) AS last_used_at, CAST(NULL AS TEXT) AS replaced_by"
    };
}

/// The values of an SSO method's columns in the row of a key, and the key's own columns.
macro_rules! as_key {
    () => {
        "k.id, k.name, k.created_at, CAST(NULL AS TEXT) AS provider, CAST(NULL AS TEXT) AS protocol, 0 AS enabled, \
         0 AS configured, CAST(NULL AS TEXT) AS entity_id, CAST(NULL AS TEXT) AS sign_in_url, \
         CAST(NULL AS TEXT) AS certificate, CAST(NULL AS BIGINT) AS certificate_expires, CAST(NULL AS TEXT) AS issuer, \
         CAST(NULL AS TEXT) AS client_id, CAST(NULL AS BIGINT) AS last_sign_in_at, k.tail, k.created_by_name, k.expires_at, k.revoked_at, k.last_used_at, \
         k.replaced_by"
    };
}

pub(crate) fn read_method(row: &Row) -> Result<SsoMethod, StoreError> {
    let protocol = row.parse_enum("protocol", Protocol::from_name)?;
    let settings = match (row.flag("configured")?, protocol) {
        (false, _) => None,
        (true, Protocol::Saml) => Some(Settings::Saml {
            entity_id: row.text("entity_id")?,
            sign_in_url: row.text("sign_in_url")?,
            certificate: row.text("certificate")?,
            certificate_expires: row.number("certificate_expires")?,
        }),
        (true, Protocol::Oidc) => {
            Some(Settings::Oidc { issuer: row.text("issuer")?, client_id: row.text("client_id")? })
        }
    };
    Ok(SsoMethod {
        id: MethodId::new(row.text("id")?),
        name: row.text("name")?,
        provider: row.parse_enum("provider", SsoProvider::from_name)?,
        protocol,
        enabled: row.flag("enabled")?,
        settings,
    })
}

impl Store {
    /// The team's SSO methods and keys: one statement.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn authentication_data(&self, team: &TeamId, now: UnixMs) -> Result<AuthenticationData, StoreError> {
        const SQL: &str = concat!(
            "SELECT 'method' AS kind, ",
            method_columns!(),
            ", (SELECT l.last_sign_in_at FROM sso_links l WHERE l.team_id = m.team_id AND l.method_id = m.id \
             ORDER BY l.last_sign_in_at DESC LIMIT 1) AS last_sign_in_at, ",
            no_key!(),
            " FROM sso_methods m WHERE m.team_id = $1 \
             UNION ALL SELECT 'key' AS kind, ",
            as_key!(),
            " FROM scim_keys k \
             WHERE k.team_id = $1 AND k.purpose = 'provider' AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) \
             UNION ALL SELECT * FROM (SELECT 'key' AS kind, ",
            as_key!(),
            " FROM scim_keys k \
             WHERE k.team_id = $1 AND k.purpose = 'provider' AND (k.revoked_at > $3 OR (k.revoked_at IS NULL AND k.expires_at <= $2 \
             AND k.expires_at > $3)) ORDER BY COALESCE(k.revoked_at, k.expires_at) DESC LIMIT 50) AS ended"
        );
        let query = sql(SQL).text(team.as_str()).number(now).number(now - ENDED_SHOWN);
        let rows = query.inline().all(&self.reader).await?;
        let mut data = AuthenticationData::default();
        for row in &rows {
            if row.text("kind")? == "method" {
                let method = read_method(row)?;
                if let Some(at) = row.opt_number("last_sign_in_at")? {
                    data.last_sign_ins.push((method.id.clone(), at.min(now)));
                }
                data.methods.push(method);
            } else {
                let mut key = read_key(row)?;
                // A time in the future comes from a wrong clock.
                key.last_used_at = key.last_used_at.map(|at| at.min(now));
                data.keys.push(key);
            }
        }
        data.methods.sort_by(|a, b| a.id.cmp(&b.id));
        data.last_sign_ins.sort_by(|(a, _), (b, _)| a.cmp(b));
        data.keys.sort_by_key(|key| list_order(key, now));
        Ok(data)
    }

    /// All keys of the team, including ended ones, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn keys_all(&self, team: &TeamId) -> Result<Vec<ScimKey>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            key_columns!(),
            " FROM scim_keys k WHERE k.team_id = $1 ORDER BY k.created_at DESC, k.id"
        );
        sql(SQL).text(team.as_str()).all(&self.reader).await?.iter().map(read_key).collect()
    }
}

/// Working keys before ended ones, then the newest, or the last ended, first.
fn list_order(key: &ScimKey, now: UnixMs) -> (bool, std::cmp::Reverse<UnixMs>, String) {
    use domain::key::KeyStatus as S;
    let (ended, at) = match key.status(now) {
        S::Revoked { at } | S::Expired { at } => (true, at),
        S::Active | S::Expiring { .. } | S::HandingOver { .. } => (false, key.created_at),
    };
    (ended, std::cmp::Reverse(at), key.id.as_str().to_owned())
}
