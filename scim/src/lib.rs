//! The SCIM 2.0 protocol (RFC 7643, RFC 7644).
//!
//! Messages, schemas and resources as data: what stands in a request becomes a type, what an answer needs becomes JSON.
//! The names are those of the RFCs.
//!
//! Architecture invariant: nothing here does input or output, reads a clock or makes randomness; it depends on serde and
//! serde_json only. Times are parameters, in milliseconds since the Unix epoch; the base URL is one too.

pub mod discovery;
pub mod error;
pub mod list;
pub mod paging;
pub mod resource;
pub mod schema;

pub use error::{Error, ScimType};
pub use list::ListResponse;
pub use paging::Paging;

/// What SCIM messages are made of on the wire (RFC 7644, section 8.1).
pub const MEDIA_TYPE: &str = "application/scim+json";
