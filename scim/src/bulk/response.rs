//! The response to a bulk request (RFC 7644, section 3.7.3).

use super::BulkOperation;
use crate::{ScimError, Version};
use serde::{Serialize, Serializer};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// The responses of the processed operations, in the order sent.
#[derive(Clone, Debug, Serialize)]
pub struct BulkResponse {
    schemas: [&'static str; 1],
    #[serde(rename = "Operations")]
    operations: Vec<OperationResponse>,
}

/// The response of one operation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    // Empty if the operation was not an object.
    #[serde(skip_serializing_if = "String::is_empty")]
    method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bulk_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    #[serde(serialize_with = "as_text")]
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ScimError>,
}

impl BulkResponse {
    /// The responses.
    pub const fn new(operations: Vec<OperationResponse>) -> Self {
        Self { schemas: [SCHEMA], operations }
    }
}

impl OperationResponse {
    /// A successful operation, with the HTTP status of the operation alone, the resource's URL, and its version unless
    /// it was deleted.
    pub fn done(operation: &BulkOperation, status: u16, location: String, version: Option<Version>) -> Self {
        Self {
            location: Some(location),
            method: operation.method.clone(),
            bulk_id: operation.bulk_id.clone(),
            version,
            status,
            response: None,
        }
    }

    /// A failed operation. `location`: the resource's URL, which a failed creation does not have.
    pub fn failed(operation: &BulkOperation, location: Option<String>, error: ScimError) -> Self {
        Self {
            location,
            method: operation.method.clone(),
            bulk_id: operation.bulk_id.clone(),
            version: None,
            status: error.status(),
            response: Some(error),
        }
    }
}

/// A string, as in the RFC's examples and in error messages.
fn as_text<S: Serializer>(status: &u16, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(status)
}
