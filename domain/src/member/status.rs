//! Member status: the lifecycle of a membership.

use serde::{Deserialize, Serialize};

/// The status of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Can sign in.
    Active,
    /// Has an invite that was not accepted yet.
    Invited,
    /// Cannot sign in.
    Deactivated,
    /// A tombstone: pages do not show it, and the identity provider can restore it.
    Deleted,
}

impl MemberStatus {
    /// Every status.
    pub const ALL: [MemberStatus; 4] =
        [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Deactivated, MemberStatus::Deleted];
    /// Every status that pages show.
    pub const SHOWN: [MemberStatus; 3] = [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Deactivated];

    /// The name in the database and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            MemberStatus::Active => "active",
            MemberStatus::Invited => "invited",
            MemberStatus::Deactivated => "deactivated",
            MemberStatus::Deleted => "deleted",
        }
    }

    /// The reverse of [`MemberStatus::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

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
