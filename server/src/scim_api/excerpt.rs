//! Excerpts of resources: the attributes that a filter or a sort order needs. Most of the cost of a scan would be to parse the
//! other attributes.

use scim::{Filter, sort::Sort};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Attributes of a User that are stored beside the document.
const BESIDE_DOCUMENT: [&str; 2] = ["id", "active"];
/// Attributes that come from other tables.
const FROM_OTHER_TABLES: [&str; 4] = ["schemas", "groups", "roles", "meta"];

/// The attributes that are needed.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// Top-level names: attributes of the core schema, and URIs of extensions.
    names: Vec<&'static str>,
}

impl Excerpt {
    pub(super) fn of(filter: Option<&Filter>, sort: Option<&Sort>) -> Self {
        let mut excerpt = Self::default();
        if let Some(filter) = filter {
            excerpt.add(filter);
        }
        if let Some(sort) = sort {
            excerpt.name(top(sort.path));
        }
        excerpt
    }

    pub(super) fn mentions(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether all needed attributes are in the document, except `id` and `active`.
    pub(super) fn is_of_document(&self) -> bool {
        !self.names.iter().any(|name| FROM_OTHER_TABLES.contains(name))
    }

    /// The needed attributes of this document. `None`: it is not a JSON object.
    pub(super) fn read(&self, document: &str, id: &str, active: Option<bool>) -> Option<Map<String, Value>> {
        let mut deserializer = serde_json::Deserializer::from_str(document);
        let mut map = Select(&self.names).deserialize(&mut deserializer).ok()?;
        for name in BESIDE_DOCUMENT.into_iter().filter(|name| self.mentions(name)) {
            match (name, active) {
                ("id", _) => map.insert(name.to_owned(), id.into()),
                (_, Some(active)) => map.insert(name.to_owned(), active.into()),
                (_, None) => map.remove(name),
            };
        }
        Some(map)
    }

    fn add(&mut self, filter: &Filter) {
        match filter {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| self.add(part)),
            Filter::Not(part) => self.add(part),
            Filter::Compare { path, .. } | Filter::Present(path) | Filter::Values { path, .. } => self.name(top(*path)),
        }
    }

    fn name(&mut self, name: &'static str) {
        if !self.mentions(name) {
            self.names.push(name);
        }
    }
}

/// The top-level name of the path.
fn top(path: scim::AttributePath) -> &'static str {
    if path.is_extension() { path.schema.id } else { path.attribute.name }
}

/// Reads these members of an object and skips all others.
struct Select<'a>(&'a [&'static str]);

impl<'de> DeserializeSeed<'de> for Select<'_> {
    type Value = Map<String, Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Select<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut map = Map::new();
        while let Some(selected) = object.next_key_seed(Name(self.0))? {
            match selected {
                Some(name) => {
                    map.insert(name.to_owned(), object.next_value()?);
                }
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(map)
    }
}

/// Reads a name without copying it. `None`: it is none of these.
struct Name<'a>(&'a [&'static str]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|selected| *selected == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scim::{Normalizations, ResourceType};
    use serde_json::json;

    fn excerpt(filter: &str, sort_by: Option<&str>) -> Excerpt {
        let filter = Filter::parse(filter, ResourceType::User, &mut Normalizations::new()).unwrap();
        Excerpt::of(Some(&filter), Sort::read(sort_by, None, ResourceType::User).unwrap().as_ref())
    }

    #[test]
    fn only_needed_attributes_are_read() {
        let document = json!({
            "userName": "ada", "title": "x\"}", "emails": [{"value": "a@x"}, {"value": "b@x"}], "active": "wrong",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "d"},
        })
        .to_string();
        for (filter, sort_by, expected) in [
            (r#"title pr"#, None, json!({"title": "x\"}"})),
            (r#"nickName eq "x""#, Some("userName"), json!({"userName": "ada"})),
            (r#"id pr or active eq true"#, None, json!({"id": "1", "active": true})),
            (r#"emails[type eq "x"]"#, None, json!({"emails": [{"value": "a@x"}, {"value": "b@x"}]})),
            (
                r#"not (department eq "x")"#,
                None,
                json!({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "d"}}),
            ),
        ] {
            let excerpt = excerpt(filter, sort_by);
            assert!(excerpt.is_of_document());
            assert_eq!(excerpt.read(&document, "1", Some(true)).map(Value::Object), Some(expected), "{filter}");
        }
        assert_eq!(excerpt("active pr", None).read(&document, "1", None), Some(Map::new()));
        assert!(!excerpt("meta.created pr", None).is_of_document());
        assert!(!excerpt("title pr", Some("groups")).is_of_document());
        assert_eq!(excerpt("title pr", None).read("[]", "1", None), None);
    }
}
