//! A Group (RFC 7643, section 4.2).

use super::Meta;
use crate::schema::group;
use serde::Serialize;

/// A group of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    schemas: [&'static str; 1],
    /// The group's id.
    pub id: String,
    /// The group's id at the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The group's name.
    pub display_name: String,
    /// Who is in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// About the resource.
    pub meta: Meta,
}

impl Group {
    /// A Group that nobody is in.
    pub fn new(id: impl Into<String>, display_name: impl Into<String>, meta: Meta) -> Self {
        Self {
            schemas: [group::ID],
            id: id.into(),
            external_id: None,
            display_name: display_name.into(),
            members: Vec::new(),
            meta,
        }
    }
}

/// A member in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The member's id.
    pub value: String,
    /// The member's URL.
    #[serde(rename = "$ref")]
    pub reference: String,
    /// The member's name.
    pub display: String,
    /// What kind of resource the member is.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    const BASE: &str = "https://example.com/scim/v2";

    #[test]
    fn everything() {
        let group = Group {
            external_id: Some("8aa1".into()),
            members: vec![Member {
                value: "2819".into(),
                reference: format!("{BASE}/Users/2819"),
                display: "Ada Lovelace".into(),
                kind: "User",
            }],
            ..Group::new("e9e3", "Analysts", Meta::group(BASE, "e9e3", 0, 1))
        };
        schema::conforms(&serde_json::to_value(&group).unwrap(), &group::SCHEMA);
        insta::assert_snapshot!(serde_json::to_string_pretty(&group).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group"
          ],
          "id": "e9e3",
          "externalId": "8aa1",
          "displayName": "Analysts",
          "members": [
            {
              "value": "2819",
              "$ref": "https://example.com/scim/v2/Users/2819",
              "display": "Ada Lovelace",
              "type": "User"
            }
          ],
          "meta": {
            "resourceType": "Group",
            "created": "1970-01-01T00:00:00.000Z",
            "lastModified": "1970-01-01T00:00:00.001Z",
            "location": "https://example.com/scim/v2/Groups/e9e3"
          }
        }
        "#);
    }
}
