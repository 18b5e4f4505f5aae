//! On what grounds a member is written.

use domain::member::{self, self_service};

/// Proof that one of the rules was asked whether a member may be changed. Without it nothing writes a member, so that none of
/// the ways in can forget to ask.
#[derive(Debug)]
pub enum Grounds {
    /// Somebody with authority over members: an admin, or an identity provider with its key's ceiling.
    Authority(member::MemberAllowed),
    /// The member, about themselves.
    Own(self_service::SelfServiceAllowed),
    /// Whoever holds the link of an open invite.
    Link(OpenLink),
    /// Nobody: whoever sent an invite may not give its role any more.
    Unbacked(member::OrphanedInvite),
}

/// Proof that an invite with this link is open: only looking for it makes one.
#[derive(Debug)]
pub struct OpenLink(pub(super) ());

impl From<member::MemberAllowed> for Grounds {
    fn from(allowed: member::MemberAllowed) -> Self {
        Grounds::Authority(allowed)
    }
}

impl From<self_service::SelfServiceAllowed> for Grounds {
    fn from(allowed: self_service::SelfServiceAllowed) -> Self {
        Grounds::Own(allowed)
    }
}

impl From<member::OrphanedInvite> for Grounds {
    fn from(unbacked: member::OrphanedInvite) -> Self {
        Grounds::Unbacked(unbacked)
    }
}

impl From<OpenLink> for Grounds {
    fn from(link: OpenLink) -> Self {
        Grounds::Link(link)
    }
}
