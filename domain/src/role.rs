//! Roles and sets of roles.

use crate::validation::field_error::FieldError;
use serde::{Deserialize, Serialize};
use std::fmt;

crate::names! {
    /// A role in a team, the most powerful first. The names are in the database, in forms and on the command line.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Role {
        /// May do everything, including changes of Admins and other Super Admins.
        SuperAdmin = "super_admin",
        /// Manages the team, its members and its authentication.
        Admin = "admin",
        /// Manages the plan and the invoices.
        Billing = "billing",
        /// Uses the product. The role of a new provisioned member.
        Developer = "developer",
    }
}

impl Role {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            Role::SuperAdmin => "Super Admin",
            Role::Admin => "Admin",
            Role::Billing => "Billing",
            Role::Developer => "Developer",
        }
    }

    /// May this role see and change the sign-in and provisioning of the team?
    pub const fn manages_authentication(self) -> bool {
        matches!(self, Role::SuperAdmin | Role::Admin)
    }

    /// The role's place in [`Roles`]. A more powerful role has a higher bit, because the database sorts by it. Every second bit is free,
    /// so that a role can be added anywhere in the order while stored sets keep their meaning.
    const fn bit(self) -> u8 {
        match self {
            Role::SuperAdmin => 128,
            Role::Admin => 32,
            Role::Billing => 8,
            Role::Developer => 2,
        }
    }
}

/// Parses a role's [name](Role::name).
///
/// # Errors
/// [`FieldError::NotAnOption`].
pub fn parse(name: &str) -> Result<Role, FieldError> {
    Role::from_name(name).ok_or(FieldError::NotAnOption)
}

/// The manual roles of a submitted form. Unknown names are ignored.
///
/// # Errors
/// [`FieldError::NoRole`].
pub fn parse_all<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Roles, FieldError> {
    let roles = names.into_iter().filter_map(Role::from_name);
    roles.map(Roles::from).reduce(Roles::union).ok_or(FieldError::NoRole)
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A set of roles, stored as one small integer. Never empty: a member without any other role is a Developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub struct Roles(u8);

impl Roles {
    /// Every role.
    pub const ALL: Roles = Roles::joined(&Role::ALL);

    /// The set of one role.
    pub const fn of(role: Role) -> Self {
        Roles(role.bit())
    }

    /// The set from its stored bits; unknown bits are dropped, nothing left means Developer.
    pub const fn from_bits(bits: i64) -> Self {
        let known = (bits & Roles::ALL.bits()) as u8;
        Roles(if known == 0 { Role::Developer.bit() } else { known })
    }

    /// The stored form: the roles' bits, added up.
    pub const fn bits(self) -> i64 {
        self.0 as i64
    }

    /// The union of both sets, such as manual roles and roles from groups.
    pub const fn union(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }

    const fn joined(mut roles: &[Role]) -> Roles {
        let mut all = Roles(0);
        while let [role, rest @ ..] = roles {
            all = all.union(Roles::of(*role));
            roles = rest;
        }
        all
    }

    /// Is `role` in the set?
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The most powerful role of the set, which decides about permissions and which pages show.
    pub fn highest(self) -> Role {
        Role::ALL.into_iter().find(|role| self.contains(*role)).unwrap_or(Role::Developer)
    }

    /// The roles of the set, the most powerful first.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl From<Role> for Roles {
    fn from(role: Role) -> Self {
        Roles::of(role)
    }
}

impl From<u8> for Roles {
    fn from(bits: u8) -> Self {
        Roles::from_bits(bits.into())
    }
}

impl From<Roles> for u8 {
    fn from(roles: Roles) -> Self {
        roles.0
    }
}
