//! The policy for changes of a team, and the rules for its name and slug.

use crate::{
    member::Subject,
    role::Role,
    validation::{field_error::FieldError, text},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamAction {
    /// Change the name.
    Rename,
    /// Change the slug, which is part of the team's URLs.
    Move,
    /// Mark a member as break-glass.
    Mark(Subject),
    /// Remove the break-glass mark of a member.
    Unmark,
    /// Sign everyone out.
    SignEveryoneOut,
    /// Revoke every SCIM API key.
    RevokeKeys,
}

/// Proof that [`review`] allowed a change.
#[derive(Debug)]
pub struct TeamAllowed(());

/// The reason that a change of a team is refused. `Display` is the sentence for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamDenial {
    /// Only Admins and Super Admins change the team.
    Role,
    /// Only Super Admins mark break-glass members.
    BreakGlass,
    /// Only Super Admins sign everyone out, because that includes other Super Admins.
    Everyone,
    /// A break-glass member must be able to sign in.
    Inactive,
    /// A break-glass member must be able to repair the sign-in.
    NotAnAdmin,
}

impl fmt::Display for TeamDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TeamDenial::Role => "Only Admins and Super Admins can change the team",
            TeamDenial::BreakGlass => "Only a Super Admin can add or remove break-glass members",
            TeamDenial::Everyone => "Only a Super Admin can sign everyone out, because that includes Super Admins",
            TeamDenial::Inactive => "A break-glass member must be able to sign in",
            TeamDenial::NotAnAdmin => {
                "Only an Admin or Super Admin can be break-glass, because no one else can fix a lockout"
            }
        })
    }
}

/// Decides whether an actor with this highest role may make the change.
///
/// # Errors
/// The first reason against the change.
pub fn review(action: TeamAction, role: Role) -> Result<TeamAllowed, TeamDenial> {
    match (action, role) {
        (_, Role::Billing | Role::Developer) => Err(TeamDenial::Role),
        (TeamAction::Mark(_) | TeamAction::Unmark, Role::Admin) => Err(TeamDenial::BreakGlass),
        (TeamAction::SignEveryoneOut, Role::Admin) => Err(TeamDenial::Everyone),
        (TeamAction::Mark(subject), _) if !subject.active => Err(TeamDenial::Inactive),
        (TeamAction::Mark(subject), _) if !subject.roles.highest().manages_authentication() => {
            Err(TeamDenial::NotAnAdmin)
        }
        _ => Ok(TeamAllowed(())),
    }
}

/// Checks a team's name.
///
/// # Errors
/// Those of [`text::name`].
pub fn name(typed: &str) -> Result<String, FieldError> {
    text::name(typed, "a name")
}

/// Checks a team's slug after trimming.
///
/// # Errors
/// [`FieldError::NotASlug`].
pub fn slug(typed: &str) -> Result<String, FieldError> {
    text::slug(typed.trim()).map_err(|_| FieldError::NotASlug)
}
