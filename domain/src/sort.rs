//! The sort orders of lists.

use serde::{Deserialize, Serialize};

crate::names! {
    /// The sort key of a list of members. The names are in URLs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum MemberSort {
        /// By name.
        #[default]
        Name = "name",
        /// By email address, or by userName without one.
        Email = "email",
        /// The most powerful first.
        Role = "role",
        /// Active, deactivated, invited.
        Status = "status",
        /// The latest sign-in first; members without a sign-in last.
        LastSignIn = "last-sign-in",
        /// The newest first.
        Newest = "newest",
    }
}

impl MemberSort {
    /// Does the order start with the greatest value?
    const fn goes_down(self) -> bool {
        matches!(self, MemberSort::Role | MemberSort::LastSignIn | MemberSort::Newest)
    }
}

/// The sort order of a list of members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberOrder {
    /// The sort key.
    pub by: MemberSort,
    /// Is the order reversed?
    pub reversed: bool,
}

impl MemberOrder {
    /// Every order.
    pub const ALL: [MemberOrder; 12] = [
        Self::of(MemberSort::Name, false),
        Self::of(MemberSort::Name, true),
        Self::of(MemberSort::Email, false),
        Self::of(MemberSort::Email, true),
        Self::of(MemberSort::Role, false),
        Self::of(MemberSort::Role, true),
        Self::of(MemberSort::Status, false),
        Self::of(MemberSort::Status, true),
        Self::of(MemberSort::LastSignIn, false),
        Self::of(MemberSort::LastSignIn, true),
        Self::of(MemberSort::Newest, false),
        Self::of(MemberSort::Newest, true),
    ];

    const fn of(by: MemberSort, reversed: bool) -> Self {
        Self { by, reversed }
    }

    /// The name in URLs. A minus before it reverses the order.
    pub const fn name(self) -> &'static str {
        match (self.by, self.reversed) {
            (by, false) => by.name(),
            (MemberSort::Name, true) => "-name",
            (MemberSort::Email, true) => "-email",
            (MemberSort::Role, true) => "-role",
            (MemberSort::Status, true) => "-status",
            (MemberSort::LastSignIn, true) => "-last-sign-in",
            (MemberSort::Newest, true) => "-newest",
        }
    }

    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match (self.by, self.reversed) {
            (MemberSort::Name, false) => "Name (A–Z)",
            (MemberSort::Name, true) => "Name (Z–A)",
            (MemberSort::Email, false) => "Email (A–Z)",
            (MemberSort::Email, true) => "Email (Z–A)",
            (MemberSort::Role, false) => "Role (highest first)",
            (MemberSort::Role, true) => "Role (lowest first)",
            (MemberSort::Status, false) => "Status",
            (MemberSort::Status, true) => "Status (reversed)",
            (MemberSort::LastSignIn, false) => "Last sign-in (most recent first)",
            (MemberSort::LastSignIn, true) => "Last sign-in (oldest first)",
            (MemberSort::Newest, false) => "Newest first",
            (MemberSort::Newest, true) => "Oldest first",
        }
    }

    /// The value of `aria-sort` for the sorted column.
    pub const fn aria(self) -> &'static str {
        if self.by.goes_down() == self.reversed { "ascending" } else { "descending" }
    }
}

impl From<MemberSort> for MemberOrder {
    fn from(by: MemberSort) -> Self {
        Self::of(by, false)
    }
}

crate::names! {
    /// The sort order of a list of groups, in the order of the menu. The names are in URLs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum GroupSort {
        /// By name.
        #[default]
        Name = "name",
        /// The largest first.
        Members = "members",
        /// The newest first.
        Newest = "newest",
    }
}

impl GroupSort {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            GroupSort::Name => "Name (A–Z)",
            GroupSort::Members => "Most members first",
            GroupSort::Newest => "Newest first",
        }
    }
}
