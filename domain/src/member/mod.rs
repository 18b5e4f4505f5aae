//! Who may change whom: the one policy for pages, command line, `/Users`, `/Groups` and `/Bulk`.

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

/// Upper bound of members that one change may have.
pub const MAX_CHOSEN: usize = 200;

/// Checks how many members are chosen for one change.
///
/// # Errors
/// [`FieldError::NoMember`], [`FieldError::TooManyMembers`].
pub fn chosen(count: usize) -> Result<(), FieldError> {
    match count {
        0 => Err(FieldError::NoMember),
        1..=MAX_CHOSEN => Ok(()),
        _ => Err(FieldError::TooManyMembers(MAX_CHOSEN)),
    }
}

/// What is about to be done to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberEffect {
    /// Anything that ends neither the membership nor a role: a name, an address, reactivation.
    Edit,
    /// The member can no longer sign in.
    Deactivate,
    /// The member is gone, as far as anyone can see.
    Delete,
    /// The member has these roles afterwards.
    Roles(Roles),
}

/// The member it is done to, as they are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The effective roles.
    pub roles: Roles,
    /// Can the member sign in at present?
    pub active: bool,
    /// Is the member kept as a way in for emergencies?
    pub break_glass: bool,
    /// Is there no other active Super Admin in the team?
    pub last_super_admin: bool,
}

/// Proof that [`review`] was asked, and said yes.
#[derive(Clone, Copy, Debug)]
pub struct MemberAllowed(());

/// Why a member may not be changed like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberDenial {
    /// Only Admins and Super Admins change members.
    Role,
    /// Only a Super Admin, or a key that one made, changes Super Admins.
    Ceiling,
    /// Only a Super Admin makes Super Admins.
    Grant,
    /// The team would be left without a Super Admin.
    LastSuperAdmin,
    /// The member is marked as break-glass.
    BreakGlass,
}

impl fmt::Display for MemberDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MemberDenial::Role => "Only Admins and Super Admins can change members",
            MemberDenial::Ceiling => "Only a Super Admin, or a SCIM API key created by one, can change a Super Admin",
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

/// What a removed member has, whatever they had before: anyone who brings them back brings back a Developer.
pub const REMOVED: Roles = Roles::of(Role::Developer);

/// Why what a member signs in with is not an identity provider's to change. `Display` is the reason, as a part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInGuard {
    /// The team's last active Super Admin signs in with it.
    LastSuperAdmin,
    /// It is a way in for emergencies.
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

/// May an identity provider change what this member signs in with: the userName and the email address?
///
/// # Errors
/// Why not, whatever the ceiling of its key is: a wrong address would lock the team out.
pub fn review_sign_in(subject: Subject) -> Result<(), SignInGuard> {
    if subject.break_glass {
        return Err(SignInGuard::BreakGlass);
    }
    if subject.last_super_admin && subject.active {
        return Err(SignInGuard::LastSuperAdmin);
    }
    Ok(())
}

/// By what an identity provider's User and a member who is not the directory's yet are the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdoptionMatch {
    /// The userName, which is unique in the team.
    UserName,
    /// The `externalId`.
    ExternalId,
    /// The email address alone, which anyone can enter in a directory.
    Email,
}

/// An Admin has to confirm the adoption of this member first. `Display` is the sentence that the provider's admin reads.
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

/// Does an Admin have to confirm that a member with these roles is adopted by an email address?
pub fn needs_consent(roles: Roles) -> bool {
    roles.highest().manages_authentication()
}

/// May an identity provider adopt a member with these roles, whom it names by this? `has_consent`: an Admin confirmed it.
///
/// # Errors
/// [`NeedsConsent`].
pub fn review_adoption(by: AdoptionMatch, roles: Roles, has_consent: bool) -> Result<(), NeedsConsent> {
    if by == AdoptionMatch::Email && needs_consent(roles) && !has_consent {
        return Err(NeedsConsent(roles.highest()));
    }
    Ok(())
}

/// Someone who is about to be invited.
const NOBODY: Subject =
    Subject { roles: Roles::from_bits(0), active: false, break_glass: false, last_super_admin: false };

/// May someone with `authority` invite people with these roles?
///
/// # Errors
/// As [`review`].
pub fn review_invite(authority: Role, roles: Roles) -> Result<MemberAllowed, MemberDenial> {
    review(authority, NOBODY, MemberEffect::Roles(roles))
}

/// Proof that [`review_sender`] was asked about an invite, and said no: it ends, anyone who asked.
#[derive(Clone, Copy, Debug)]
pub struct OrphanedInvite(());

/// Does an open invite with these roles still have someone behind it who may give them? `sender`: the roles of anyone who sent it;
/// none, if they cannot sign in (any longer).
///
/// # Errors
/// No one would be let in with these roles now by anyone who sent the invite.
pub fn review_sender(sender: Option<Roles>, roles: Roles) -> Result<(), OrphanedInvite> {
    match sender.map(|sender| review_invite(sender.highest(), roles)) {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) | None => Err(OrphanedInvite(())),
    }
}

/// May someone with `authority` do this? `authority` is the actor's highest role; for an identity provider the ceiling of
/// its key, which is its maker's.
///
/// The guards hold for everyone: no one locks a team out by accident. They are asked first, because their answer is the
/// same anyone who asks.
///
/// # Errors
/// The first reason that is in the way.
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
        _ if was.contains(Role::SuperAdmin) => Err(MemberDenial::Ceiling),
        _ if matches!(effect, MemberEffect::Roles(to) if to.contains(Role::SuperAdmin)) => Err(MemberDenial::Grant),
        _ => Ok(MemberAllowed(())),
    }
}
