//! What is changed about a team itself: who may, and what its address may be.

use crate::{member::Subject, problem::Problem, role::Role, text};
use std::fmt;

/// What is about to be done to a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Give it another name.
    Rename,
    /// Give it another slug, which its addresses hold.
    Move,
    /// Mark a member as break-glass.
    Mark(Subject),
    /// Take such a mark away.
    Unmark,
    /// Sign everybody out.
    SignEveryoneOut,
    /// Revoke every SCIM API key.
    RevokeKeys,
}

/// Proof that [`review`] was asked, and said yes.
#[derive(Debug)]
pub struct Allowed(());

/// Why it may not be done. `Display` is the sentence that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Only Admins and Super Admins change the team.
    Role,
    /// Only Super Admins decide who is break-glass.
    BreakGlass,
    /// Only Super Admins sign everybody out: other Super Admins are among them.
    Everyone,
    /// A way in has to be able to sign in.
    Inactive,
    /// A way in has to be able to repair something.
    NotAnAdmin,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Denial::Role => "Only Admins and Super Admins can change the team",
            Denial::BreakGlass => "Only a Super Admin can decide who is break-glass",
            Denial::Everyone => "Only a Super Admin can sign everyone out, because Super Admins are among them",
            Denial::Inactive => "Only a member who can sign in can be break-glass",
            Denial::NotAnAdmin => {
                "Only an Admin or Super Admin can be break-glass, because nobody else can repair anything"
            }
        })
    }
}

/// May somebody whose highest role is `role` do this?
///
/// # Errors
/// The first reason that stands in the way.
pub fn review(action: Action, role: Role) -> Result<Allowed, Denial> {
    match (action, role) {
        (_, Role::Billing | Role::Developer) => Err(Denial::Role),
        (Action::Mark(_) | Action::Unmark, Role::Admin) => Err(Denial::BreakGlass),
        (Action::SignEveryoneOut, Role::Admin) => Err(Denial::Everyone),
        (Action::Mark(subject), _) if !subject.active => Err(Denial::Inactive),
        (Action::Mark(subject), _) if !subject.roles.highest().manages_authentication() => Err(Denial::NotAnAdmin),
        _ => Ok(Allowed(())),
    }
}

/// A team's name, as it was typed.
///
/// # Errors
/// As [`text::name`].
pub fn name(typed: &str) -> Result<String, Problem> {
    text::name(typed, "a name")
}

/// A team's slug, as it was typed into a form: without spaces around it.
///
/// # Errors
/// One sentence that says what is allowed, without what was typed.
pub fn slug(typed: &str) -> Result<String, &'static str> {
    text::slug(typed.trim())
        .map_err(|_| "Use 1 to 48 lower-case letters, digits and hyphens, not starting or ending with a hyphen.")
}
