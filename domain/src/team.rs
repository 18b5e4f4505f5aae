//! Changes of a team itself: who may make them, what its fields may hold, and what the log keeps of them.

use crate::{
    member::Subject,
    plan::Plan,
    role::Role,
    validation::{field_error::FieldError, text},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamAction {
    /// Change a setting, such as the name or the slug.
    Configure,
    /// Mark a member as break-glass.
    Mark(Subject),
    /// Remove the break-glass mark of a member.
    Unmark,
    /// Sign everyone out.
    SignEveryoneOut,
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
        (_, role) if !role.manages_authentication() => Err(TeamDenial::Role),
        (TeamAction::Mark(_) | TeamAction::Unmark, role) if role != Role::SuperAdmin => Err(TeamDenial::BreakGlass),
        (TeamAction::SignEveryoneOut, role) if role != Role::SuperAdmin => Err(TeamDenial::Everyone),
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

/// A change of the team, as the log keeps it. Stored as JSON, so variants are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TeamChange {
    /// The team was created.
    TeamCreated {
        /// On this plan.
        plan: Plan,
    },
    /// The operator changed the plan.
    PlanChanged {
        /// From.
        from: Plan,
        /// To.
        to: Plan,
    },
    /// The team got another name.
    TeamRenamed {
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// The team got another slug.
    TeamMoved {
        /// Before.
        from: String,
        /// Afterwards.
        to: String,
    },
    /// A member was marked as break-glass.
    BreakGlassMarked {
        /// Who.
        name: String,
    },
    /// A member is no longer break-glass.
    BreakGlassUnmarked {
        /// Who.
        name: String,
    },
    /// Every session of the team was ended.
    EveryoneSignedOut {
        /// How many.
        sessions: u64,
    },
}

impl TeamChange {
    /// The stable name in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            TeamChange::TeamCreated { .. } => "team_created",
            TeamChange::PlanChanged { .. } => "plan_changed",
            TeamChange::TeamRenamed { .. } => "team_renamed",
            TeamChange::TeamMoved { .. } => "team_moved",
            TeamChange::BreakGlassMarked { .. } => "break_glass_marked",
            TeamChange::BreakGlassUnmarked { .. } => "break_glass_unmarked",
            TeamChange::EveryoneSignedOut { .. } => "everyone_signed_out",
        }
    }

    /// The sentence after the actor's name, and the object in bold, which may be empty.
    pub fn sentence(&self) -> (&'static str, String) {
        match self {
            TeamChange::TeamCreated { plan } => ("created the team with plan", plan.label().to_owned()),
            TeamChange::PlanChanged { from, to } => ("changed the plan", format!("from {from} to {to}")),
            TeamChange::TeamRenamed { from, to } => ("renamed the team", format!("from {from} to {to}")),
            TeamChange::TeamMoved { from, to } => ("changed the team URL", format!("from {from} to {to}")),
            TeamChange::BreakGlassMarked { name } => ("added break-glass member", name.clone()),
            TeamChange::BreakGlassUnmarked { name } => ("removed break-glass from", name.clone()),
            TeamChange::EveryoneSignedOut { .. } => ("signed out", "everyone".to_owned()),
        }
    }
}
