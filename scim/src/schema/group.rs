//! The Group (RFC 7643, section 4.2).

use super::{
    Schema,
    attribute::{Attribute, Tolerance, complex, reference, text},
};

/// The URI.
pub const ID: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// A group of members.
pub static SCHEMA: Schema =
    Schema { id: ID, name: "Group", description: "A group of members.", attributes: ATTRIBUTES };

const ATTRIBUTES: &[Attribute] = &[
    text("displayName", "The group's name.").required().at_most(1_024),
    complex("members", MEMBER, "The members in the group.").list().tolerates(Tolerance::BareText),
];

const MEMBER: &[Attribute] = &[
    text("value", "ID of the member.").case_exact().immutable(),
    reference("$ref", &["User"], "The member's URL.").immutable(),
    // On request, so that a member is returned as it was sent, and a large group is not twice as long.
    text("display", "The member's name.").read_only().on_request(),
    text("type", "What kind of resource the member is.").usually(&["User"]).immutable(),
];
