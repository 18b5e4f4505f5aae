//! Member source: how a member came to the team.

use serde::{Deserialize, Serialize};

/// The source of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberSource {
    /// Created by an operator.
    Manual,
    /// Joined by an invite.
    Invited,
    /// Managed by the identity provider.
    Directory,
}

impl MemberSource {
    /// Every source.
    pub const ALL: [MemberSource; 3] = [MemberSource::Directory, MemberSource::Invited, MemberSource::Manual];

    /// The name in the database and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            MemberSource::Manual => "manual",
            MemberSource::Invited => "invited",
            MemberSource::Directory => "directory",
        }
    }

    /// The reverse of [`MemberSource::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            MemberSource::Manual => "Added manually",
            MemberSource::Invited => "Invited",
            MemberSource::Directory => "SCIM",
        }
    }
}
