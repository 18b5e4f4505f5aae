//! Proof that a rule allows writing a member.

use domain::member::{self, self_service};

/// Proof that one of the rules was asked whether a member may be changed. Without it nothing writes a member, so that none of
/// the ways in can forget to ask.
#[derive(Debug)]
pub enum WriteAuthorization {
    /// Someone with authority over members: an admin, or an identity provider with its key's ceiling.
    Authority(member::MemberAllowed),
    /// The member, about themselves.
    Own(self_service::SelfServiceAllowed),
    /// Anyone who holds the link of an open invite.
    Link(OpenLink),
    /// No one: anyone who sent an invite may not give its role any longer.
    OrphanedInvite(member::OrphanedInvite),
}

/// Proof that an invite with this link is open: only looking for it makes one.
#[derive(Debug)]
pub struct OpenLink(pub(crate) ());

impl From<member::MemberAllowed> for WriteAuthorization {
    fn from(allowed: member::MemberAllowed) -> Self {
        WriteAuthorization::Authority(allowed)
    }
}

impl From<self_service::SelfServiceAllowed> for WriteAuthorization {
    fn from(allowed: self_service::SelfServiceAllowed) -> Self {
        WriteAuthorization::Own(allowed)
    }
}

impl From<member::OrphanedInvite> for WriteAuthorization {
    fn from(orphaned: member::OrphanedInvite) -> Self {
        WriteAuthorization::OrphanedInvite(orphaned)
    }
}

impl From<OpenLink> for WriteAuthorization {
    fn from(link: OpenLink) -> Self {
        WriteAuthorization::Link(link)
    }
}
