//! What a member can be, removed members included.

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Can sign in.
    Active,
    /// Has an invite.
    Invited,
    /// Cannot sign in.
    Deactivated,
    /// A tombstone: to be found only by those who may bring the member back.
    Deleted,
}

impl Status {
    /// `active`, as clients of the SCIM API see it. `said`: it was not removed.
    pub fn active(self, said: bool) -> Option<bool> {
        said.then_some(self != Status::Deactivated)
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
