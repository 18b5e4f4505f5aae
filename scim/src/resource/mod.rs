//! Resources as clients see them (RFC 7643, sections 3 and 4).

mod date_time;
mod group;
mod user;

pub use date_time::DateTime;
pub use group::{Group, Member};
pub use user::{Email, GroupOfUser, Name, RoleOfUser, User};

use serde::Serialize;

/// About a resource (RFC 7643, section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    resource_type: &'static str,
    created: DateTime,
    last_modified: DateTime,
    location: String,
}

impl Meta {
    /// About the User `id`; times in milliseconds since the Unix epoch, `base` the SCIM base URL.
    pub fn user(base: &str, id: &str, created: i64, last_modified: i64) -> Self {
        Self::new("User", format!("{base}/Users/{id}"), created, last_modified)
    }

    /// About the Group `id`; times in milliseconds since the Unix epoch, `base` the SCIM base URL.
    pub fn group(base: &str, id: &str, created: i64, last_modified: i64) -> Self {
        Self::new("Group", format!("{base}/Groups/{id}"), created, last_modified)
    }

    fn new(resource_type: &'static str, location: String, created: i64, last_modified: i64) -> Self {
        Self { resource_type, created: DateTime(created), last_modified: DateTime(last_modified), location }
    }

    /// Its URL.
    pub fn location(&self) -> &str {
        &self.location
    }
}
