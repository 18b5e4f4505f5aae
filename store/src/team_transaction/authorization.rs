//! Proof that a policy allows a change of a member.

use domain::{
    member::{self, self_service},
    sso,
};

/// Proof that one of the policies allowed the change of a member. Every function that writes a member needs it, so that
/// no caller can skip the policy.
#[derive(Debug)]
pub enum WriteAuthorization {
    /// The authority of an admin, or of an identity provider's key.
    Authority(member::MemberAllowed),
    /// The member, about themselves.
    Own(self_service::SelfServiceAllowed),
    /// The link of an open invite.
    Link(OpenLink),
    /// The absence of an authority: the sender of the invite may not give its role any longer.
    OrphanedInvite(member::OrphanedInvite),
    /// A method that creates members at their first sign-in.
    FirstSignIn(sso::CreationAllowed),
}

/// Proof that an invite with this link is open. Only the lookup of the link creates it.
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

impl From<sso::CreationAllowed> for WriteAuthorization {
    fn from(allowed: sso::CreationAllowed) -> Self {
        WriteAuthorization::FirstSignIn(allowed)
    }
}
