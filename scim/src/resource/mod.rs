//! Resources in responses (RFC 7643, sections 3 and 4).

mod date_time;
mod group;
mod user;
mod write;

pub use date_time::DateTime;
pub use group::{GroupResource, MemberReference};
pub use user::{Email, GroupOfUser, RoleOfUser, UserResource};
pub use write::{JsonWriter, Write};

use crate::ResourceType;
use serde_json::{Map, Value, json};

/// The server's attributes of a resource (RFC 7643, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About<'a> {
    /// The SCIM base URL, without a trailing slash.
    pub base: &'a str,
    /// The resource's id.
    pub id: &'a str,
    /// The creation time, in milliseconds since the Unix epoch.
    pub created: i64,
    /// The time of the last change, in milliseconds since the Unix epoch.
    pub last_modified: i64,
    /// The version.
    pub version: i64,
}

impl About<'_> {
    /// The resource's URL.
    pub fn location(&self, kind: ResourceType) -> String {
        let (base, endpoint, id) = (self.base, kind.endpoint(), self.id);
        format!("{base}/{endpoint}/{id}")
    }

    fn meta(&self, kind: ResourceType) -> Value {
        json!({
            "resourceType": kind.name(),
            "created": DateTime(self.created),
            "lastModified": DateTime(self.last_modified),
            "location": self.location(kind),
            "version": crate::Version(self.version),
        })
    }
}

/// Inserts a value that is not empty.
fn insert(map: &mut Map<String, Value>, name: &str, value: Value) {
    let unassigned = match &value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    if !unassigned {
        map.insert(name.to_owned(), value);
    }
}
