//! The status and source of members.

/// The status of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The member can sign in.
    Active,
    /// The member has an open invite.
    Invited,
    /// The member cannot sign in.
    Deactivated,
    /// A tombstone. Only a restore finds it.
    Deleted,
}

impl Status {
    /// `active` for clients of the SCIM API. `is_present`: no client removed it.
    pub fn active(self, is_present: bool) -> Option<bool> {
        is_present.then_some(self != Status::Deactivated)
    }

    /// The name in the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Invited => "invited",
            Status::Deactivated => "deactivated",
            Status::Deleted => "deleted",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Status::Active),
            "invited" => Some(Status::Invited),
            "deactivated" => Some(Status::Deactivated),
            "deleted" => Some(Status::Deleted),
            _ => None,
        }
    }
}

/// The source of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Added manually.
    Manual,
    /// Added by an invite.
    Invited,
    /// Managed by the identity provider.
    Directory,
}

impl Source {
    /// The name in the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Source::Manual => "manual",
            Source::Invited => "invited",
            Source::Directory => "directory",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Source::Manual),
            "invited" => Some(Source::Invited),
            "directory" => Some(Source::Directory),
            _ => None,
        }
    }
}
