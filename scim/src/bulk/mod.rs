//! Several operations in one request (RFC 7644, section 3.7).
//!
//! A server reads a [`BulkRequest`] and executes its [`BulkStep`]s in the order of [`BulkRequest::plan`]. The response
//! has the result of each operation, in the order sent.
//!
//! Operations refer to resources of other operations by `bulkId:…`, and the plan creates those resources first. If
//! resources refer to each other in a cycle, one is created without its references, which are added when the others
//! exist (section 3.7.1).

mod plan;
mod read;
mod reference;
mod response;

pub use plan::{BulkPhase, BulkStep};
pub use read::{BulkOperation, BulkRequest, Id, Method, Request};
pub use response::{BulkResponse, OperationResponse};

/// The URI that marks a message as a bulk request.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// Upper bound of the operations in one request.
pub const MAX_OPERATIONS: usize = 1_000;

#[cfg(test)]
mod tests;
