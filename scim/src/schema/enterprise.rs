//! The enterprise extension of the User (RFC 7643, section 4.3).

use super::{
    Schema,
    attribute::{Attribute, Tolerance, complex, reference, text},
};

/// The URI.
pub const ID: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The position of a member in an organization.
pub static SCHEMA: Schema = Schema {
    id: ID,
    name: "EnterpriseUser",
    description: "Enterprise attributes of a member.",
    attributes: ATTRIBUTES,
};

const ATTRIBUTES: &[Attribute] = &[
    text("employeeNumber", "Employee number or code."),
    text("costCenter", "The name of a cost center."),
    text("organization", "The name of an organization."),
    text("division", "The name of a division."),
    text("department", "The name of a department."),
    // Entra ID sends a list of one, or the id alone.
    complex("manager", MANAGER, "The person's manager.").tolerates(Tolerance::BareTextOrList),
];

const MANAGER: &[Attribute] = &[
    text("value", "ID of the manager's User.").case_exact(),
    reference("$ref", &["User"], "The URL of the manager's User."),
    text("displayName", "The manager's name.").read_only(),
];
