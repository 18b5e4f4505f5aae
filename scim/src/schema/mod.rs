//! Schemas of the resources (RFC 7643): attribute definitions as data.
//!
//! [`user`], [`group`] and [`enterprise`] contain the definitions, which `/Schemas` returns to clients. [`common`]
//! contains the attributes that every resource has.

mod attribute;
pub mod common;
pub mod enterprise;
pub mod group;
pub mod user;

pub(crate) use attribute::Tolerance;
pub use attribute::{Attribute, MaxLength, Mutability, Returned, Type, Uniqueness};

/// The URI that marks a resource as a schema.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// A named set of attributes (RFC 7643, section 7).
#[derive(Debug)]
pub struct Schema {
    /// The URI of the schema in resources.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
    /// A description for clients.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        // The URI is the identity of a schema (RFC 7643, section 7).
        self.id == other.id
    }
}

impl Eq for Schema {}

/// Every schema of this server's resources.
pub static ALL: [&Schema; 3] = [&user::SCHEMA, &group::SCHEMA, &enterprise::SCHEMA];

/// The schema with this URI; letter case does not matter (RFC 7643, section 2.1).
pub fn by_id(id: &str) -> Option<&'static Schema> {
    ALL.into_iter().find(|schema| schema.id.eq_ignore_ascii_case(id))
}

/// Checks that a resource has only attributes of its schema, each of the right type.
#[cfg(test)]
pub(crate) fn conforms(resource: &serde_json::Value, schema: &Schema) {
    fn check(attribute: &Attribute, value: &serde_json::Value) {
        let name = attribute.name;
        match attribute.kind {
            Type::Boolean => assert!(value.is_boolean(), "{name}"),
            Type::Complex => object(value, attribute.sub_attributes),
            Type::String | Type::DateTime | Type::Binary | Type::Reference => assert!(value.is_string(), "{name}"),
        }
    }
    fn object<'a>(value: &serde_json::Value, attributes: impl IntoIterator<Item = &'a Attribute> + Clone) {
        for (name, value) in value.as_object().unwrap() {
            let attribute = attributes.clone().into_iter().find(|attribute| attribute.name == name);
            let attribute = attribute.unwrap_or_else(|| panic!("{name} is not in the schema"));
            assert_ne!(attribute.returned, Returned::Never, "{name}");
            match value.as_array() {
                Some(values) if attribute.multi_valued => values.iter().for_each(|value| check(attribute, value)),
                _ => check(attribute, value),
            }
        }
    }
    let attributes: Vec<_> = common::ATTRIBUTES.iter().chain(schema.attributes).collect();
    object(resource, attributes.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(attribute: &Attribute, path: &str) {
        let path = format!("{path}.{}", attribute.name);
        assert_eq!(attribute.kind == Type::Complex, !attribute.sub_attributes.is_empty(), "{path}: parts");
        assert_eq!(attribute.kind == Type::Reference, !attribute.reference_types.is_empty(), "{path}: references");
        assert!(attribute.description.ends_with('.'), "{path}: no sentence");
        assert_eq!(
            attribute.mutability == Mutability::WriteOnly,
            attribute.returned == Returned::Never,
            "{path}: what cannot be read is never returned"
        );
        for (i, sub) in attribute.sub_attributes.iter().enumerate() {
            assert!(sub.sub_attributes.is_empty(), "{path}: complex inside complex (RFC 7643, section 2.3.8)");
            assert!(
                !attribute.sub_attributes[..i].iter().any(|other| other.name.eq_ignore_ascii_case(sub.name)),
                "{path}.{}: twice",
                sub.name
            );
            check(sub, &path);
        }
    }

    #[test]
    fn definitions_are_consistent() {
        for attribute in ALL.into_iter().flat_map(|schema| schema.attributes).chain(common::ATTRIBUTES) {
            check(attribute, "");
        }
    }

    #[test]
    fn every_text_has_a_length() {
        let whole = ALL.into_iter().flat_map(|schema| schema.attributes).chain(common::ATTRIBUTES);
        for attribute in whole.flat_map(|attribute| attribute.sub_attributes.iter().chain([attribute])) {
            let (MaxLength::Characters(max) | MaxLength::Bytes(max)) = attribute.max_length;
            let large = matches!(attribute.kind, Type::Binary) || attribute.name == "value";
            assert!(max >= 64 && (max <= 1_024 || large && max <= 16_384), "{}: {max}", attribute.name);
        }
    }

    #[test]
    fn schemas_are_found_in_any_case() {
        assert_eq!(by_id("URN:ietf:params:scim:schemas:core:2.0:user").map(|s| s.name), Some("User"));
        assert!(by_id("User").is_none());
    }
}
