//! The record of what identity providers send: every request with its key, how it was answered, and both bodies without
//! what is secret.
//!
//! On the way of a request ([`Record`]) only what is known anyway is put aside, in a bounded queue ([`Recorder`]).
//! Reading, redacting and writing happen later, in the background ([`run`]): recording never makes an answer wait for a
//! write, and a change has its own entry in the log, written with it.

mod address;
mod body_head;
mod captured;
mod cut;
mod json;
mod open;
mod operation;
mod queue;
mod redact;
mod row;
mod shape;
mod write;

pub(crate) use body_head::BodyHead;
pub(crate) use captured::RequestSource;
pub(crate) use open::Record;
pub use queue::Recorder;
pub(crate) use write::flush;
pub use write::run;

use domain::scim_operation::ScimOperation;
use std::sync::Arc;

/// The id of the request's record. Entries of the log that the request causes carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordId(Arc<str>);

impl RecordId {
    /// As the database has it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a handler knows of its request beyond what method and path say. It puts this into its answer's extensions, also
/// into that of a refusal: see [`RequestNotes::on`].
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestNotes {
    /// What the request turned out to be; `None`: what method and path say.
    pub(crate) operation: Option<ScimOperation>,
    /// The id of the resource; `None`: what the path says.
    pub(crate) target: Option<String>,
    /// The resource's name, or what was looked for; `None`: what the bodies or the filter say.
    pub(crate) target_name: Option<String>,
    /// What was wrong with parts of a request that was answered as a whole, a line each.
    pub(crate) failures: Vec<String>,
    /// What was normalised, in words and without values.
    pub(crate) notes: Vec<String>,
    /// Was anything changed, so that entries of the log carry the record's id?
    pub(crate) changed: bool,
}

impl RequestNotes {
    /// The answer, with this beside it.
    pub(crate) fn on(self, answer: impl axum::response::IntoResponse) -> axum::response::Response {
        let mut answer = answer.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}
