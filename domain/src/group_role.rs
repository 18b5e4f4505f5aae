//! Groups that give a role to their members: what a mapping changes for whom, and who may save it.
//!
//! The database counts the members of a group who are alike ([`MemberCohort`]); all the rest is decided here, for the preview as for
//! the change itself.

use crate::{
    format::number::thousands,
    member::{self, MemberEffect, Subject},
    role::{Role, Roles},
    validation::field_error::FieldError,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The roles that a group can give, the most powerful first. Super Admin is not among them: it is assigned manually alone.
pub fn mappable() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::SuperAdmin)
}

/// The value that a form has for no role.
pub const NO_ROLE: &str = "none";

/// The role that a form gives to a group. `None`: no role.
///
/// # Errors
/// [`FieldError::NotAGroupRole`]. Super Admin is a role; [`review`] denies it with its own reason.
pub fn parse(value: &str) -> Result<Option<Role>, FieldError> {
    if value == NO_ROLE {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|()| FieldError::NotAGroupRole)
}

/// Which role a group gives now, and which it is to give; none: no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// Now.
    pub from: Option<Role>,
    /// From then on.
    pub to: Option<Role>,
}

/// Members of a group who are alike in everything that a mapping asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberCohort {
    /// The roles assigned manually.
    pub own: Roles,
    /// What all their groups give now.
    pub given: Option<Roles>,
    /// What their other groups give.
    pub others: Option<Roles>,
    /// Can they sign in at present?
    pub active: bool,
    /// Are they kept as a way in for emergencies?
    pub break_glass: bool,
    /// How many they are.
    pub members: i64,
}

/// What becomes of someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingOutcome {
    /// Is this a Super Admin, who may do everything with or without it? Then nothing else is said.
    pub above: bool,
    /// Gets the new role.
    pub gains: bool,
    /// Has the new role already.
    pub has: bool,
    /// Loses the old role.
    pub loses: bool,
    /// Keeps the old role: it is assigned manually, or by another group.
    pub keeps: bool,
}

/// How many of a group's members a mapping concerns, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingImpact {
    /// Super Admins, who may do everything with or without it.
    pub above: i64,
    /// Who get the new role.
    pub gain: i64,
    /// Who have the new role already.
    pub have: i64,
    /// Who lose the old role.
    pub lose: i64,
    /// Who keep the old role for another reason.
    pub keep: i64,
    /// Those of `gain` who cannot sign in at present: deactivated, or invited and not there yet.
    pub gain_later: i64,
    /// Those of `lose` who cannot sign in at present.
    pub lose_later: i64,
}

impl RoleChange {
    /// Would it change nothing?
    pub fn is_none(self) -> bool {
        self.from == self.to
    }

    /// What happened, in words: "14 people became Billing, 1 person lost Admin".
    pub fn said(self, gained: u64, lost: u64) -> String {
        let said = [
            self.to.filter(|_| gained > 0).map(|role| format!("{} became {role}", people(gained))),
            self.from.filter(|_| lost > 0).map(|role| format!("{} lost {role}", people(lost))),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        if said.is_empty() { "no roles changed".to_owned() } else { said.join(", ") }
    }
}

impl MemberCohort {
    /// The effective roles now.
    pub fn before(&self) -> Roles {
        joined(self.own, self.given)
    }

    /// The effective roles from then on.
    pub fn after(&self, step: RoleChange) -> Roles {
        joined(joined(self.own, self.others), step.to.map(Roles::from))
    }

    /// What becomes of them.
    pub fn outcome(&self, step: RoleChange) -> MappingOutcome {
        let (before, after) = (self.before(), self.after(step));
        let above = before.contains(Role::SuperAdmin);
        let is = |role: Option<Role>, roles: Roles| !above && role.is_some_and(|role| roles.contains(role));
        let old = step.from.filter(|role| Some(*role) != step.to);
        MappingOutcome {
            above,
            gains: is(step.to, after) && !is(step.to, before),
            has: is(step.to, before),
            loses: is(old, before) && !is(old, after),
            keeps: is(old, after),
        }
    }
}

/// "1 person", "1,200 people".
fn people(count: u64) -> String {
    match count {
        1 => "1 person".to_owned(),
        count => [&thousands(i64::try_from(count).unwrap_or(i64::MAX)), " people"].concat(),
    }
}

fn joined(roles: Roles, more: Option<Roles>) -> Roles {
    more.map_or(roles, |more| roles.union(more))
}

impl MappingImpact {
    /// Adds up what becomes of everyone.
    pub fn of(all: &[MemberCohort], step: RoleChange) -> Self {
        let count = |wanted: fn(&MappingOutcome) -> bool| {
            all.iter().filter(|alike| wanted(&alike.outcome(step))).map(|alike| alike.members).sum()
        };
        let later = |wanted: fn(&MappingOutcome) -> bool| {
            let asleep = all.iter().filter(|alike| !alike.active && wanted(&alike.outcome(step)));
            asleep.map(|alike| alike.members).sum()
        };
        Self {
            above: count(|outcome| outcome.above),
            gain: count(|outcome| outcome.gains),
            have: count(|outcome| outcome.has),
            lose: count(|outcome| outcome.loses),
            keep: count(|outcome| outcome.keeps),
            gain_later: later(|outcome| outcome.gains),
            lose_later: later(|outcome| outcome.loses),
        }
    }
}

/// Proof that [`review`] was asked about a step, and said yes.
#[derive(Debug)]
pub struct MappingAllowed(RoleChange);

impl MappingAllowed {
    /// What is allowed.
    pub fn step(&self) -> RoleChange {
        self.0
    }
}

/// Why a group may not be mapped like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingDenial {
    /// No group makes Super Admins.
    SuperAdmin,
    /// Only Admins and Super Admins map groups.
    Role,
    /// Someone in the group may not be changed so: which of those who were asked about, and why.
    Member(usize, member::MemberDenial),
}

impl fmt::Display for MappingDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MappingDenial::SuperAdmin => f.write_str("Groups can't assign Super Admin. Assign it manually"),
            MappingDenial::Role => f.write_str("Only Admins and Super Admins can map groups to roles"),
            MappingDenial::Member(_, why) => why.fmt(f),
        }
    }
}

impl MappingDenial {
    /// The sentence with the name of one of those whom it is about; `examples` has one for each that [`review`] was asked
    /// about.
    pub fn about(&self, examples: &[String]) -> String {
        self.sentence(self.example(examples))
    }

    /// The one of the examples whom it is about.
    pub fn example<'a>(&self, examples: &'a [String]) -> Option<&'a str> {
        match self {
            MappingDenial::Member(index, _) => examples.get(*index).map(String::as_str),
            MappingDenial::SuperAdmin | MappingDenial::Role => None,
        }
    }

    /// The sentence with the name of one of those whom it is about.
    pub fn sentence(&self, member: Option<&str>) -> String {
        match (self, member) {
            (MappingDenial::Member(_, why), Some(name)) => format!("This would affect {name}. {why}"),
            (other, _) => other.to_string(),
        }
    }
}

/// May someone with `authority` map a group to a role? `all` are its members. An Admin may give and take what an Admin may
/// give and take manually, the role Admin too. What changes someone is asked of the same policy as a change manually
/// ([`member::review`]), so that an Admin never changes a Super Admin, and anyone who is marked as break-glass is not demoted.
/// Who is not changed stands in no one's way.
///
/// # Errors
/// The first reason that is in the way.
pub fn review(authority: Role, step: RoleChange, all: &[MemberCohort]) -> Result<MappingAllowed, MappingDenial> {
    if step.to == Some(Role::SuperAdmin) {
        return Err(MappingDenial::SuperAdmin);
    }
    if !authority.manages_authentication() {
        return Err(MappingDenial::Role);
    }
    for (index, alike) in all.iter().enumerate() {
        let (before, after) = (alike.before(), alike.after(step));
        if before == after {
            continue;
        }
        let subject = Subject {
            roles: before,
            active: alike.active,
            break_glass: alike.break_glass,
            // A group gives no such role, so none can be lost. Were it otherwise, any Super Admin might be the last.
            last_super_admin: before.contains(Role::SuperAdmin),
        };
        member::review(authority, subject, MemberEffect::Roles(after))
            .map_err(|why| MappingDenial::Member(index, why))?;
    }
    Ok(MappingAllowed(step))
}
