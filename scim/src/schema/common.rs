//! What every resource has (RFC 7643, section 3.1). `/Schemas` does not list it: it belongs to no schema.

use super::attribute::{Attribute, complex, date_time, reference, text};

/// `schemas`, `id`, `externalId` and `meta`.
pub static ATTRIBUTES: &[Attribute] = &[
    reference("schemas", &["uri"], "The schemas that the resource has.").list().required().always(),
    text("id", "The resource's name for life, given by this server.").case_exact().unique().read_only().always(),
    text("externalId", "The resource's id at the identity provider.").case_exact().at_most(512),
    complex("meta", META, "About the resource.").read_only(),
];

const META: &[Attribute] = &[
    text("resourceType", "What kind of resource it is.").case_exact().read_only(),
    date_time("created", "When it was made.").read_only(),
    date_time("lastModified", "When it last changed.").read_only(),
    reference("location", &["uri"], "Its URL.").read_only(),
    text("version", "What changes whenever it changes.").case_exact().read_only(),
];
