//! Resources as identity providers see them: Users and Groups (RFC 7643).

use crate::{ScimGroup, ScimUser};

/// A User or a Group, without values from other tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScimResource {
    /// A User, without its groups.
    User(ScimUser),
    /// A Group, without its members.
    Group(ScimGroup),
}

impl ScimResource {
    /// `id`.
    pub fn id(&self) -> &str {
        match self {
            ScimResource::User(user) => user.id.as_str(),
            ScimResource::Group(group) => &group.id,
        }
    }

    /// `displayName`.
    pub fn display_name(&self) -> &str {
        match self {
            ScimResource::User(user) => &user.display_name,
            ScimResource::Group(group) => &group.display_name,
        }
    }

    /// `meta.version`.
    pub fn version(&self) -> i64 {
        match self {
            ScimResource::User(user) => user.version,
            ScimResource::Group(group) => group.version,
        }
    }
}
