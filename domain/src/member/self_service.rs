//! The policy for changes of one's own membership. While SCIM provisioning is on, the identity provider decides most of
//! it.

use crate::{
    member::{self, MemberEffect, Subject},
    role::Role,
    validation::text,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of one's own membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfServiceAction {
    /// Change the name that people see.
    Name,
    /// Change the email address.
    Email,
    /// Change the password.
    Password,
    /// Leave the team.
    Leave,
}

/// The facts that the policy depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfServiceContext {
    /// Is the team's SCIM provisioning on?
    pub scim_on: bool,
    /// Did the identity provider create or adopt the member?
    pub from_directory: bool,
    /// The member, as in the policy for members.
    pub subject: Subject,
}

/// Proof that [`review`] allowed a change.
#[derive(Debug)]
pub struct SelfServiceAllowed(());

/// The reason that a change of one's own membership is refused. `Display` is the sentence for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfServiceDenial {
    /// The identity provider manages this member's profile.
    Managed,
    /// SCIM provisioning is on.
    ScimOn(SelfServiceAction),
    /// The team would lose its last Super Admin.
    LastSuperAdmin,
    /// The member is marked as break-glass.
    BreakGlass,
}

impl fmt::Display for SelfServiceDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SelfServiceDenial::Managed => {
                "Your identity provider manages your profile through SCIM"
            }
            SelfServiceDenial::ScimOn(SelfServiceAction::Leave) => {
                "Members can't leave the team while SCIM provisioning is on"
            }
            SelfServiceDenial::ScimOn(SelfServiceAction::Password) => {
                "Passwords can't be changed here while SCIM provisioning is on"
            }
            SelfServiceDenial::ScimOn(SelfServiceAction::Email | SelfServiceAction::Name) => {
                "Emails can't be changed here while SCIM provisioning is on"
            }
            SelfServiceDenial::LastSuperAdmin => {
                "You're the team's last active Super Admin. Make someone else a Super Admin before you leave"
            }
            SelfServiceDenial::BreakGlass => {
                "You're a break-glass member, so you can't leave. A Super Admin can remove break-glass in Team settings > General"
            }
        })
    }
}

/// The advice after a denial, as a sentence. Empty if the reason is advice enough.
///
/// `provider`: the manager of the member, if there is one: "Okta", "your identity provider". `others`: the other Admins
/// and Super Admins, the first to contact first. `me`: the member, as in the policy for members.
///
/// No page changes another member's address or password, so no one can help with those. The way out is to turn SCIM
/// provisioning off.
pub fn advice(denial: SelfServiceDenial, provider: Option<&str>, others: &[(&str, Role)], me: Subject) -> String {
    let is_super_admin = me.roles.contains(Role::SuperAdmin);
    let may_stop = me.roles.highest().manages_authentication();
    let has_others = !others.is_empty();
    // An Admin cannot change a Super Admin.
    let removes = |role: Role| !is_super_admin || role == Role::SuperAdmin;
    let first = |who: &dyn Fn(Role) -> bool| {
        let names: Vec<&str> = others.iter().filter(|(_, role)| who(*role)).map(|(name, _)| *name).take(3).collect();
        text::join_names_or(&names)
    };
    let ask = first(&|_| true);
    match (denial, provider) {
        (SelfServiceDenial::ScimOn(SelfServiceAction::Leave), _) if me.last_super_admin => {
            "You're the team's last active Super Admin, so no one can remove you either. Make someone else a Super Admin first."
                .to_owned()
        }
        (SelfServiceDenial::ScimOn(SelfServiceAction::Leave), _) if me.break_glass => {
            "You're a break-glass member, so no one can remove you either. A Super Admin can remove break-glass in Team settings > General."
                .to_owned()
        }
        (SelfServiceDenial::Managed, Some(provider)) => format!("Change it in {provider}."),
        (SelfServiceDenial::ScimOn(SelfServiceAction::Leave), Some(provider)) => {
            format!("To leave the team, ask to be removed in {provider}.")
        }
        (SelfServiceDenial::ScimOn(SelfServiceAction::Leave), None) if others.iter().any(|(_, role)| removes(*role)) => {
            let who = if is_super_admin { "Another Super Admin" } else { "An Admin or Super Admin" };
            format!("{who} can remove you. Ask {}.", first(&removes))
        }
        (SelfServiceDenial::Managed | SelfServiceDenial::ScimOn(_), _) if may_stop => {
            "No one can change it for you in Rollcall. You can lift this by turning off SCIM provisioning in Authentication."
                .to_owned()
        }
        (SelfServiceDenial::Managed | SelfServiceDenial::ScimOn(_), _) if has_others => format!(
            "No one can change it for you in Rollcall. Only turning off SCIM provisioning lifts this, and only an Admin or Super Admin can do that. Ask {ask}."
        ),
        (SelfServiceDenial::Managed | SelfServiceDenial::ScimOn(_), _) => "This is lifted when SCIM provisioning is turned off.".to_owned(),
        (SelfServiceDenial::LastSuperAdmin | SelfServiceDenial::BreakGlass, _) => String::new(),
    }
}

/// Decides whether a member may make this change to their own membership.
///
/// While SCIM provisioning is on, the identity provider manages the members that it created or adopted. It also decides
/// for everyone who is in the team, and by which address and password they sign in. The guards always apply.
///
/// # Errors
/// The first reason against the change.
pub fn review(action: SelfServiceAction, context: SelfServiceContext) -> Result<SelfServiceAllowed, SelfServiceDenial> {
    if context.scim_on
        && (context.from_directory && action != SelfServiceAction::Leave && action != SelfServiceAction::Password)
    {
        return Err(SelfServiceDenial::Managed);
    }
    if context.scim_on && action != SelfServiceAction::Name {
        return Err(SelfServiceDenial::ScimOn(action));
    }
    let effect = if action == SelfServiceAction::Leave { MemberEffect::Delete } else { MemberEffect::Edit };
    // With the authority of a Super Admin, only the guards can refuse.
    match member::review(Role::SuperAdmin, context.subject, effect) {
        Err(member::MemberDenial::LastSuperAdmin) => Err(SelfServiceDenial::LastSuperAdmin),
        Err(member::MemberDenial::BreakGlass) => Err(SelfServiceDenial::BreakGlass),
        Ok(_) | Err(member::MemberDenial::Role | member::MemberDenial::MaxRole | member::MemberDenial::Grant) => {
            Ok(SelfServiceAllowed(()))
        }
    }
}
