//! Several operations in one request (RFC 7644, section 3.7).
//!
//! A server reads a [`BulkRequest`], does its [`BulkStep`]s in the order of [`BulkRequest::plan`], and answers with what
//! became of each operation, in the order sent. Operations refer to resources that others make by `bulkId:…`; the plan
//! has what is referred to made first. Where resources refer to each other in a circle, one is made without its
//! references first and gets them when the others are there (section 3.7.1).

mod plan;
mod read;
mod reference;
mod response;

pub use plan::{BulkPhase, BulkStep};
pub use read::{BulkOperation, BulkRequest, Id, Method, Request};
pub use response::{BulkResponse, OperationResponse};

/// The URI that marks a message as a bulk request.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// The most operations in one request.
pub const MAX_OPERATIONS: usize = 1_000;

#[cfg(test)]
mod tests;
