//! A UserResource (RFC 7643, section 4.1).

use super::{
    About, insert,
    write::{self, JsonWriter, Write},
};
use crate::{
    ResourceType,
    schema::{enterprise, user},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A User with the server's attributes.
#[derive(Clone, Copy, Debug)]
pub struct UserResource<'a> {
    /// The server's attributes.
    pub about: About<'a>,
    /// The client's attributes, as a JSON object without `active`: those of a [`Document`](crate::ResourceDocument).
    pub document: &'a str,
    /// `active`; `None` if a client removed it.
    pub active: Option<bool>,
    /// `groups`.
    pub groups: &'a [GroupOfUser],
    /// `roles`.
    pub roles: &'a [RoleOfUser],
}

/// A group that contains the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfUser {
    /// The group's id.
    pub id: String,
    /// The group's name.
    pub display: String,
}

/// A role of the member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleOfUser {
    /// The role.
    pub value: &'static str,
    /// The label of the role.
    pub display: &'static str,
    /// Whether it is the highest role.
    pub primary: bool,
}

/// An email address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Email {
    /// The address.
    pub value: String,
    /// `work`, `home` or `other`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it is the primary value.
    pub primary: bool,
}

impl UserResource<'_> {
    /// The whole resource as a map, for filters, sorting and projection.
    pub fn to_map(&self) -> Map<String, Value> {
        let mut map: Map<String, Value> = serde_json::from_str(self.document).unwrap_or_default();
        let mut schemas = vec![user::ID];
        if map.contains_key(enterprise::ID) {
            schemas.push(enterprise::ID);
        }
        map.insert("schemas".to_owned(), json!(schemas));
        map.insert("id".to_owned(), self.about.id.into());
        insert(&mut map, "active", self.active.into());
        let group = |group: &GroupOfUser| json!({"value": group.id, "$ref": self.reference(group), "display": group.display, "type": "direct"});
        insert(&mut map, "groups", self.groups.iter().map(group).collect());
        insert(&mut map, "roles", json!(self.roles));
        map.insert("meta".to_owned(), self.about.meta(ResourceType::User));
        map
    }

    fn reference(&self, group: &GroupOfUser) -> String {
        About { id: &group.id, ..self.about }.location(ResourceType::Group)
    }

    /// Whether the document has this attribute, without parsing it. Inside a text of the document the quotes would be
    /// escaped, and no sub-attribute has such a name.
    fn has(&self, name: &str) -> bool {
        self.document.contains(&format!("\"{name}\":"))
    }
}

impl Write for UserResource<'_> {
    /// Like [`UserResource::to_map`], but many times faster.
    fn write(&self, json: &mut JsonWriter) {
        json.raw(r#"{"schemas":["#).plain(user::ID);
        if self.has(enterprise::ID) {
            json.raw(",").plain(enterprise::ID);
        }
        json.raw(r#"],"id":"#).string(self.about.id).raw(",");
        let attributes = self.document.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or("");
        if !attributes.is_empty() {
            json.raw(attributes).raw(",");
        }
        json.raw(match self.active {
            Some(true) => r#""active":true,"#,
            Some(false) => r#""active":false,"#,
            None => "",
        });
        for (index, group) in self.groups.iter().enumerate() {
            json.raw(if index == 0 { r#""groups":[{"value":"# } else { r#",{"value":"# });
            json.string(&group.id).raw(r#","$ref":"#).string(&self.reference(group));
            json.raw(r#","display":"#).string(&group.display).raw(r#","type":"direct"}"#);
            json.cut();
        }
        if !self.groups.is_empty() {
            json.raw("],");
        }
        if !self.roles.is_empty() {
            json.raw(r#""roles":"#).value(self.roles).raw(",");
        }
        write::meta(json, ResourceType::User, &self.about);
        json.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    const ABOUT: About<'_> = About {
        base: "https://example.com/scim/v2",
        id: "2819c223-7f76-453a-919d-413861904646",
        created: 1_305_261_754_000,
        last_modified: 1_305_261_754_000,
        version: 3,
    };
    const BARE: UserResource<'_> = UserResource {
        about: ABOUT,
        document: r#"{"userName":"ada@acme.test"}"#,
        active: Some(true),
        groups: &[],
        roles: &[],
    };
    const FULL: &str = r#"{"emails":[{"primary":true,"type":"work","value":"ada@acme.test"}],"externalId":"00uj","displayName":"Ada","name":{"familyName":"Lovelace","givenName":"Ada"},"title":"\"displayName\":\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engines"},"userName":"ada@acme.test"}"#;

    fn written(user: UserResource<'_>) -> Value {
        let mut json = JsonWriter::default();
        user.write(&mut json);
        serde_json::from_slice(&json.into_bytes()).unwrap()
    }

    #[test]
    fn unassigned_attributes_are_not_written() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&written(BARE)).unwrap(), @r#"
        {
          "active": true,
          "id": "2819c223-7f76-453a-919d-413861904646",
          "meta": {
            "created": "2011-05-13T04:42:34.000Z",
            "lastModified": "2011-05-13T04:42:34.000Z",
            "location": "https://example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646",
            "resourceType": "User",
            "version": "W/\"3\""
          },
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User"
          ],
          "userName": "ada@acme.test"
        }
        "#);
    }

    #[test]
    fn both_writers_agree_and_follow_the_schema() {
        let groups = [("e9e3", "Analysts"), ("f00d", "\"Quoted\"")]
            .map(|(id, display)| GroupOfUser { id: id.into(), display: display.into() });
        let roles = [RoleOfUser { value: "super_admin", display: "Super Admin", primary: true }];
        let tricky = r#"{"title":"\"displayName\":","userName":"x"}"#;
        for user in [
            BARE,
            UserResource { active: Some(false), ..BARE },
            UserResource { active: None, ..BARE },
            UserResource { document: FULL, groups: &groups, roles: &roles, ..BARE },
            UserResource { document: tricky, groups: &groups[..1], ..BARE },
            UserResource { document: "{}", ..BARE },
        ] {
            assert_eq!(written(user), Value::Object(user.to_map()));
            let mut core = user.to_map();
            core.remove(enterprise::ID);
            schema::conforms(&core.into(), &user::SCHEMA);
        }
        let full = UserResource { document: FULL, groups: &groups, ..BARE }.to_map();
        assert_eq!(full["schemas"], json!([user::ID, enterprise::ID]));
        assert_eq!(full["displayName"], "Ada");
        let reference = "https://example.com/scim/v2/Groups/e9e3";
        assert_eq!(full["groups"][0]["$ref"], reference);
    }
}
