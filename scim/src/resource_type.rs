//! Resource types (RFC 7643, section 6).

use crate::schema::{Schema, enterprise, group, user};
use std::fmt;

/// A resource type of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// A member of the team.
    User,
    /// A group of members.
    Group,
}

impl ResourceType {
    /// The name, as in `meta.resourceType`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The last part of the endpoint's URL.
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The schema that every resource of this type has.
    pub fn core(self) -> &'static Schema {
        match self {
            Self::User => &user::SCHEMA,
            Self::Group => &group::SCHEMA,
        }
    }

    /// The schema extensions of this type.
    pub fn extensions(self) -> &'static [&'static Schema] {
        self.schemas().get(1..).unwrap_or_default()
    }

    /// Every schema of this type, the core one first.
    pub fn schemas(self) -> &'static [&'static Schema] {
        static USER: [&Schema; 2] = [&user::SCHEMA, &enterprise::SCHEMA];
        static GROUP: [&Schema; 1] = [&group::SCHEMA];
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
        }
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_comes_first() {
        for kind in [ResourceType::User, ResourceType::Group] {
            assert_eq!(kind.schemas()[0].id, kind.core().id);
            assert_eq!(kind.core().name, kind.name());
        }
        assert_eq!(ResourceType::User.extensions().len(), 1);
        assert!(ResourceType::Group.extensions().is_empty());
    }
}
