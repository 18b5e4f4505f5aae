//! The policy for changes of members. Pages, command line, `/Users`, `/Groups` and `/Bulk` all use it.

pub mod row;
pub mod self_service;
mod session;
mod source;
mod status;

pub use session::MemberSession;
pub use source::MemberSource;
pub use status::MemberStatus;

use crate::{
    role::{Role, Roles},
    validation::field_error::FieldError,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Upper bound of the members in one bulk change.
pub const MAX_BULK: usize = 200;

/// Checks the number of members in a bulk change.
///
/// # Errors
/// [`FieldError::NoMember`], [`FieldError::TooManyMembers`].
pub fn check_count(count: usize) -> Result<(), FieldError> {
    match count {
        0 => Err(FieldError::NoMember),
        1..=MAX_BULK => Ok(()),
        _ => Err(FieldError::TooManyMembers(MAX_BULK)),
    }
}

/// The effect of a change on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberEffect {
    /// A change that ends neither the membership nor a role: a name, an address, reactivation.
    Edit,
    /// The member can no longer sign in.
    Deactivate,
    /// The member is removed from the team.
    Delete,
    /// The member has these roles after the change.
    Roles(Roles),
}

/// The member before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The effective roles.
    pub roles: Roles,
    /// Can the member sign in now?
    pub active: bool,
    /// Is the member break-glass?
    pub break_glass: bool,
    /// Is there no other active Super Admin in the team?
    pub last_super_admin: bool,
}

/// Proof that [`review`] allowed a change.
#[derive(Clone, Copy, Debug)]
pub struct MemberAllowed(());

/// The reason that a change of a member is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberDenial {
    /// Only Admins and Super Admins change members.
    Role,
    /// Only a Super Admin, or a key that a Super Admin created, changes Super Admins.
    MaxRole,
    /// Only a Super Admin gives the role Super Admin.
    Grant,
    /// The team would lose its last Super Admin.
    LastSuperAdmin,
    /// The member is marked as break-glass.
    BreakGlass,
}

impl fmt::Display for MemberDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MemberDenial::Role => "Only Admins and Super Admins can change members",
            MemberDenial::MaxRole => "Only a Super Admin, or a SCIM API key created by one, can change a Super Admin",
            MemberDenial::Grant => "Only a Super Admin, or a SCIM API key created by one, can make someone a Super Admin",
            MemberDenial::LastSuperAdmin => {
                "This is the team's last active Super Admin and can't be deactivated, removed, or demoted. They need to make someone else a Super Admin first"
            }
            MemberDenial::BreakGlass => {
                "This is a break-glass member and can't be deactivated, removed, or demoted. A Super Admin can remove break-glass in Team settings > General"
            }
        })
    }
}

/// The roles of a removed member, whatever they were before. A restored member therefore starts as a Developer.
pub const REMOVED: Roles = Roles::of(Role::Developer);

/// The reason that an identity provider may not change the attributes that a member signs in with. `Display` is a
/// sentence part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInGuard {
    /// The team's last active Super Admin signs in with it.
    LastSuperAdmin,
    /// The member is break-glass.
    BreakGlass,
}

impl fmt::Display for SignInGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SignInGuard::LastSuperAdmin => "the team's last active Super Admin signs in with it",
            SignInGuard::BreakGlass => "a break-glass member signs in with it",
        })
    }
}

/// Decides whether an identity provider may change the userName and email address that this member signs in with.
///
/// # Errors
/// The reason against it, whatever the key's highest role is: a wrong address would lock the team out.
pub fn review_sign_in(subject: Subject) -> Result<(), SignInGuard> {
    if subject.break_glass {
        return Err(SignInGuard::BreakGlass);
    }
    if subject.last_super_admin && subject.active {
        return Err(SignInGuard::LastSuperAdmin);
    }
    Ok(())
}

/// The attribute by which an identity provider's User matches a member that the directory does not manage yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdoptionMatch {
    /// The userName, which is unique in the team.
    UserName,
    /// The `externalId`.
    ExternalId,
    /// The email address alone. Anyone can enter any address in a directory.
    Email,
}

/// An Admin must confirm the adoption of this member first. `Display` is the sentence for the provider's admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedsConsent(Role);

impl fmt::Display for NeedsConsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (member, confirms) = match self.0 {
            Role::SuperAdmin => ("A Super Admin", "a Super Admin"),
            _ => ("An Admin", "an Admin"),
        };
        write!(
            f,
            "{member} of the team already uses this email. Before an identity provider manages them, {confirms} must confirm \
             it in Team settings > Members > the member"
        )
    }
}

/// Must an Admin confirm that an identity provider adopts a member with these roles by email address?
pub fn needs_consent(roles: Roles) -> bool {
    roles.highest().manages_authentication()
}

/// Decides whether an identity provider may adopt a member with these roles by this match. `has_consent`: an Admin
/// confirmed it.
///
/// # Errors
/// [`NeedsConsent`].
pub fn review_adoption(by: AdoptionMatch, roles: Roles, has_consent: bool) -> Result<(), NeedsConsent> {
    if by == AdoptionMatch::Email && needs_consent(roles) && !has_consent {
        return Err(NeedsConsent(roles.highest()));
    }
    Ok(())
}

/// The subject of an invite.
const NEW_MEMBER: Subject =
    Subject { roles: Roles::from_bits(0), active: false, break_glass: false, last_super_admin: false };

/// Decides whether an actor with `authority` may invite people with these roles.
///
/// # Errors
/// Those of [`review`].
pub fn review_invite(authority: Role, roles: Roles) -> Result<MemberAllowed, MemberDenial> {
    review(authority, NEW_MEMBER, MemberEffect::Roles(roles))
}

/// Proof that [`review_sender`] found no authority behind an invite, so that anyone may revoke it.
#[derive(Clone, Copy, Debug)]
pub struct OrphanedInvite(());

/// Decides whether the sender of an open invite may still give these roles. `sender`: the sender's roles, or `None` if
/// the sender cannot sign in.
///
/// # Errors
/// The sender may no longer give these roles.
pub fn review_sender(sender: Option<Roles>, roles: Roles) -> Result<(), OrphanedInvite> {
    match sender.map(|sender| review_invite(sender.highest(), roles)) {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) | None => Err(OrphanedInvite(())),
    }
}

/// Decides whether an actor with `authority` may make this change. `authority` is the actor's highest role. For an
/// identity provider it is the highest role of its key, which is the role of the key's author.
///
/// The guards apply to everyone, so that no one locks a team out by accident. They come first, because their answer
/// does not depend on the actor.
///
/// # Errors
/// The first reason against the change.
pub fn review(authority: Role, subject: Subject, effect: MemberEffect) -> Result<MemberAllowed, MemberDenial> {
    let was = subject.roles;
    let loses = |role| matches!(effect, MemberEffect::Roles(to) if was.contains(role) && !to.contains(role));
    let demoted = matches!(effect, MemberEffect::Roles(to) if to.highest() > was.highest());
    let ends = matches!(effect, MemberEffect::Deactivate | MemberEffect::Delete);
    if subject.break_glass && (ends && subject.active || demoted) {
        return Err(MemberDenial::BreakGlass);
    }
    if subject.last_super_admin && subject.active && (ends || loses(Role::SuperAdmin)) {
        return Err(MemberDenial::LastSuperAdmin);
    }
    if !authority.manages_authentication() {
        return Err(MemberDenial::Role);
    }
    match authority {
        Role::SuperAdmin => Ok(MemberAllowed(())),
        _ if was.contains(Role::SuperAdmin) => Err(MemberDenial::MaxRole),
        _ if matches!(effect, MemberEffect::Roles(to) if to.contains(Role::SuperAdmin)) => Err(MemberDenial::Grant),
        _ => Ok(MemberAllowed(())),
    }
}
