//! Discovery documents (RFC 7643, sections 5 to 7; RFC 7644, section 4).
//!
//! `base` is the SCIM base URL without a trailing slash, such as `https://rollcall.example.com/scim/v2`.

mod resource_type;
mod schemas;
mod service_provider;

pub use resource_type::{resource_type, resource_types};
pub use schemas::{schema, schemas};
pub use service_provider::{Features, service_provider_config};

use serde::Serialize;

/// The `meta` of a resource that describes the server. It has no dates, because it changes with the program only.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
    location: String,
}
