//! Member status: the lifecycle of a membership.

use serde::{Deserialize, Serialize};

crate::names! {
    /// The status of a member. The names are in the database and in URLs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum MemberStatus {
        /// Can sign in.
        Active = "active",
        /// Has an invite that was not accepted yet.
        Invited = "invited",
        /// Cannot sign in.
        Deactivated = "deactivated",
        /// A tombstone: pages do not show it, and the identity provider can restore it.
        Deleted = "deleted",
    }
}

impl MemberStatus {
    /// Every status that pages show.
    pub const SHOWN: [MemberStatus; 3] = [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Deactivated];

    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            MemberStatus::Active => "Active",
            MemberStatus::Invited => "Invited",
            MemberStatus::Deactivated => "Deactivated",
            MemberStatus::Deleted => "Removed",
        }
    }

    /// The SCIM attribute `active` (RFC 7643, section 4.1.1). `is_present`: the identity provider has not removed it.
    pub fn active(self, is_present: bool) -> Option<bool> {
        is_present.then_some(self != MemberStatus::Deactivated)
    }
}
