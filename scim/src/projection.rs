//! The attributes in a response (RFC 7644, section 3.9).

use crate::{
    AttributePath, Normalizations, ResourceType, ScimError, Target,
    schema::{Attribute, Returned, Schema, Type, common},
};
use serde_json::{Map, Value};

/// Upper bound of one parameter in bytes, several times the length of all attribute names.
pub const MAX_LENGTH: usize = 16 * 1_024;

/// The requested attributes of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    kind: ResourceType,
    choice: Choice,
}

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Usual,
    Only(Vec<Target>),
    Without(Vec<Target>),
}

impl Projection {
    /// The projection of a request without `attributes` and `excludedAttributes`.
    pub const fn usual(kind: ResourceType) -> Self {
        Self { kind, choice: Choice::Usual }
    }

    /// Whether the projection only removes attributes that are never returned.
    pub const fn is_usual(&self) -> bool {
        matches!(self.choice, Choice::Usual)
    }

    /// Reads the parameters `attributes` and `excludedAttributes`: names, URIs and sub-attributes with commas between
    /// them, ignoring case. Unknown names are ignored with a note. The RFC allows only one of the parameters. If both
    /// are present, `attributes` applies, with a note.
    ///
    /// # Errors
    /// `invalidValue` for a list longer than [`MAX_LENGTH`].
    pub fn read(
        attributes: Option<&str>,
        excluded: Option<&str>,
        kind: ResourceType,
        notes: &mut Normalizations,
    ) -> Result<Self, ScimError> {
        for (name, list) in [("attributes", attributes), ("excludedAttributes", excluded)] {
            if list.is_some_and(|list| list.len() > MAX_LENGTH) {
                return Err(ScimError::invalid_value(format!("{name}: more than {MAX_LENGTH} bytes")));
            }
        }
        let given = |list: &Option<&str>| list.is_some_and(|list| !list.trim().is_empty());
        let choice = match (attributes.filter(|_| given(&attributes)), excluded.filter(|_| given(&excluded))) {
            (Some(list), excluded) => {
                if excluded.is_some() {
                    notes.add("excludedAttributes: ignored beside attributes");
                }
                Choice::Only(targets(list, kind, notes))
            }
            (None, Some(list)) => Choice::Without(targets(list, kind, notes)),
            (None, None) => Choice::Usual,
        };
        Ok(Self { kind, choice })
    }

    /// Whether the response contains this attribute of the core schema. If not, it need not be loaded.
    pub fn wants(&self, name: &str) -> bool {
        let core = self.kind.core();
        let attribute = common::ATTRIBUTES.iter().chain(core.attributes).find(|attribute| attribute.name == name);
        attribute.is_some_and(|attribute| !matches!(self.selection(core, attribute), Selection::No))
    }

    /// The requested attributes of a resource with canonical names. Attributes without a remaining part are removed.
    pub fn apply(&self, resource: Map<String, Value>) -> Map<String, Value> {
        let core = self.kind.core();
        let mut projected = Map::new();
        for (name, value) in resource {
            let extension = self.kind.extensions().iter().find(|schema| schema.id == name);
            let value = match (extension, value) {
                (Some(schema), Value::Object(attributes)) => {
                    let attributes = attributes.into_iter().filter_map(|(name, value)| {
                        let attribute = schema.attributes.iter().find(|attribute| attribute.name == name)?;
                        Some((name, self.part(schema, attribute, value)?))
                    });
                    let attributes: Map<_, _> = attributes.collect();
                    (!attributes.is_empty()).then_some(Value::Object(attributes))
                }
                (_, value) => {
                    let mut attributes = common::ATTRIBUTES.iter().chain(core.attributes);
                    let attribute = attributes.find(|attribute| attribute.name == name);
                    attribute.and_then(|attribute| self.part(core, attribute, value))
                }
            };
            projected.extend(value.map(|value| (name, value)));
        }
        projected
    }

    /// The projected value of an attribute.
    fn part(&self, schema: &Schema, attribute: &Attribute, value: Value) -> Option<Value> {
        match self.selection(schema, attribute) {
            Selection::Yes => Some(self.without_on_request(schema, attribute, value)),
            Selection::No => None,
            Selection::Parts => match value {
                Value::Array(values) => {
                    let values: Vec<_> =
                        values.into_iter().filter_map(|value| self.parts(schema, attribute, value)).collect();
                    (!values.is_empty()).then_some(Value::Array(values))
                }
                value => self.parts(schema, attribute, value),
            },
        }
    }

    /// The requested parts of one complex value.
    fn parts(&self, schema: &Schema, attribute: &Attribute, value: Value) -> Option<Value> {
        let Value::Object(mut parts) = value else { return Some(value) };
        let named = |part: &str| self.named(schema, attribute).any(|path| path.sub.is_some_and(|sub| sub.name == part));
        match self.choice {
            Choice::Usual => {}
            Choice::Only(_) => parts.retain(|part, _| named(part)),
            Choice::Without(_) => parts.retain(|part, _| !named(part) && !is_on_request(attribute, part)),
        }
        (!parts.is_empty()).then_some(Value::Object(parts))
    }

    /// A whole value without the parts that are only returned on request.
    fn without_on_request(&self, schema: &Schema, attribute: &Attribute, mut value: Value) -> Value {
        let is_requested = |part: &str| {
            matches!(self.choice, Choice::Only(_))
                && self.named(schema, attribute).any(|path| path.sub.is_some_and(|sub| sub.name == part))
        };
        if attribute.sub_attributes.iter().any(|part| part.returned == Returned::Request) {
            let values = match &mut value {
                Value::Array(values) => values.as_mut_slice(),
                one => std::slice::from_mut(one),
            };
            for parts in values.iter_mut().filter_map(Value::as_object_mut) {
                parts.retain(|part, _| !is_on_request(attribute, part) || is_requested(part));
            }
        }
        value
    }

    fn selection(&self, schema: &Schema, attribute: &Attribute) -> Selection {
        match attribute.returned {
            Returned::Always => return Selection::Yes,
            Returned::Never => return Selection::No,
            Returned::Default | Returned::Request => {}
        }
        let targets = match &self.choice {
            Choice::Usual => return Selection::Yes,
            Choice::Only(targets) | Choice::Without(targets) => targets,
        };
        let whole = targets.iter().any(|target| matches!(target, Target::Extension(named) if named.id == schema.id))
            || self.named(schema, attribute).any(|path| path.sub.is_none());
        let parts = attribute.kind == Type::Complex && self.named(schema, attribute).next().is_some();
        match (whole, parts, matches!(self.choice, Choice::Only(_))) {
            (true, _, true) | (false, false, false) => Selection::Yes,
            (false, true, _) => Selection::Parts,
            (false, false, true) | (true, _, false) => Selection::No,
        }
    }

    /// The names in the parameter that match the attribute or parts of it.
    fn named(&self, schema: &Schema, attribute: &Attribute) -> impl Iterator<Item = AttributePath> {
        let targets = match &self.choice {
            Choice::Usual => &[][..],
            Choice::Only(targets) | Choice::Without(targets) => targets,
        };
        targets.iter().filter_map(move |target| match target {
            Target::Attribute(path) if path.schema.id == schema.id && path.attribute.name == attribute.name => {
                Some(*path)
            }
            _ => None,
        })
    }
}

/// Whether this part of a complex attribute is only returned on request.
fn is_on_request(attribute: &Attribute, part: &str) -> bool {
    attribute.sub_attributes.iter().any(|sub| sub.name == part && sub.returned == Returned::Request)
}

enum Selection {
    Yes,
    No,
    Parts,
}

fn targets(list: &str, kind: ResourceType, notes: &mut Normalizations) -> Vec<Target> {
    let mut targets = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if name.eq_ignore_ascii_case(kind.core().id) {
            let all = kind.core().attributes.iter().filter_map(|a| Target::parse(a.name, kind).ok());
            targets.extend(all);
            continue;
        }
        match Target::parse(name, kind) {
            // A repeated name has no effect.
            Ok(target) if targets.contains(&target) => {}
            Ok(target) => targets.push(target),
            Err(_) => notes.unknown(name),
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn user() -> Map<String, Value> {
        let user = json!({"schemas":["s"],"id":"2819","externalId":"x","userName":"ada","password":"secret","active":true,
            "name":{"familyName":"L","givenName":"A"},"emails":[{"value":"a","type":"work"},{"type":"home"}],
            "groups":[{"value":"g"}],"meta":{"version":"v","location":"l"},
            ENTERPRISE:{"department":"R&D","manager":{"value":"1","displayName":"M"}}});
        match user {
            Value::Object(user) => user,
            _ => Map::new(),
        }
    }

    fn project(attributes: Option<&str>, excluded: Option<&str>) -> (Value, Vec<String>) {
        let mut notes = Normalizations::new();
        let projection = Projection::read(attributes, excluded, ResourceType::User, &mut notes).unwrap();
        (Value::Object(projection.apply(user())), notes.iter().map(str::to_owned).collect())
    }

    #[test]
    fn only_some() {
        for (attributes, expected) in [
            ("userName", json!({"userName":"ada"})),
            ("USERNAME, id,userName", json!({"userName":"ada"})),
            ("name.givenName", json!({"name":{"givenName":"A"}})),
            ("name.givenName,name", json!({"name":{"familyName":"L","givenName":"A"}})),
            ("emails.value", json!({"emails":[{"value":"a"}]})),
            ("emails", json!({"emails":[{"value":"a","type":"work"},{"type":"home"}]})),
            ("emails.display", json!({})),
            ("meta.version", json!({"meta":{"version":"v"}})),
            ("password", json!({})),
            ("manager.value", json!({ENTERPRISE:{"manager":{"value":"1"}}})),
            (ENTERPRISE, json!({ENTERPRISE:{"department":"R&D","manager":{"value":"1","displayName":"M"}}})),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department,urn:ietf:params:scim:schemas:core:2.0:User:active",
                json!({"active":true,ENTERPRISE:{"department":"R&D"}}),
            ),
        ] {
            let (mut projected, notes) = project(Some(attributes), None);
            let always = projected.as_object_mut().unwrap();
            assert_eq!((always.remove("id"), always.remove("schemas")), (Some(json!("2819")), Some(json!(["s"]))));
            assert_eq!((projected, notes), (expected, vec![]), "{attributes}");
        }
    }

    #[test]
    fn without_some() {
        let (all, _) = project(None, None);
        assert_eq!(all.get("password"), None);
        for (excluded, changed) in [
            ("groups", json!({"groups":null})),
            ("GROUPS,emails", json!({"groups":null,"emails":null})),
            ("id,schemas", json!({})),
            ("name.givenName", json!({"name":{"familyName":"L"}})),
            ("name.givenName,name.familyName", json!({"name":null})),
            ("emails.type", json!({"emails":[{"value":"a"}]})),
            (ENTERPRISE, json!({ENTERPRISE:null})),
            ("manager", json!({ENTERPRISE:{"department":"R&D"}})),
            ("manager,department", json!({ENTERPRISE:null})),
            ("members", json!({})),
        ] {
            let mut expected = all.as_object().unwrap().clone();
            expected.extend(changed.as_object().unwrap().clone());
            expected.retain(|_, value| !value.is_null());
            assert_eq!(project(None, Some(excluded)).0, Value::Object(expected), "{excluded}");
        }
    }

    #[test]
    fn unknown_names_get_a_note() {
        let (projected, notes) = project(Some("foo"), None);
        assert_eq!(projected, json!({"id":"2819","schemas":["s"]}));
        assert_eq!(notes, ["foo: unknown attribute, ignored"]);
        let (projected, notes) = project(Some("userName"), Some("userName"));
        assert_eq!(projected["userName"], "ada");
        assert_eq!(notes, ["excludedAttributes: ignored beside attributes"]);
        assert_eq!(project(Some(""), Some(" ")).0, project(None, None).0);
    }

    #[test]
    fn a_list_has_a_length() {
        for list in ["x,".repeat(MAX_LENGTH), "userName,".repeat(MAX_LENGTH)] {
            for (attributes, excluded) in [(Some(list.as_str()), None), (None, Some(list.as_str()))] {
                let error =
                    Projection::read(attributes, excluded, ResourceType::User, &mut Normalizations::new()).unwrap_err();
                assert_eq!((error.status(), error.scim_type()), (400, Some(crate::ScimType::InvalidValue)));
            }
        }
    }

    #[test]
    fn attributes_outside_the_projection_are_not_loaded() {
        let wants = |kind, attributes, excluded, name| {
            Projection::read(attributes, excluded, kind, &mut Normalizations::new()).unwrap().wants(name)
        };
        assert!(wants(ResourceType::Group, None, None, "members"));
        assert!(!wants(ResourceType::Group, None, Some("members"), "members"));
        assert!(wants(ResourceType::Group, None, Some("members.display"), "members"));
        assert!(!wants(ResourceType::Group, Some("id"), None, "members"));
        assert!(wants(ResourceType::Group, Some("MEMBERS.value"), None, "members"));
        assert!(wants(ResourceType::User, Some("userName"), None, "id"));
        assert!(!wants(ResourceType::User, Some("id"), None, "groups"));
        assert!(!wants(ResourceType::User, None, None, "password"));
        assert!(Projection::usual(ResourceType::User).wants("groups"));
    }

    proptest! {
        #[test]
        fn never_panics(attributes in proptest::option::of(".{0,40}"), excluded in proptest::option::of("[a-z.,:]{0,40}")) {
            let _ = project(attributes.as_deref(), excluded.as_deref());
        }
    }
}
