//! A team's connection to its identity provider.

use domain::{
    DAY, UnixMs,
    scim_client::{HourlyRequests, ScimClient},
    scim_operation::ScimOperation,
};
use serde::{Deserialize, Serialize};

/// The last request of an identity provider, and the number of requests in the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub client: ScimClient,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    pub at: UnixMs,
    pub key_name: String,
    pub operation: ScimOperation,
    /// The name of the target.
    pub target: Option<String>,
    /// The status: "200 OK".
    pub answer: String,
    /// Was it rejected, or not answered?
    pub failed: bool,
    pub detail: Option<String>,
    /// The number of consecutive failures up to this request.
    pub failed_in_row: i64,
    /// The time of the first of them.
    pub failing_since: Option<UnixMs>,
    /// The name of the first member that the provider created; empty if that member was deleted.
    pub first_member: Option<String>,
    pub hours: Vec<HourlyRequests>,
}

/// This many consecutive failures mean that the connection fails.
const FAILING: i64 = 3;
/// After this time without a request, the connection is quiet.
const QUIET: UnixMs = DAY;

/// The health of a team's connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The last request, and those of the last 24 hours.
    pub connection: Option<Connection>,
    /// The last use of a key. It is known before the request is recorded, and also if requests are not recorded.
    pub used_at: Option<UnixMs>,
    /// Can a request succeed: is provisioning on, with a working key?
    pub ready: bool,
    /// The number of keys that expire soon.
    pub expiring: usize,
}

/// The state of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// No request came, and none can.
    NotConnected,
    /// No request came yet.
    Waiting,
    /// Requests succeed.
    Connected,
    /// No request came for this many days.
    Quiet(i64),
    /// The last requests failed: their number, and the time of the first.
    Failing(i64, UnixMs),
}

impl Health {
    /// The time of the last request.
    pub fn last_at(&self) -> Option<UnixMs> {
        self.used_at.max(self.connection.as_ref().map(|connection| connection.at))
    }

    pub fn state(&self, now: UnixMs) -> HealthState {
        let Some(last) = self.last_at() else {
            return if self.ready { HealthState::Waiting } else { HealthState::NotConnected };
        };
        match &self.connection {
            Some(Connection { failed_in_row, failing_since: Some(since), .. }) if *failed_in_row >= FAILING => {
                HealthState::Failing(*failed_in_row, *since)
            }
            _ if now - last >= QUIET => HealthState::Quiet((now - last) / DAY),
            _ => HealthState::Connected,
        }
    }
}

impl Connection {
    /// The client in a sentence: "Okta", "an unrecognised client (curl/8.5.0)".
    pub fn sender(&self) -> String {
        match (self.client, self.user_agent.as_ref().filter(|agent| !agent.trim().is_empty())) {
            (ScimClient::Unknown, Some(agent)) => ["an unknown client (", agent, ")"].concat(),
            (ScimClient::Unknown, None) => "an unknown client".to_owned(),
            (client, _) => client.label().to_owned(),
        }
    }

    /// The operation in a sentence: "looked up member “ada”", "tried to create member “ada”".
    pub fn deed(&self) -> String {
        let named = self.target.is_some();
        let did = match self.failed {
            true => ["tried to ", self.operation.tried(named)].concat(),
            false => self.operation.did(named).to_owned(),
        };
        match &self.target {
            Some(target) => [&did, " “", target, "”"].concat(),
            None => did,
        }
    }

    /// The number of requests, and of failures.
    pub fn counts(&self) -> (i64, i64) {
        self.hours
            .iter()
            .fold((0, 0), |(requests, failures), hour| (requests + hour.requests, failures + hour.failures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{HOUR, MINUTE};

    fn connection(at: UnixMs, failed_in_row: i64) -> Option<Connection> {
        Some(Connection {
            client: ScimClient::Unknown,
            user_agent: Some(String::new()),
            at,
            key_name: "Okta".into(),
            operation: ScimOperation::UserList,
            target: None,
            answer: "200 OK".into(),
            failed: failed_in_row > 0,
            detail: None,
            failed_in_row,
            failing_since: (failed_in_row > 0).then_some(at - MINUTE),
            first_member: None,
            hours: Vec::new(),
        })
    }

    #[test]
    fn states() {
        let now = 100 * DAY;
        for (connection, used_at, ready, state) in [
            (None, None, false, HealthState::NotConnected),
            (None, None, true, HealthState::Waiting),
            (None, Some(now - 1), true, HealthState::Connected),
            (connection(now - 1, 0), None, true, HealthState::Connected),
            (connection(now - 1, 2), None, true, HealthState::Connected),
            (connection(now - 1, 3), None, true, HealthState::Failing(3, now - 1 - MINUTE)),
            (connection(now - 9 * DAY, 4), None, true, HealthState::Failing(4, now - 9 * DAY - MINUTE)),
            (connection(now - DAY + 1, 0), None, true, HealthState::Connected),
            (connection(now - DAY, 0), None, true, HealthState::Quiet(1)),
            (connection(now - 3 * DAY - HOUR, 0), None, false, HealthState::Quiet(3)),
            (connection(now - 3 * DAY, 0), Some(now - HOUR), true, HealthState::Connected),
        ] {
            let health = Health { connection, used_at, ready, expiring: 0 };
            assert_eq!(health.state(now), state, "{health:?}");
        }
    }

    #[test]
    fn an_unnamed_client_has_no_label() {
        assert_eq!(connection(0, 0).unwrap().sender(), "an unknown client");
    }
}
