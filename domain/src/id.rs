//! Typed ids, so that a member's id cannot be passed for a team's.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an id of the database or of a request. Any text is accepted. An unknown id finds nothing.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A team's id (UUID version 7).
    TeamId
);
id!(
    /// A member's id (UUID version 7): also the `id` of the SCIM User.
    MemberId
);
id!(
    /// An SSO method's id (UUID version 7).
    MethodId
);
id!(
    /// An activity entry's id (UUID version 7, so entries sort by time).
    ActivityId
);
