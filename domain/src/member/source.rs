//! Member source: how a member came to the team.

use serde::{Deserialize, Serialize};

crate::names! {
    /// The source of a member, in the order of the filter. The names are in the database and in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum MemberSource {
        /// Managed by the identity provider.
        Directory = "directory",
        /// Joined by an invite.
        Invited = "invited",
        /// Created by an operator.
        Manual = "manual",
    }
}

impl MemberSource {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            MemberSource::Directory => "SCIM",
            MemberSource::Invited => "Invited",
            MemberSource::Manual => "Added manually",
        }
    }
}
