//! `/Schemas` (RFC 7643, section 7).

use super::Meta;
use crate::schema::{self, Attribute, Schema};
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    schemas: [&'static str; 1],
    id: &'static str,
    name: &'static str,
    description: &'static str,
    attributes: &'static [Attribute],
    meta: Meta,
}

impl Resource {
    fn new(base: &str, schema: &'static Schema) -> Self {
        let Schema { id, name, description, attributes } = schema;
        Self {
            schemas: [schema::SCHEMA],
            id,
            name,
            description,
            attributes,
            meta: Meta { resource_type: "Schema", location: format!("{base}/Schemas/{id}") },
        }
    }
}

/// Every schema.
pub fn schemas(base: &str) -> Vec<impl Serialize + use<>> {
    schema::ALL.into_iter().map(|schema| Resource::new(base, schema)).collect()
}

/// The schema with this URI.
pub fn schema(base: &str, id: &str) -> Option<impl Serialize + use<>> {
    schema::by_id(id).map(|schema| Resource::new(base, schema))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const BASE: &str = "https://example.com/scim/v2";

    /// One line per attribute, so that a change of any characteristic is visible.
    fn lines(schema: &Value) -> String {
        fn line(attribute: &Value, indent: &str, lines: &mut String) {
            let words = [
                attribute["type"].as_str().unwrap_or("?"),
                if attribute["multiValued"] == true { "list" } else { "" },
                if attribute["required"] == true { "required" } else { "" },
                match attribute.get("caseExact") {
                    Some(Value::Bool(true)) => "caseExact",
                    Some(Value::Bool(false)) => "caseInexact",
                    _ => "",
                },
                attribute["mutability"].as_str().unwrap_or("?"),
                attribute["returned"].as_str().unwrap_or("?"),
                match attribute["uniqueness"].as_str() {
                    Some("none") => "",
                    other => other.unwrap_or("?"),
                },
                &attribute.get("canonicalValues").map(Value::to_string).unwrap_or_default(),
                &attribute.get("referenceTypes").map(Value::to_string).unwrap_or_default(),
            ];
            let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
            *lines += &format!("{indent}{}: {}\n", attribute["name"].as_str().unwrap_or("?"), words.join(" "));
            for sub in attribute["subAttributes"].as_array().into_iter().flatten() {
                line(sub, &format!("{indent}  "), lines);
            }
        }
        let mut all = String::new();
        for attribute in schema["attributes"].as_array().into_iter().flatten() {
            line(attribute, "", &mut all);
        }
        all
    }

    #[test]
    fn the_group_schema_in_full() {
        let group = schema(BASE, schema::group::ID);
        insta::assert_snapshot!(serde_json::to_string_pretty(&group).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Schema"
          ],
          "id": "urn:ietf:params:scim:schemas:core:2.0:Group",
          "name": "Group",
          "description": "A group of members.",
          "attributes": [
            {
              "name": "displayName",
              "type": "string",
              "multiValued": false,
              "description": "The group's name.",
              "required": true,
              "caseExact": false,
              "mutability": "readWrite",
              "returned": "default",
              "uniqueness": "none"
            },
            {
              "name": "members",
              "type": "complex",
              "multiValued": true,
              "description": "The members in the group.",
              "required": false,
              "mutability": "readWrite",
              "returned": "default",
              "uniqueness": "none",
              "subAttributes": [
                {
                  "name": "value",
                  "type": "string",
                  "multiValued": false,
                  "description": "ID of the member.",
                  "required": false,
                  "caseExact": true,
                  "mutability": "immutable",
                  "returned": "default",
                  "uniqueness": "none"
                },
                {
                  "name": "$ref",
                  "type": "reference",
                  "multiValued": false,
                  "description": "The member's URL.",
                  "required": false,
                  "caseExact": true,
                  "mutability": "immutable",
                  "returned": "default",
                  "uniqueness": "none",
                  "referenceTypes": [
                    "User"
                  ]
                },
                {
                  "name": "display",
                  "type": "string",
                  "multiValued": false,
                  "description": "The member's name.",
                  "required": false,
                  "caseExact": false,
                  "mutability": "readOnly",
                  "returned": "request",
                  "uniqueness": "none"
                },
                {
                  "name": "type",
                  "type": "string",
                  "multiValued": false,
                  "description": "What kind of resource the member is.",
                  "required": false,
                  "canonicalValues": [
                    "User"
                  ],
                  "caseExact": false,
                  "mutability": "immutable",
                  "returned": "default",
                  "uniqueness": "none"
                }
              ]
            }
          ],
          "meta": {
            "resourceType": "Schema",
            "location": "https://example.com/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"
          }
        }
        "#);
    }

    #[test]
    fn user() {
        let user = serde_json::to_value(schema(BASE, schema::user::ID)).unwrap();
        insta::assert_snapshot!(lines(&user), @r#"
        userName: string required caseInexact readWrite default server
        name: complex readWrite default
          formatted: string caseInexact readWrite default
          familyName: string caseInexact readWrite default
          givenName: string caseInexact readWrite default
          middleName: string caseInexact readWrite default
          honorificPrefix: string caseInexact readWrite default
          honorificSuffix: string caseInexact readWrite default
        displayName: string caseInexact readWrite default
        nickName: string caseInexact readWrite default
        profileUrl: reference caseExact readWrite default ["external"]
        title: string caseInexact readWrite default
        userType: string caseInexact readWrite default
        preferredLanguage: string caseInexact readWrite default
        locale: string caseInexact readWrite default
        timezone: string caseInexact readWrite default
        active: boolean readWrite default
        password: string caseExact writeOnly never
        emails: complex list readWrite default
          value: string caseInexact readWrite default
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default ["work","home","other"]
          primary: boolean readWrite default
        phoneNumbers: complex list readWrite default
          value: string caseInexact readWrite default
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default ["work","home","mobile","fax","pager","other"]
          primary: boolean readWrite default
        ims: complex list readWrite default
          value: string caseInexact readWrite default
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default ["aim","gtalk","icq","xmpp","msn","skype","qq","yahoo"]
          primary: boolean readWrite default
        photos: complex list readWrite default
          value: reference caseExact readWrite default ["external"]
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default ["photo","thumbnail"]
          primary: boolean readWrite default
        addresses: complex list readWrite default
          formatted: string caseInexact readWrite default
          streetAddress: string caseInexact readWrite default
          locality: string caseInexact readWrite default
          region: string caseInexact readWrite default
          postalCode: string caseInexact readWrite default
          country: string caseInexact readWrite default
          type: string caseInexact readWrite default ["work","home","other"]
          primary: boolean readWrite default
        groups: complex list readOnly default
          value: string caseExact readOnly default
          $ref: reference caseExact readOnly default ["Group"]
          display: string caseInexact readOnly default
          type: string caseInexact readOnly default ["direct","indirect"]
        entitlements: complex list readWrite default
          value: string caseInexact readWrite default
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default
          primary: boolean readWrite default
        roles: complex list readOnly default
          value: string caseInexact readOnly default ["super_admin","admin","billing","developer"]
          display: string caseInexact readOnly default
          type: string caseInexact readOnly default
          primary: boolean readOnly default
        x509Certificates: complex list readWrite default
          value: binary caseExact readWrite default
          display: string caseInexact readWrite default
          type: string caseInexact readWrite default
          primary: boolean readWrite default
        "#);
    }

    #[test]
    fn enterprise_user() {
        let user = serde_json::to_value(schema(BASE, schema::enterprise::ID)).unwrap();
        insta::assert_snapshot!(lines(&user), @r#"
        employeeNumber: string caseInexact readWrite default
        costCenter: string caseInexact readWrite default
        organization: string caseInexact readWrite default
        division: string caseInexact readWrite default
        department: string caseInexact readWrite default
        manager: complex readWrite default
          value: string caseExact readWrite default
          $ref: reference caseExact readWrite default ["User"]
          displayName: string caseInexact readOnly default
        "#);
    }

    #[test]
    fn every_schema_is_listed() {
        let all = serde_json::to_value(schemas(BASE)).unwrap();
        let locations: Vec<_> =
            all.as_array().unwrap().iter().map(|schema| schema["meta"]["location"].as_str().unwrap()).collect();
        insta::assert_snapshot!(locations.join("\n"), @r"
        https://example.com/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User
        https://example.com/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group
        https://example.com/scim/v2/Schemas/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
        ");
        assert!(schema(BASE, "urn:ietf:params:scim:schemas:core:2.0:Device").is_none());
    }
}
