//! The policy for SCIM provisioning and its keys.
//!
//! The server decides with [`review`], and the page explains with the same function. A change that needs the policy
//! takes a [`ProvisioningAllowed`] as a parameter, which only [`review`] can create.

use crate::{id::MethodId, plan::Plan, role::Role};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An enabled SSO method, with the facts that the policy depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnabledMethod {
    /// The method's id.
    pub id: MethodId,
    /// The method's name, for the explanation.
    pub name: String,
}

/// Proof that [`review`] allowed to turn provisioning on, or to generate or roll a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvisioningAllowed(());

/// Proof that someone may turn provisioning off and revoke keys, which only needs the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MayManage(());

/// One reason against a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The plan is not Enterprise.
    Plan(Plan),
    /// No SSO method is enabled.
    NoSsoMethod,
    /// These SSO methods are enabled, but only one may be.
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

/// Every reason against a change; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvisioningDenial(Vec<Reason>);

impl ProvisioningDenial {
    /// The reasons, in the order of the page's requirements: plan, SSO method, role.
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

/// Decides whether SCIM provisioning may be turned on, and whether keys may be generated and rolled.
///
/// # Errors
/// Every reason against it, not only the first.
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

/// Decides whether this role may turn provisioning off, revoke keys, and manage SSO methods. Neither the plan nor the
/// SSO methods matter, because it must always be possible to stop.
///
/// # Errors
/// [`Reason::Role`].
pub fn review_role(role: Role) -> Result<MayManage, ProvisioningDenial> {
    if role.manages_authentication() { Ok(MayManage(())) } else { Err(ProvisioningDenial(vec![Reason::Role(role)])) }
}
