//! A team's connection to its identity provider.

use domain::{UnixMs, client::Client, operation::Operation};
use serde::{Deserialize, Serialize};

/// The last request of an identity provider, and how many there were in the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Who sent it.
    pub client: Client,
    /// What that calls itself.
    pub user_agent: Option<String>,
    /// When it came.
    pub at: UnixMs,
    /// The key's name.
    pub key_name: String,
    /// What was asked for.
    pub operation: Operation,
    /// The name of what it was about.
    pub target: Option<String>,
    /// The answer: "200 OK".
    pub answer: String,
    /// Was it refused, or not answered?
    pub failed: bool,
    /// The name of the first member that the provider created; empty, if that member is gone again.
    pub first_member: Option<String>,
    /// The last 24 hours, the oldest first.
    pub hours: Vec<Hour>,
}

/// The requests of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// When it began.
    pub at: UnixMs,
    /// How many requests came.
    pub requests: i64,
    /// How many of them failed.
    pub failures: i64,
}

impl Connection {
    /// Who sent it, in a sentence: "Okta", "an unrecognised client (curl/8.5.0)".
    pub fn sender(&self) -> String {
        match (self.client, &self.user_agent) {
            (Client::Unknown, Some(agent)) => ["an unrecognised client (", agent, ")"].concat(),
            (Client::Unknown, None) => "an unrecognised client".to_owned(),
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
