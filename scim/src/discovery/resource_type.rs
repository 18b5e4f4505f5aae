//! `/ResourceTypes` (RFC 7643, section 6).

use super::Meta;
use crate::schema::{enterprise, group, user};
use serde::Serialize;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceType {
    schemas: [&'static str; 1],
    id: &'static str,
    name: &'static str,
    description: &'static str,
    endpoint: &'static str,
    schema: &'static str,
    schema_extensions: &'static [Extension],
    meta: Meta,
}

#[derive(Debug, Serialize)]
struct Extension {
    schema: &'static str,
    required: bool,
}

impl ResourceType {
    fn new(
        base: &str,
        name: &'static str,
        endpoint: &'static str,
        schema: &'static crate::schema::Schema,
        schema_extensions: &'static [Extension],
    ) -> Self {
        Self {
            schemas: [SCHEMA],
            id: name,
            name,
            description: schema.description,
            endpoint,
            schema: schema.id,
            schema_extensions,
            meta: Meta { resource_type: "ResourceType", location: format!("{base}/ResourceTypes/{name}") },
        }
    }
}

fn all(base: &str) -> Vec<ResourceType> {
    const ENTERPRISE: &[Extension] = &[Extension { schema: enterprise::ID, required: false }];
    vec![
        ResourceType::new(base, "User", "/Users", &user::SCHEMA, ENTERPRISE),
        ResourceType::new(base, "Group", "/Groups", &group::SCHEMA, &[]),
    ]
}

/// Every resource type.
pub fn resource_types(base: &str) -> Vec<impl Serialize + use<>> {
    all(base)
}

/// The resource type with this id, such as `User`.
pub fn resource_type(base: &str, id: &str) -> Option<impl Serialize + use<>> {
    all(base).into_iter().find(|kind| kind.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://example.com/scim/v2";

    #[test]
    fn users_and_groups() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&resource_types(BASE)).unwrap(), @r#"
        [
          {
            "schemas": [
              "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
            ],
            "id": "User",
            "name": "User",
            "description": "User Account",
            "endpoint": "/Users",
            "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
            "schemaExtensions": [
              {
                "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                "required": false
              }
            ],
            "meta": {
              "resourceType": "ResourceType",
              "location": "https://example.com/scim/v2/ResourceTypes/User"
            }
          },
          {
            "schemas": [
              "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
            ],
            "id": "Group",
            "name": "Group",
            "description": "A group of members.",
            "endpoint": "/Groups",
            "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
            "schemaExtensions": [],
            "meta": {
              "resourceType": "ResourceType",
              "location": "https://example.com/scim/v2/ResourceTypes/Group"
            }
          }
        ]
        "#);
    }

    #[test]
    fn one_by_id() {
        let user = serde_json::to_value(resource_type(BASE, "User")).unwrap();
        assert_eq!(user["endpoint"], "/Users");
        assert!(resource_type(BASE, "Device").is_none());
    }
}
