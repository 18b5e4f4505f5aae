//! The Activity page: the log's lines, and what of them is asked for.

use domain::{
    UnixMs,
    activity::{
        Entry,
        filter::{ActivityFilter, ActivitySource},
    },
    scim_operation::ScimOperation,
};
use serde::{Deserialize, Serialize};

/// The Activity page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// One page of the log, the newest first.
    pub events: Vec<Event>,
    /// How many changes and requests these are.
    pub shown: i64,
    /// How many there are in all.
    pub total: Total,
    /// What is asked for.
    pub form: ActivityForm,
    /// The id after which the next page starts, where there is one.
    pub older: Option<String>,
    /// Up to when a text was looked for, where the log goes on before that.
    pub searched: Option<UnixMs>,
    /// Is it all about one request? Then it is shown opened.
    pub is_request: bool,
    /// Which lines it shows, on the first page: others appear there by themselves.
    pub live: Option<String>,
    /// Is this the first page?
    pub newest: bool,
    /// How long changes are kept, in days.
    pub kept_days: i64,
    /// How long requests of identity providers are kept, in days; 0: none is recorded.
    pub request_days: i64,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// So many.
    Exactly(i64),
    /// More than that: too many to be counted.
    MoreThan(i64),
    /// They were not counted.
    Unknown,
}

/// What of the log is asked for, and what can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityForm {
    /// What is asked for.
    pub filter: ActivityFilter,
    /// Whose lines can be asked for: people, the operator and Rollcall itself.
    pub people: Vec<Offer>,
    /// The keys whose lines can be asked for.
    pub keys: Vec<Offer>,
}

/// Someone whose lines can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Who.
    pub by: ActivitySource,
    /// What people read.
    pub label: String,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Something was changed; where an identity provider did, through which key, and the request.
    Change(Entry, Option<Via>, Option<Exchange>),
    /// An identity provider's request that changed nothing: it only read, or was refused.
    Request(ProviderRequest, Option<Exchange>),
    /// Several requests that only read, with one key in one minute.
    Reads(Reads),
}

/// An identity provider's request in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRequest {
    /// When it came.
    pub at: UnixMs,
    /// From which address, as far as it is known.
    pub address: Option<String>,
    /// Through which key.
    pub via: Via,
    /// Method, path and query.
    pub asked: String,
    /// Did a self-test send it, which is refused in places on purpose?
    pub is_test: bool,
    /// What was asked for.
    pub operation: ScimOperation,
    /// The name of what it was about, or its id.
    pub target: Option<String>,
    /// The answer: "200 OK".
    pub answer: String,
    /// Why it failed; none: it did not.
    pub failure: Option<RequestFailure>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFailure {
    /// The kind of reason, which decides what helps.
    pub why: Why,
    /// What the provider was told, where it was told anything.
    pub detail: Option<String>,
    /// The operations that failed, of a request of several.
    pub parts: Vec<FailedPart>,
}

/// One operation that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPart {
    /// Which one, and what was wrong.
    pub said: String,
    /// The kind of reason, where it is known.
    pub why: Option<Why>,
}

/// The kinds of reasons why a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The key does not work any longer.
    EndedKey,
    /// The sender did not have the key, only its id.
    WrongSecret,
    /// Something must not be done: provisioning is off, or the change is one that no one may make.
    Forbidden,
    /// What it was about is not there.
    Missing,
    /// Something unique exists already.
    Taken,
    /// What it was about has changed meanwhile.
    Outdated,
    /// Too long.
    TooLarge,
    /// Too many requests.
    TooMany,
    /// There is no such endpoint.
    Unsupported,
    /// The endpoint does not have this method.
    Method,
    /// Some of several operations.
    Partly,
    /// It could not be understood.
    Malformed,
    /// A fault of the server or its database.
    Fault,
    /// It was not answered: the provider hung up, or it took too long.
    Unanswered,
}

/// Several requests in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// When the first came.
    pub since: UnixMs,
    /// When the last came.
    pub at: UnixMs,
    /// From where the last came, as far as it is known.
    pub address: Option<String>,
    /// Through which key.
    pub via: Via,
    /// How many.
    pub count: i64,
    /// What was asked for, how many times.
    pub operations: Vec<(ScimOperation, i64)>,
    /// Each of them, the newest first.
    pub requests: Vec<Read>,
}

/// One of several requests that only read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The request's name: "req_...".
    pub id: String,
    /// When it came.
    pub at: UnixMs,
    /// Method, path and query.
    pub asked: String,
    /// The answer: "200 OK".
    pub answer: String,
    /// How long it took, in microseconds.
    pub micros: i64,
    /// What was normalized.
    pub notes: Vec<String>,
}

/// Through what an identity provider asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// The product, where it is recognized.
    pub client: Option<String>,
    /// The key's name at that time.
    pub key_name: String,
    /// How the key is told from others, as long as it is listed: `rc_scim_…x7Qd`.
    pub hint: Option<String>,
}

/// A request and its answer, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The request's name: "req_...".
    pub id: String,
    /// GET, POST, ...
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The answer: "200 OK".
    pub answer: String,
    /// How long it took, in microseconds.
    pub micros: i64,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// What was normalized.
    pub notes: Vec<String>,
    /// The request's body.
    pub sent: Option<Wire>,
    /// The answer's body.
    pub answered: Option<Wire>,
}

/// A body, or the start of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// JSON as people read it; empty: nothing is kept of it.
    pub text: String,
    /// What there is to say about it: that it is only the start, or why it is not kept.
    pub note: Option<String>,
}
