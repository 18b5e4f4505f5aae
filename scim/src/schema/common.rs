//! Common attributes of all resources (RFC 7643, section 3.1). `/Schemas` does not list them, because they belong to no schema.

use super::attribute::{Attribute, complex, date_time, reference, text};

/// `schemas`, `id`, `externalId` and `meta`.
pub static ATTRIBUTES: &[Attribute] = &[
    reference("schemas", &["uri"], "The schemas that the resource has.").list().required().always(),
    text("id", "Unique ID of the resource, assigned by this server.").case_exact().unique().read_only().always(),
    text("externalId", "ID of the resource at the identity provider.").case_exact().at_most(512),
    complex("meta", META, "Metadata about the resource.").read_only(),
];

const META: &[Attribute] = &[
    text("resourceType", "Type of the resource.").case_exact().read_only(),
    date_time("created", "When the resource was created.").read_only(),
    date_time("lastModified", "When the resource last changed.").read_only(),
    reference("location", &["uri"], "URL of the resource.").read_only(),
    text("version", "Version of the resource, changed on every update.").case_exact().read_only(),
];
