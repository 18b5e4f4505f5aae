//! A team's connection to its identity provider, as pages show it.

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

/// So many hours are shown, the one that is not over yet among them: those that Activity lists as the last 24.
const HOURS: i64 = DAY_HOURS;

/// When the first of the hours that are shown began.
fn since(now: UnixMs) -> UnixMs {
    (now.div_euclid(HOUR) - HOURS + 1) * HOUR
}

/// The team's connection: one statement.
pub(in crate::web) async fn load(store: &Store, team: &TeamId, now: UnixMs) -> Result<Option<Connection>, StoreError> {
    Ok(store.connection(team, since(now)).await?.map(|stored| shown(stored, now)))
}

/// Every hour, also those in which nothing came.
fn shown(stored: store::ScimConnection, now: UnixMs) -> Connection {
    let hour = |number: i64| {
        let at = since(now) + number * HOUR;
        let counted = stored.hours.iter().find(|hour| hour.at == at);
        counted.copied().unwrap_or(HourlyRequests { at, requests: 0, failures: 0 })
    };
    Connection {
        hours: (0..HOURS).map(hour).collect(),
        client: stored.client,
        user_agent: stored.user_agent,
        at: stored.at,
        key_name: stored.key_name,
        operation: stored.operation,
        target: stored.target,
        answer: activity::answer(stored.status),
        failed: stored.status == 0 || stored.status >= 400,
        detail: stored.detail,
        failed_in_row: stored.failed_in_row,
        failing_since: stored.failing_since,
        first_member: stored.first_member,
    }
}

/// How it is: one statement, beside the keys that were read.
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
