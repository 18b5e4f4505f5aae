//! What members may change about themselves. While SCIM provisioning is on, that is little: the identity provider decides.

use crate::{
    member::{self, MemberEffect, Subject},
    role::Role,
    validation::text,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What someone is about to do to their own membership.
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

/// Where someone stands, as far as the rule is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfServiceContext {
    /// Is the team's SCIM provisioning on?
    pub scim_on: bool,
    /// Did the member come from the directory, or was taken over by it?
    pub from_directory: bool,
    /// As the policy for members asks about them.
    pub subject: Subject,
}

/// Proof that [`review`] was asked, and said yes.
#[derive(Debug)]
pub struct SelfServiceAllowed(());

/// Why someone may not do this to themselves. `Display` is the sentence that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfServiceDenial {
    /// The identity provider manages this member's profile.
    Managed,
    /// SCIM provisioning is on.
    ScimOn(SelfServiceAction),
    /// The team would be left without a Super Admin.
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

/// What helps someone who may not do it, in a sentence; empty: the reason says it.
///
/// `provider`: who manages the member, where someone does: "Okta", "your identity provider". `others`: the Admins and Super
/// Admins beside the member, those to ask first. `me`: the member, as the policy for members asks about them.
///
/// No page changes someone else's address or password, so no one can be asked for that: what lifts it is turning SCIM
/// provisioning off.
pub fn way_out(denial: SelfServiceDenial, provider: Option<&str>, others: &[(&str, Role)], me: Subject) -> String {
    let is_super_admin = me.roles.contains(Role::SuperAdmin);
    let may_stop = me.roles.highest().manages_authentication();
    let has_others = !others.is_empty();
    // An Admin does nothing to a Super Admin.
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

/// May someone do this to their own membership?
///
/// A directory's member is its own as long as SCIM provisioning is on; who is in the team, and by which address and
/// password they sign in, is the identity provider's business for everyone then. Turned off, everything is as before. The
/// guards hold always.
///
/// # Errors
/// The first reason that is in the way.
pub fn review(
    action: SelfServiceAction,
    standing: SelfServiceContext,
) -> Result<SelfServiceAllowed, SelfServiceDenial> {
    if standing.scim_on
        && (standing.from_directory && action != SelfServiceAction::Leave && action != SelfServiceAction::Password)
    {
        return Err(SelfServiceDenial::Managed);
    }
    if standing.scim_on && action != SelfServiceAction::Name {
        return Err(SelfServiceDenial::ScimOn(action));
    }
    let effect = if action == SelfServiceAction::Leave { MemberEffect::Delete } else { MemberEffect::Edit };
    // As if a Super Admin did it: then the guards alone are left.
    match member::review(Role::SuperAdmin, standing.subject, effect) {
        Err(member::MemberDenial::LastSuperAdmin) => Err(SelfServiceDenial::LastSuperAdmin),
        Err(member::MemberDenial::BreakGlass) => Err(SelfServiceDenial::BreakGlass),
        Ok(_) | Err(member::MemberDenial::Role | member::MemberDenial::Ceiling | member::MemberDenial::Grant) => {
            Ok(SelfServiceAllowed(()))
        }
    }
}
