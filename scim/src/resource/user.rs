//! A User (RFC 7643, section 4.1).

use super::Meta;
use crate::schema::user;
use serde::Serialize;

/// A member of the team. What is `None` or empty is left out: "unassigned" in the RFC's words (section 2.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    schemas: [&'static str; 1],
    /// The member's id.
    pub id: String,
    /// The member's id at the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The member's name at the identity provider.
    pub user_name: String,
    /// The parts of the person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The name that other members see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Can the member sign in?
    pub active: bool,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// The groups that the member is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupOfUser>,
    /// The member's roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleOfUser>,
    /// About the resource.
    pub meta: Meta,
}

impl User {
    /// A User with nothing but what every one has.
    pub fn new(id: impl Into<String>, user_name: impl Into<String>, active: bool, meta: Meta) -> Self {
        Self {
            schemas: [user::ID],
            id: id.into(),
            external_id: None,
            user_name: user_name.into(),
            name: None,
            display_name: None,
            active,
            emails: Vec::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            meta,
        }
    }
}

/// The parts of a person's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Name {
    /// The whole name, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
}

/// An e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Email {
    /// The address.
    pub value: String,
    /// `work`, `home` or `other`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Is it the preferred one?
    pub primary: bool,
}

/// A group that a member is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupOfUser {
    /// The group's id.
    pub value: String,
    /// The group's URL.
    #[serde(rename = "$ref")]
    pub reference: String,
    /// The group's name.
    pub display: String,
}

/// A role that a member has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleOfUser {
    /// The role.
    pub value: &'static str,
    /// The role as people read it.
    pub display: &'static str,
    /// Is it the most powerful one?
    pub primary: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    const BASE: &str = "https://example.com/scim/v2";
    const ID: &str = "2819c223-7f76-453a-919d-413861904646";

    fn bare() -> User {
        User::new(ID, "ada@acme.test", true, Meta::user(BASE, ID, 1_305_261_754_000, 1_305_261_754_000))
    }

    fn full() -> User {
        User {
            external_id: Some("00uj".into()),
            name: Some(Name {
                formatted: Some("Ada Lovelace".into()),
                family_name: Some("Lovelace".into()),
                given_name: Some("Ada".into()),
            }),
            display_name: Some("Ada Lovelace".into()),
            emails: vec![Email { value: "ada@acme.test".into(), kind: Some("work".into()), primary: true }],
            groups: vec![GroupOfUser {
                value: "e9e3".into(),
                reference: format!("{BASE}/Groups/e9e3"),
                display: "Analysts".into(),
            }],
            roles: vec![RoleOfUser { value: "super_admin", display: "Super Admin", primary: true }],
            ..bare()
        }
    }

    #[test]
    fn nothing_unassigned_is_written() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&bare()).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User"
          ],
          "id": "2819c223-7f76-453a-919d-413861904646",
          "userName": "ada@acme.test",
          "active": true,
          "meta": {
            "resourceType": "User",
            "created": "2011-05-13T04:42:34.000Z",
            "lastModified": "2011-05-13T04:42:34.000Z",
            "location": "https://example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646"
          }
        }
        "#);
    }

    #[test]
    fn everything() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&full()).unwrap(), @r#"
        {
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User"
          ],
          "id": "2819c223-7f76-453a-919d-413861904646",
          "externalId": "00uj",
          "userName": "ada@acme.test",
          "name": {
            "formatted": "Ada Lovelace",
            "familyName": "Lovelace",
            "givenName": "Ada"
          },
          "displayName": "Ada Lovelace",
          "active": true,
          "emails": [
            {
              "value": "ada@acme.test",
              "type": "work",
              "primary": true
            }
          ],
          "groups": [
            {
              "value": "e9e3",
              "$ref": "https://example.com/scim/v2/Groups/e9e3",
              "display": "Analysts"
            }
          ],
          "roles": [
            {
              "value": "super_admin",
              "display": "Super Admin",
              "primary": true
            }
          ],
          "meta": {
            "resourceType": "User",
            "created": "2011-05-13T04:42:34.000Z",
            "lastModified": "2011-05-13T04:42:34.000Z",
            "location": "https://example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646"
          }
        }
        "#);
    }

    #[test]
    fn everything_written_is_in_the_schema() {
        schema::conforms(&serde_json::to_value(full()).unwrap(), &user::SCHEMA);
    }
}
