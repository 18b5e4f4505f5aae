//! The rule: may SCIM provisioning be turned on, and keys be made?
//!
//! The server decides with [`review`]; the page explains with the same function. A change that needs the rule takes an
//! [`ProvisioningAllowed`] as a parameter, which only [`review`] can make.

use crate::{id::MethodId, plan::Plan, role::Role};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An enabled SSO method, as far as the rule is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnabledMethod {
    /// Which one.
    pub id: MethodId,
    /// Its name, for the explanation.
    pub name: String,
}

/// Proof that [`review`] found nothing in the way: turning on, generating and rolling a key need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvisioningAllowed(());

/// Proof that someone may stop things: turning off and revoking need only the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MayManage(());

/// One reason that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The plan is not Enterprise.
    Plan(Plan),
    /// No SSO method is enabled.
    NoSsoMethod,
    /// More than one SSO method is enabled: these.
    ManySsoMethods(Vec<EnabledMethod>),
    /// The role is neither Admin nor Super Admin.
    Role(Role),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Plan(plan) => {
                write!(f, "SCIM provisioning is part of the Enterprise plan. This team is on {plan}.")
            }
            Reason::NoSsoMethod => f.write_str("Set up single sign-on first."),
            Reason::ManySsoMethods(methods) => {
                let names: Vec<&str> = methods.iter().map(|method| method.name.as_str()).collect();
                write!(
                    f,
                    "SCIM needs exactly one enabled SSO method. This team has {}: {}.",
                    methods.len(),
                    crate::validation::text::join_names(&names)
                )
            }
            Reason::Role(_) => f.write_str("Only Admins and Super Admins can manage this."),
        }
    }
}

/// Every reason that is in the way; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvisioningDenial(Vec<Reason>);

impl ProvisioningDenial {
    /// The reasons, in the order in which the page lists the requirements: plan, SSO method, role.
    pub fn reasons(&self) -> &[Reason] {
        &self.0
    }
}

impl fmt::Display for ProvisioningDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, reason) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{reason}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ProvisioningDenial {}

/// May SCIM provisioning be turned on, and may keys be generated and rolled?
///
/// # Errors
/// Every reason that is in the way, not the first alone.
pub fn review(plan: Plan, enabled: &[EnabledMethod], role: Role) -> Result<ProvisioningAllowed, ProvisioningDenial> {
    let mut reasons = Vec::new();
    if !plan.has_scim() {
        reasons.push(Reason::Plan(plan));
    }
    match enabled {
        [] => reasons.push(Reason::NoSsoMethod),
        [_] => {}
        many => reasons.push(Reason::ManySsoMethods(many.to_vec())),
    }
    if !role.manages_authentication() {
        reasons.push(Reason::Role(role));
    }
    if reasons.is_empty() { Ok(ProvisioningAllowed(())) } else { Err(ProvisioningDenial(reasons)) }
}

/// May someone with this role turn provisioning off, revoke keys, and manage SSO methods? It must always be possible
/// to stop, whatever the plan and the SSO methods are.
///
/// # Errors
/// [`Reason::Role`].
pub fn review_role(role: Role) -> Result<MayManage, ProvisioningDenial> {
    if role.manages_authentication() { Ok(MayManage(())) } else { Err(ProvisioningDenial(vec![Reason::Role(role)])) }
}
