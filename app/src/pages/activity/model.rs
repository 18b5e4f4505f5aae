//! The Activity page: the log's lines, and the filter.

use domain::{
    UnixMs,
    activity::{
        Entry,
        filter::{ActivityFilter, ActivitySource},
    },
    scim_operation::ScimOperation,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// One page of the log, the newest first.
    pub events: Vec<Event>,
    /// The number of changes and requests in these lines.
    pub count: i64,
    /// The number of all matching lines.
    pub total: Total,
    pub form: ActivityForm,
    /// The id after which the next page starts, if there is one.
    pub older: Option<String>,
    /// The time at which the text search stopped, if the log continues before it.
    pub searched_until: Option<UnixMs>,
    /// Is this the page of one request? Then its line is open.
    pub is_request: bool,
    /// The URL of live updates, on the first page.
    pub live: Option<String>,
    pub newest: bool,
    /// The retention of changes in days.
    pub retention_days: i64,
    /// The retention of requests in days; 0 if none are recorded.
    pub request_days: i64,
}

/// A number of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    Exactly(i64),
    /// More than this, because counting stops there.
    MoreThan(i64),
    Unknown,
}

/// The filter and its choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityForm {
    pub filter: ActivityFilter,
    /// The actors in the choice: members, the operator and Rollcall itself.
    pub people: Vec<Offer>,
    /// The keys in the choice.
    pub keys: Vec<Offer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub by: ActivitySource,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A change. If an identity provider made it, also the key and the request.
    Change(Entry, Option<Via>, Option<Exchange>),
    /// A request of an identity provider that changed nothing, because it only read or was rejected.
    Request(ProviderRequest, Option<Exchange>),
    /// Several reading requests with one key in one minute.
    Reads(Reads),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRequest {
    pub at: UnixMs,
    pub address: Option<String>,
    pub via: Via,
    /// Method, path and query.
    pub request_line: String,
    /// Does a self-test send it, some of whose requests are rejected on purpose?
    pub is_test: bool,
    pub operation: ScimOperation,
    /// The name or id of the target.
    pub target: Option<String>,
    /// The status: "200 OK".
    pub answer: String,
    /// The reason of a failure.
    pub failure: Option<RequestFailure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFailure {
    /// The kind of the reason, which determines the advice.
    pub why: Why,
    /// The detail of the response, if it had one.
    pub detail: Option<String>,
    /// The failed operations of a bulk request.
    pub parts: Vec<FailedPart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPart {
    /// The operation and its error.
    pub message: String,
    pub why: Option<Why>,
}

/// A number of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The key expired or was revoked.
    EndedKey,
    /// The client sent the id of a key, but a wrong secret.
    WrongSecret,
    /// The request is not allowed: provisioning is off, or a policy denies the change.
    Forbidden,
    /// The target does not exist.
    Missing,
    /// A unique value exists already.
    Taken,
    /// The target has changed meanwhile.
    Outdated,
    /// The request is too large.
    TooLarge,
    TooMany,
    Unsupported,
    Method,
    /// Some of several operations failed.
    Partly,
    /// The request could not be parsed.
    Malformed,
    /// An error of the server or its database.
    Fault,
    /// No response: the provider disconnected, or it took too long.
    Unanswered,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    pub since: UnixMs,
    pub at: UnixMs,
    pub address: Option<String>,
    pub via: Via,
    /// The number of changes and requests in these lines.
    pub count: i64,
    /// The operations, with their numbers.
    pub operations: Vec<(ScimOperation, i64)>,
    /// The requests, the newest first.
    pub requests: Vec<Read>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The request's id: "req_...".
    pub id: String,
    pub at: UnixMs,
    /// Method, path and query.
    pub request_line: String,
    /// The status: "200 OK".
    pub answer: String,
    /// The duration in microseconds.
    pub micros: i64,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// The product, if it is recognized.
    pub client: Option<String>,
    /// The key's name at the time of the request.
    pub key_name: String,
    /// The key's hint, as long as the key is listed: `rc_scim_…x7Qd`.
    pub hint: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The request's id: "req_...".
    pub id: String,
    pub method: String,
    pub path: String,
    /// The status: "200 OK".
    pub answer: String,
    /// The duration in microseconds.
    pub micros: i64,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    pub notes: Vec<String>,
    pub request_body: Option<Wire>,
    pub response_body: Option<Wire>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// Indented JSON; empty if the body is not stored.
    pub text: String,
    /// A note, such as the reason that the body is missing or cut off.
    pub note: Option<String>,
}
