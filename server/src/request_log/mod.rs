//! The request log: every request of an identity provider with its key, its result, and both bodies without secrets.
//!
//! A request ([`Record`]) only adds copies to a bounded queue ([`Recorder`]). A background task ([`run`]) parses, redacts and writes
//! them, so that no response waits for a write. The activity log is separate: a change writes its entry in its own transaction.

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
pub(crate) use open::Record;
pub use queue::Recorder;
pub(crate) use write::flush;
pub use write::run;

use domain::scim_operation::ScimOperation;

/// Facts about a request that only its handler knows. The handler puts them into the response's extensions, also for an error
/// ([`RequestNotes::on`]).
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestNotes {
    /// `None`: the operation follows from method and path.
    pub(crate) operation: Option<ScimOperation>,
    /// The id of the resource. `None`: the id in the path.
    pub(crate) target: Option<String>,
    /// The resource's name or the search value. `None`: it is read from the bodies or the filter.
    pub(crate) target_name: Option<String>,
    /// The errors of a Bulk's operations, a line each.
    pub(crate) failures: Vec<String>,
    /// The normalizations, without values.
    pub(crate) notes: Vec<String>,
    /// Whether anything changed, so that entries of the activity log have the record's id.
    pub(crate) changed: bool,
}

impl RequestNotes {
    /// The response with these notes in its extensions.
    pub(crate) fn on(self, response: impl axum::response::IntoResponse) -> axum::response::Response {
        let mut response = response.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
