//! A GroupResource (RFC 7643, section 4.2).

use super::{
    About, insert,
    write::{self, JsonWriter, Write},
};
use crate::{ResourceType, schema::group};
use serde_json::{Map, Value, json};

/// A Group with the server's attributes.
#[derive(Clone, Copy, Debug)]
pub struct GroupResource<'a> {
    /// The server's attributes.
    pub about: About<'a>,
    /// The group's id at the identity provider.
    pub external_id: Option<&'a str>,
    /// The group's name.
    pub display_name: &'a str,
    /// The members.
    pub members: &'a [MemberReference],
}

/// A member in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberReference {
    /// The member's id.
    pub id: String,
    /// The member's name.
    pub display: String,
}

impl GroupResource<'_> {
    /// The whole resource as a map, for filters, sorting and projection.
    pub fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("schemas".to_owned(), json!([group::ID]));
        map.insert("id".to_owned(), self.about.id.into());
        insert(&mut map, "externalId", json!(self.external_id));
        map.insert("displayName".to_owned(), self.display_name.into());
        insert(&mut map, "members", self.members.iter().map(|member| self.member(member)).collect());
        map.insert("meta".to_owned(), self.about.meta(ResourceType::Group));
        map
    }

    /// A member as an element of `members`.
    pub fn member(&self, member: &MemberReference) -> Value {
        let reference = About { id: &member.id, ..self.about }.location(ResourceType::User);
        json!({"value": member.id, "$ref": reference, "display": member.display, "type": ResourceType::User.name()})
    }
}

impl Write for GroupResource<'_> {
    /// Like [`GroupResource::to_map`] but faster, and without the members' names, which are only returned on request.
    fn write(&self, json: &mut JsonWriter) {
        json.raw(r#"{"schemas":["#).plain(group::ID).raw(r#"],"id":"#).string(self.about.id);
        if let Some(id) = self.external_id {
            json.raw(r#","externalId":"#).string(id);
        }
        json.raw(r#","displayName":"#).string(self.display_name).raw(",");
        for (index, member) in self.members.iter().enumerate() {
            let reference = About { id: &member.id, ..self.about }.location(ResourceType::User);
            json.raw(if index == 0 { r#""members":[{"value":"# } else { r#",{"value":"# });
            json.string(&member.id).raw(r#","$ref":"#).string(&reference).raw(r#","type":"User"}"#);
            json.cut();
        }
        if !self.members.is_empty() {
            json.raw("],");
        }
        write::meta(json, ResourceType::Group, &self.about);
        json.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{projection::Projection, schema};

    const BARE: GroupResource<'_> = GroupResource {
        about: About {
            base: "https://example.com/scim/v2",
            id: "e9e30dba-f08f-4109-8486-d5c6a331660a",
            created: 1_305_261_754_000,
            last_modified: 1_305_261_754_000,
            version: 1,
        },
        external_id: None,
        display_name: "Tour \"Guides\"",
        members: &[],
    };

    fn written(group: GroupResource<'_>) -> Value {
        let mut json = JsonWriter::default();
        group.write(&mut json);
        serde_json::from_slice(&json.into_bytes()).unwrap()
    }

    #[test]
    fn both_writers_agree_and_follow_the_schema() {
        let members = [("2819", "Babs"), ("902c", "Mandy")]
            .map(|(id, display)| MemberReference { id: id.into(), display: display.into() });
        for group in [BARE, GroupResource { external_id: Some("8aa1"), members: &members, ..BARE }] {
            let usual = Projection::usual(ResourceType::Group).apply(group.to_map());
            assert_eq!(written(group), Value::Object(usual));
            schema::conforms(&group.to_map().into(), &group::SCHEMA);
        }
    }

    #[test]
    fn with_a_member() {
        let members = [MemberReference { id: "2819".into(), display: "Babs".into() }];
        insta::assert_snapshot!(serde_json::to_string_pretty(&written(GroupResource { members: &members, ..BARE })).unwrap(), @r#"
        {
          "displayName": "Tour \"Guides\"",
          "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
          "members": [
            {
              "$ref": "https://example.com/scim/v2/Users/2819",
              "type": "User",
              "value": "2819"
            }
          ],
          "meta": {
            "created": "2011-05-13T04:42:34.000Z",
            "lastModified": "2011-05-13T04:42:34.000Z",
            "location": "https://example.com/scim/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a",
            "resourceType": "Group",
            "version": "W/\"1\""
          },
          "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group"
          ]
        }
        "#);
    }
}
