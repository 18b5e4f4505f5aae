//! A Group (RFC 7643, section 4.2).

use super::{
    About, insert,
    write::{self, Json, Write},
};
use crate::{Kind, schema::group};
use serde_json::{Map, Value, json};

/// A group of members, with what the server says about it.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// About the resource.
    pub about: About<'a>,
    /// The group's id at the identity provider.
    pub external_id: Option<&'a str>,
    /// The group's name.
    pub display_name: &'a str,
    /// Who is in it.
    pub members: &'a [Member],
}

/// A member in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's id.
    pub id: String,
    /// The member's name.
    pub display: String,
}

impl Group<'_> {
    /// The whole resource as a map: for filters, sorting and projection.
    pub fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("schemas".to_owned(), json!([group::ID]));
        map.insert("id".to_owned(), self.about.id.into());
        insert(&mut map, "externalId", json!(self.external_id));
        map.insert("displayName".to_owned(), self.display_name.into());
        insert(&mut map, "members", self.members.iter().map(|member| self.member(member)).collect());
        map.insert("meta".to_owned(), self.about.meta(Kind::Group));
        map
    }

    /// A member as it stands in `members`.
    pub fn member(&self, member: &Member) -> Value {
        let reference = About { id: &member.id, ..self.about }.location(Kind::User);
        json!({"value": member.id, "$ref": reference, "display": member.display, "type": Kind::User.name()})
    }
}

impl Write for Group<'_> {
    /// As [`Group::to_map`], faster, and without the members' names: those are given on request.
    fn write(&self, json: &mut Json) {
        json.raw(r#"{"schemas":["#).plain(group::ID).raw(r#"],"id":"#).string(self.about.id);
        if let Some(id) = self.external_id {
            json.raw(r#","externalId":"#).string(id);
        }
        json.raw(r#","displayName":"#).string(self.display_name).raw(",");
        for (index, member) in self.members.iter().enumerate() {
            let reference = About { id: &member.id, ..self.about }.location(Kind::User);
            json.raw(if index == 0 { r#""members":[{"value":"# } else { r#",{"value":"# });
            json.string(&member.id).raw(r#","$ref":"#).string(&reference).raw(r#","type":"User"}"#);
            json.cut();
        }
        if !self.members.is_empty() {
            json.raw("],");
        }
        write::meta(json, Kind::Group, &self.about);
        json.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{projection::Projection, schema};

    const BARE: Group<'_> = Group {
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

    fn written(group: Group<'_>) -> Value {
        let mut json = Json::default();
        group.write(&mut json);
        serde_json::from_slice(&json.into_bytes()).unwrap()
    }

    #[test]
    fn both_ways_of_writing_say_the_same_and_what_the_schema_allows() {
        let members = [("2819", "Babs"), ("902c", "Mandy")]
            .map(|(id, display)| Member { id: id.into(), display: display.into() });
        for group in [BARE, Group { external_id: Some("8aa1"), members: &members, ..BARE }] {
            let usual = Projection::usual(Kind::Group).apply(group.to_map());
            assert_eq!(written(group), Value::Object(usual));
            schema::conforms(&group.to_map().into(), &group::SCHEMA);
        }
    }

    #[test]
    fn with_a_member() {
        let members = [Member { id: "2819".into(), display: "Babs".into() }];
        insta::assert_snapshot!(serde_json::to_string_pretty(&written(Group { members: &members, ..BARE })).unwrap(), @r#"
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
