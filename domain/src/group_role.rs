//! Roles that groups give: the impact of a change on the members, and the policy for it.
//!
//! The database counts the members by [`MemberCohort`]. This module decides everything else, for the preview and for
//! the change.

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
    Role::from_name(value).map(Some).ok_or(FieldError::NotAGroupRole)
}

/// Which role that a group gives. `None` is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// The old role.
    pub from: Option<Role>,
    /// The new role.
    pub to: Option<Role>,
}

/// The members of a group with the same roles and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberCohort {
    /// The manual roles.
    pub own: Roles,
    /// The roles that all their groups give.
    pub given: Option<Roles>,
    /// The roles that their other groups give.
    pub others: Option<Roles>,
    /// Can they sign in now?
    pub active: bool,
    /// Are they break-glass members?
    pub break_glass: bool,
    /// The number of members.
    pub members: i64,
}

/// The effect of a change on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingOutcome {
    /// Is the member a Super Admin, for whom the change has no effect? Then the other fields are `false`.
    pub above: bool,
    /// Does the member get the new role?
    pub gains: bool,
    /// Does the member have the new role already?
    pub has: bool,
    /// Does the member lose the old role?
    pub loses: bool,
    /// Does the member keep the old role, manually or through another group?
    pub keeps: bool,
}

/// The number of a group's members with each effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingImpact {
    /// Super Admins, for whom the change has no effect.
    pub above: i64,
    /// Members who get the new role.
    pub gain: i64,
    /// Members who have the new role already.
    pub have: i64,
    /// Members who lose the old role.
    pub lose: i64,
    /// Members who keep the old role for another reason.
    pub keep: i64,
    /// Members in `gain` who cannot sign in now, because they are deactivated or their invite is open.
    pub gain_later: i64,
    /// Members in `lose` who cannot sign in now.
    pub lose_later: i64,
}

impl RoleChange {
    /// Does the change have no effect?
    pub fn is_none(self) -> bool {
        self.from == self.to
    }

    /// The effect as text: "14 people became Billing, 1 person lost Admin".
    pub fn summary(self, gained: u64, lost: u64) -> String {
        let parts = [
            self.to.filter(|_| gained > 0).map(|role| format!("{} became {role}", people(gained))),
            self.from.filter(|_| lost > 0).map(|role| format!("{} lost {role}", people(lost))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "no roles changed".to_owned() } else { parts.join(", ") }
    }
}

impl MemberCohort {
    /// The effective roles before the change.
    pub fn before(&self) -> Roles {
        joined(self.own, self.given)
    }

    /// The effective roles after the change.
    pub fn after(&self, change: RoleChange) -> Roles {
        joined(joined(self.own, self.others), change.to.map(Roles::from))
    }

    /// The effect on these members.
    pub fn outcome(&self, change: RoleChange) -> MappingOutcome {
        let (before, after) = (self.before(), self.after(change));
        let above = before.contains(Role::SuperAdmin);
        let is = |role: Option<Role>, roles: Roles| !above && role.is_some_and(|role| roles.contains(role));
        let old = change.from.filter(|role| Some(*role) != change.to);
        MappingOutcome {
            above,
            gains: is(change.to, after) && !is(change.to, before),
            has: is(change.to, before),
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
    /// Adds up the effects on all cohorts.
    pub fn of(all: &[MemberCohort], change: RoleChange) -> Self {
        let count = |matches: fn(&MappingOutcome) -> bool| {
            all.iter().filter(|cohort| matches(&cohort.outcome(change))).map(|cohort| cohort.members).sum()
        };
        let later = |matches: fn(&MappingOutcome) -> bool| {
            let inactive = all.iter().filter(|cohort| !cohort.active && matches(&cohort.outcome(change)));
            inactive.map(|cohort| cohort.members).sum()
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

/// Proof that [`review`] allowed a change.
#[derive(Debug)]
pub struct MappingAllowed(RoleChange);

impl MappingAllowed {
    /// The allowed change.
    pub fn change(&self) -> RoleChange {
        self.0
    }
}

/// The reason that a change of a group's role is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingDenial {
    /// No group gives Super Admin.
    SuperAdmin,
    /// Only Admins and Super Admins change the roles of groups.
    Role,
    /// A policy protects a member of the group: the index of the cohort, and the reason.
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
    /// The sentence with a member's name. `examples` has the name of one member for each cohort that [`review`] got.
    pub fn about(&self, examples: &[String]) -> String {
        self.sentence(self.example(examples))
    }

    /// The name among the examples that the reason is about.
    pub fn example<'a>(&self, examples: &'a [String]) -> Option<&'a str> {
        match self {
            MappingDenial::Member(index, _) => examples.get(*index).map(String::as_str),
            MappingDenial::SuperAdmin | MappingDenial::Role => None,
        }
    }

    /// The sentence with a member's name.
    pub fn sentence(&self, member: Option<&str>) -> String {
        match (self, member) {
            (MappingDenial::Member(_, why), Some(name)) => format!("This would affect {name}. {why}"),
            (other, _) => other.to_string(),
        }
    }
}

/// Decides whether an actor with `authority` may change the role that a group gives. `all` are the group's members. An
/// Admin may give and take the roles that an Admin may assign manually, including Admin.
///
/// The policy for manual changes ([`member::review`]) decides about each member whose roles change. So an Admin never
/// changes a Super Admin, and break-glass members are not demoted. Members whose roles stay the same never prevent a
/// change.
///
/// # Errors
/// The first reason against the change.
pub fn review(authority: Role, change: RoleChange, all: &[MemberCohort]) -> Result<MappingAllowed, MappingDenial> {
    if change.to == Some(Role::SuperAdmin) {
        return Err(MappingDenial::SuperAdmin);
    }
    if !authority.manages_authentication() {
        return Err(MappingDenial::Role);
    }
    for (index, cohort) in all.iter().enumerate() {
        let (before, after) = (cohort.before(), cohort.after(change));
        if before == after {
            continue;
        }
        let subject = Subject {
            roles: before,
            active: cohort.active,
            break_glass: cohort.break_glass,
            // No group gives Super Admin, so no change here removes one. Otherwise any Super Admin might be the last.
            last_super_admin: before.contains(Role::SuperAdmin),
        };
        member::review(authority, subject, MemberEffect::Roles(after))
            .map_err(|why| MappingDenial::Member(index, why))?;
    }
    Ok(MappingAllowed(change))
}
