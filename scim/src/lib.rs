//! The SCIM 2.0 protocol (RFC 7643, RFC 7644).
//!
//! Messages, schemas and resources as data: requests are parsed into types, responses are written as JSON. The names
//! are those of the RFCs.
//!
//! Architecture invariant: nothing here does input or output, reads a clock or generates random values. It depends on
//! serde, serde_json and base64ct only. Times are parameters, in milliseconds since the Unix epoch. The base URL is
//! one, too.

pub mod attribute_path;
mod base64;
pub mod bulk;
mod calendar;
pub mod cursor;
pub mod discovery;
pub mod document;
pub mod error;
pub mod filter;
mod fold;
pub mod json;
pub mod list;
pub mod notes;
pub mod paging;
pub mod patch;
pub mod path;
pub mod precondition;
pub mod projection;
pub mod resource;
pub mod resource_type;
pub mod schema;
pub mod search;
pub mod sort;

pub use attribute_path::{AttributePath, Target, UnknownAttribute};
pub use bulk::{BulkRequest, BulkResponse};
pub use cursor::{CursorPage, Fingerprint};
pub use document::ResourceDocument;
pub use error::{ScimError, ScimType};
pub use filter::{BudgetExceeded, ComparisonBudget, Filter};
pub use fold::fold;
pub use list::ListResponse;
pub use notes::Normalizations;
pub use paging::Paging;
pub use patch::Patch;
pub use path::Path;
pub use precondition::{Precondition, Version};
pub use projection::Projection;
pub use resource_type::ResourceType;
pub use search::SearchRequest;
pub use sort::Sort;

/// The media type of SCIM messages (RFC 7644, section 8.1).
pub const MEDIA_TYPE: &str = "application/scim+json";
