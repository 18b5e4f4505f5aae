//! A recorded request of an identity provider.

use domain::{UnixMs, id::TeamId, key::KeyId, scim_client::RequestOrigin};

/// One request of an identity provider, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimRequest {
    /// Which one; sorts by time among the entries of the log.
    pub id: String,
    /// The key's team.
    pub team: TeamId,
    /// When it came.
    pub at: UnixMs,
    /// The key, also one that was refused.
    pub key: KeyId,
    /// The key's name at that time.
    pub key_name: String,
    /// From where, as far as it is known.
    pub address: Option<String>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// GET, POST, ...
    pub method: String,
    /// Path and query, as people read them.
    pub path: String,
    /// The stable name of an operation.
    pub operation: String,
    /// The id of the resource it was about.
    pub target: Option<String>,
    /// The resource's name, or what was looked for.
    pub target_name: Option<String>,
    /// The answer's status; 0: it was not answered.
    pub status: i64,
    /// How long it took, in microseconds.
    pub micros: i64,
    /// What was wrong with it; of several operations, those that failed, a line each.
    pub detail: Option<String>,
    /// What was normalized.
    pub notes: Vec<String>,
    /// The request's body.
    pub request: Option<String>,
    /// The answer's body.
    pub answer: Option<String>,
    /// Do entries of the log say what it changed?
    pub changed: bool,
    /// Who sent it.
    pub origin: RequestOrigin,
}
