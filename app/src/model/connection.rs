//! A team's connection to its identity provider.

use domain::{
    DAY, UnixMs,
    scim_client::{HourlyRequests, ScimClient},
    scim_operation::ScimOperation,
};
use serde::{Deserialize, Serialize};

/// The last request of an identity provider, and how many there were in the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Who sent it.
    pub client: ScimClient,
    /// What that calls itself.
    pub user_agent: Option<String>,
    /// When it came.
    pub at: UnixMs,
    /// The key's name.
    pub key_name: String,
    /// What was asked for.
    pub operation: ScimOperation,
    /// The name of what it was about.
    pub target: Option<String>,
    /// The answer: "200 OK".
    pub answer: String,
    /// Was it refused, or not answered?
    pub failed: bool,
    /// What was wrong with it.
    pub detail: Option<String>,
    /// How many failed, one after the other up to this one.
    pub failed_in_row: i64,
    /// Since when they do.
    pub failing_since: Option<UnixMs>,
    /// The name of the first member that the provider created; empty, if that member is gone again.
    pub first_member: Option<String>,
    /// The last 24 hours, the oldest first.
    pub hours: Vec<HourlyRequests>,
}

/// So many requests that failed, one after the other, are a connection that fails.
const FAILING: i64 = 3;
/// After so long without a request a connection is quiet.
const QUIET: UnixMs = DAY;

/// What is known of the connection of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The last request, and those of the last 24 hours.
    pub connection: Option<Connection>,
    /// When a key was last used: known sooner than what for, and also where requests are not recorded.
    pub used_at: Option<UnixMs>,
    /// Could a request be answered: is provisioning on, and is there a key that works?
    pub ready: bool,
    /// How many keys expire soon.
    pub expiring: usize,
}

/// How a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// Nothing came, and nothing can.
    NotConnected,
    /// Nothing came yet.
    Waiting,
    /// Requests come, and are answered.
    Connected,
    /// Nothing came for so many days.
    Quiet(i64),
    /// The last requests failed, so many of them, since this time.
    Failing(i64, UnixMs),
}

impl Health {
    /// When the last request came.
    pub fn last_at(&self) -> Option<UnixMs> {
        self.used_at.max(self.connection.as_ref().map(|connection| connection.at))
    }

    /// How it is now.
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
    /// Who sent it, in a sentence: "Okta", "an unrecognised client (curl/8.5.0)".
    pub fn sender(&self) -> String {
        match (self.client, self.user_agent.as_ref().filter(|agent| !agent.trim().is_empty())) {
            (ScimClient::Unknown, Some(agent)) => ["an unknown client (", agent, ")"].concat(),
            (ScimClient::Unknown, None) => "an unknown client".to_owned(),
            (client, _) => client.label().to_owned(),
        }
    }

    /// What it did or tried: "looked up member “ada”", "tried to create member “ada”".
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

    /// How many requests came, and how many failed.
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
    fn a_client_without_a_name_has_none() {
        assert_eq!(connection(0, 0).unwrap().sender(), "an unknown client");
    }
}
