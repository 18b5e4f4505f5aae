//! A team's connection to its identity provider, for pages.

use crate::web::activity;
use app::model::{Connection, Health};
use domain::{
    HOUR, UnixMs,
    activity::filter::DAY_HOURS,
    id::TeamId,
    key::{KeyStatus, ScimKey},
    scim_client::HourlyRequests,
};
use store::{self, Store, StoreError};

/// The hours that are shown, including the current one: the same that Activity lists as the last 24.
const HOURS: i64 = DAY_HOURS;

/// The start of the first hour that is shown.
fn since(now: UnixMs) -> UnixMs {
    (now.div_euclid(HOUR) - HOURS + 1) * HOUR
}

/// The team's connection: one statement.
pub(in crate::web) async fn load(store: &Store, team: &TeamId, now: UnixMs) -> Result<Option<Connection>, StoreError> {
    Ok(store.connection(team, since(now)).await?.map(|row| connection_model(row, now)))
}

/// All hours, including those without requests.
fn connection_model(row: store::ScimConnection, now: UnixMs) -> Connection {
    let hour = |number: i64| {
        let at = since(now) + number * HOUR;
        let counted = row.hours.iter().find(|hour| hour.at == at);
        counted.copied().unwrap_or(HourlyRequests { at, requests: 0, failures: 0 })
    };
    Connection {
        hours: (0..HOURS).map(hour).collect(),
        client: row.client,
        user_agent: row.user_agent,
        at: row.at,
        key_name: row.key_name,
        operation: row.operation,
        target: row.target,
        answer: activity::answer(row.status),
        failed: row.status == 0 || row.status >= 400,
        detail: row.detail,
        failed_in_row: row.failed_in_row,
        failing_since: row.failing_since,
        first_member: row.first_member,
    }
}

/// The health of the connection: one statement, beside the keys that were already read.
pub(super) async fn health(
    store: &Store,
    team: &TeamId,
    scim_on: bool,
    keys: &[ScimKey],
    now: UnixMs,
) -> Result<Health, StoreError> {
    Ok(Health {
        connection: load(store, team, now).await?,
        used_at: keys.iter().filter_map(|key| key.last_used_at).max(),
        ready: scim_on && keys.iter().any(|key| key.status(now).is_usable()),
        expiring: keys.iter().filter(|key| matches!(key.status(now), KeyStatus::Expiring { .. })).count(),
    })
}
