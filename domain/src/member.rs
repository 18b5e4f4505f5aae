//! Who may change whom: the one policy for pages, command line, `/Users`, `/Groups` and `/Bulk`.

use crate::role::{Role, Roles};
use std::fmt;

/// What is about to be done to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Anything that ends neither the membership nor a role: a name, an address, reactivation.
    Edit,
    /// The member can no longer sign in.
    Deactivate,
    /// The member is gone, as far as anybody can see.
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
pub struct Allowed(());

/// Why a member may not be changed like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
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

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Denial::Role => "Only Admins and Super Admins can change members",
            Denial::Ceiling => "Only a Super Admin, or a SCIM API key made by one, can change a Super Admin",
            Denial::Grant => "Only a Super Admin, or a SCIM API key made by one, can make somebody Super Admin",
            Denial::LastSuperAdmin => {
                "This is the team's last active Super Admin, who cannot be deactivated, removed or demoted. \
                 Only they can make somebody else Super Admin first"
            }
            Denial::BreakGlass => {
                "This member is marked as break-glass, and cannot be deactivated, removed or demoted. \
                 A Super Admin can take the mark away in Team Settings > General"
            }
        })
    }
}

/// Somebody who is about to be invited.
const NOBODY: Subject =
    Subject { roles: Roles::from_bits(0), active: false, break_glass: false, last_super_admin: false };

/// May somebody with `authority` invite people with these roles?
///
/// # Errors
/// As [`review`].
pub fn review_invite(authority: Role, roles: Roles) -> Result<Allowed, Denial> {
    review(authority, NOBODY, Effect::Roles(roles))
}

/// Proof that [`backed`] was asked about an invite, and said no: it ends, whoever asked.
#[derive(Clone, Copy, Debug)]
pub struct Unbacked(());

/// Does an open invite with these roles still have somebody behind it who may give them? `sender`: the roles of whoever sent it;
/// none, if they cannot sign in (any more).
///
/// # Errors
/// Nobody would be let in with these roles now by whoever sent the invite.
pub fn backed(sender: Option<Roles>, roles: Roles) -> Result<(), Unbacked> {
    match sender.map(|sender| review_invite(sender.highest(), roles)) {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) | None => Err(Unbacked(())),
    }
}

/// May somebody with `authority` do this? `authority` is the actor's highest role; for an identity provider the ceiling of
/// its key, which is its maker's.
///
/// The guards hold for everybody: nobody locks a team out by accident. They are asked first, because their answer is the
/// same whoever asks.
///
/// # Errors
/// The first reason that stands in the way.
pub fn review(authority: Role, subject: Subject, effect: Effect) -> Result<Allowed, Denial> {
    let was = subject.roles;
    let loses = |role| matches!(effect, Effect::Roles(to) if was.contains(role) && !to.contains(role));
    let demoted = matches!(effect, Effect::Roles(to) if to.highest() > was.highest());
    let ends = matches!(effect, Effect::Deactivate | Effect::Delete);
    if subject.break_glass && (ends && subject.active || demoted) {
        return Err(Denial::BreakGlass);
    }
    if subject.last_super_admin && subject.active && (ends || loses(Role::SuperAdmin)) {
        return Err(Denial::LastSuperAdmin);
    }
    match authority {
        Role::SuperAdmin => Ok(Allowed(())),
        Role::Admin if was.contains(Role::SuperAdmin) => Err(Denial::Ceiling),
        Role::Admin if matches!(effect, Effect::Roles(to) if to.contains(Role::SuperAdmin)) => Err(Denial::Grant),
        Role::Admin => Ok(Allowed(())),
        Role::Billing | Role::Developer => Err(Denial::Role),
    }
}
