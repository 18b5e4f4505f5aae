//! Attribute notation (RFC 7644, section 3.10): `userName`, `name.givenName`, `urn:…:User:employeeNumber`, resolved
//! against the schemas.

mod unknown;

pub use unknown::UnknownAttribute;
pub(crate) use unknown::shortened;

use crate::{
    ResourceType,
    schema::{Attribute, Schema, common},
};
use serde_json::{Map, Value};
use std::fmt;
use unknown::Of;

/// An attribute or sub-attribute of a resource type. Prints as canonical attribute notation: names as the schema spells
/// them, attributes of an extension with its URI.
#[derive(Clone, Copy)]
pub struct AttributePath {
    /// The schema of the attribute. Common attributes such as `id` have the core schema.
    pub schema: &'static Schema,
    /// The attribute.
    pub attribute: &'static Attribute,
    /// The sub-attribute. `None`: the whole attribute.
    pub sub: Option<&'static Attribute>,
    /// Whether the attribute belongs to a schema extension.
    extension: bool,
}

/// A target of attribute notation where whole extensions are allowed: in `attributes`, and as the path of a PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An attribute, or a part of one.
    Attribute(AttributePath),
    /// Everything that a schema extension defines, named by its URI alone.
    Extension(&'static Schema),
}

impl AttributePath {
    /// Parses attribute notation. Names and URIs are case-insensitive. An attribute of an extension is also found
    /// without its URI, unless the core schema has the name: Entra ID sends `manager`.
    ///
    /// # Errors
    /// [`UnknownAttribute`] if this resource type has no such attribute, or the text is only a URI.
    pub fn parse(text: &str, kind: ResourceType) -> Result<Self, UnknownAttribute> {
        match Target::parse(text, kind)? {
            Target::Attribute(path) => Ok(path),
            Target::Extension(_) => Err(UnknownAttribute::new(text, Of::Kind(kind))),
        }
    }

    /// The sub-attribute, or the attribute if there is none.
    pub fn leaf(self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// The attribute without the sub-attribute.
    pub fn whole(self) -> Self {
        Self { sub: None, ..self }
    }

    /// The sub-attribute `name`; letter case does not matter.
    ///
    /// # Errors
    /// [`UnknownAttribute`] if the attribute has no such sub-attribute.
    pub fn part(self, name: &str) -> Result<Self, UnknownAttribute> {
        match find(self.attribute.sub_attributes, name) {
            Some(sub) => Ok(Self { sub: Some(sub), ..self }),
            None => Err(UnknownAttribute::new(name, Of::Attribute(self.attribute))),
        }
    }

    /// Whether the attribute belongs to a schema extension.
    pub fn is_extension(self) -> bool {
        self.extension
    }

    /// The values in a resource with canonical names. A list yields its values one by one. `null` and missing values
    /// are skipped.
    pub fn get(self, resource: &Map<String, Value>) -> impl Iterator<Item = &Value> {
        let container = match self.extension {
            true => resource.get(self.schema.id).and_then(Value::as_object),
            false => Some(resource),
        };
        container.and_then(|container| container.get(self.attribute.name)).into_iter().flat_map(each).flat_map(
            move |value| {
                match self.sub {
                    Some(sub) => value.as_object().and_then(|parts| parts.get(sub.name)),
                    None => Some(value),
                }
                .into_iter()
                .flat_map(each)
            },
        )
    }
}

/// The values of a list, or the single value; without `null`.
pub(crate) fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    values.iter().filter(|value| !value.is_null())
}

/// The attribute with this name; letter case does not matter (RFC 7643, section 2.1).
pub(crate) fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// All attributes of a resource type, each with its schema.
pub(crate) fn all(kind: ResourceType) -> impl Iterator<Item = AttributePath> {
    let core = kind.core();
    let whole = |schema, attribute, extension| AttributePath { schema, attribute, sub: None, extension };
    let common = common::ATTRIBUTES.iter().map(move |attribute| whole(core, attribute, false));
    let core = core.attributes.iter().map(move |attribute| whole(core, attribute, false));
    let more = kind.extensions().iter();
    common.chain(core).chain(more.flat_map(move |schema| schema.attributes.iter().map(move |a| whole(schema, a, true))))
}

impl Target {
    /// Parses attribute notation as [`AttributePath::parse`] does, or the URI of a schema extension.
    ///
    /// # Errors
    /// [`UnknownAttribute`] if this resource type has no such attribute or extension.
    pub fn parse(text: &str, kind: ResourceType) -> Result<Self, UnknownAttribute> {
        let unknown = || UnknownAttribute::new(text, Of::Kind(kind));
        let (uri, notation) = match kind.schemas().iter().find_map(|schema| Some((schema, after(schema.id, text)?))) {
            // A URI contains dots, so it is removed before the text is split at dots.
            Some((schema, "")) => {
                let extension = kind.extensions().iter().any(|extension| extension.id == schema.id);
                return if extension { Ok(Self::Extension(schema)) } else { Err(unknown()) };
            }
            Some((schema, rest)) => (Some(schema.id), rest.strip_prefix(':').ok_or_else(unknown)?),
            None => (None, text),
        };
        let (name, part) = match notation.split_once('.') {
            Some((name, part)) => (name, Some(part)),
            None => (notation, None),
        };
        let path = all(kind)
            .filter(|path| uri.is_none_or(|uri| uri == path.schema.id))
            .find(|path| path.attribute.name.eq_ignore_ascii_case(name))
            .ok_or_else(unknown)?;
        Ok(Self::Attribute(part.map_or(Ok(path), |part| path.part(part))?))
    }
}

/// The text after the URI: empty, or the part after a colon.
fn after<'t>(uri: &str, text: &'t str) -> Option<&'t str> {
    let rest = text.get(uri.len()..)?;
    let same = text.get(..uri.len())?.eq_ignore_ascii_case(uri);
    (same && (rest.is_empty() || rest.starts_with(':'))).then_some(rest)
}

impl PartialEq for AttributePath {
    fn eq(&self, other: &Self) -> bool {
        // Attributes are compared by name, because one definition may have two copies.
        self.schema.id == other.schema.id
            && self.attribute.name == other.attribute.name
            && self.sub.map(|sub| sub.name) == other.sub.map(|sub| sub.name)
    }
}

impl Eq for AttributePath {}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.extension {
            write!(f, "{}:", self.schema.id)?;
        }
        f.write_str(self.attribute.name)?;
        self.sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
    }
}

impl fmt::Debug for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(path) => path.fmt(f),
            Self::Extension(schema) => f.write_str(schema.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str, kind: ResourceType) -> Result<String, String> {
        AttributePath::parse(text, kind).map(|path| path.to_string()).map_err(|unknown| unknown.to_string())
    }

    #[test]
    fn canonical_form() {
        const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (text, expected) in [
            ("userName", "userName".to_owned()),
            ("USERNAME", "userName".into()),
            ("id", "id".into()),
            ("externalid", "externalId".into()),
            ("schemas", "schemas".into()),
            ("meta.lastModified", "meta.lastModified".into()),
            ("meta", "meta".into()),
            ("Name.FamilyName", "name.familyName".into()),
            ("emails.$ref", String::new()),
            ("manager.$REF", format!("{ENTERPRISE}:manager.$ref")),
            ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", "name.givenName".into()),
            ("URN:IETF:params:scim:schemas:core:2.0:user:username", "userName".into()),
            ("urn:ietf:params:scim:schemas:core:2.0:User:id", "id".into()),
            ("urn:ietf:params:scim:schemas:core:2.0:User:employeeNumber", String::new()),
            ("employeeNumber", format!("{ENTERPRISE}:employeeNumber")),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:Manager.Value",
                format!("{ENTERPRISE}:manager.value"),
            ),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName", String::new()),
            (ENTERPRISE, String::new()),
            ("urn:ietf:params:scim:schemas:core:2.0:User", String::new()),
            ("urn:ietf:params:scim:schemas:core:2.0:Users", String::new()),
            ("urn:ietf:params:scim:schemas:core:2.0:Group:displayName", String::new()),
            ("userName.value", String::new()),
            ("name.givenName.x", String::new()),
            ("name.", String::new()),
            (".name", String::new()),
            ("members", String::new()),
            ("ünknöwn", String::new()),
            ("", String::new()),
        ] {
            assert_eq!(parse(text, ResourceType::User).unwrap_or_default(), expected, "{text}");
        }
        assert_eq!(parse("Members.Value", ResourceType::Group), Ok("members.value".into()));
        assert!(parse("manager", ResourceType::Group).is_err());
    }

    #[test]
    fn reading_inverts_printing() {
        for kind in [ResourceType::User, ResourceType::Group] {
            for path in all(kind) {
                let parts = path.attribute.sub_attributes.iter().map(|sub| path.part(sub.name).unwrap());
                for path in parts.chain([path]) {
                    assert_eq!(AttributePath::parse(&path.to_string(), kind).unwrap(), path);
                }
            }
        }
    }

    #[test]
    fn an_extension_is_named_by_its_uri() {
        let text = "urn:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:user";
        assert!(
            matches!(Target::parse(text, ResourceType::User), Ok(Target::Extension(schema)) if schema.name == "EnterpriseUser")
        );
        assert!(Target::parse(text, ResourceType::Group).is_err());
    }

    #[test]
    fn a_path_selects_the_values_of_a_resource() {
        let resource = json!({
            "userName": "ada",
            "title": null,
            "emails": [{"value": "a", "type": "work"}, {"value": "b"}, {"value": null}, null],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "2819"}},
        });
        let get = |text| {
            let path = AttributePath::parse(text, ResourceType::User).unwrap();
            path.get(resource.as_object().unwrap()).map(Value::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(get("userName"), r#""ada""#);
        assert_eq!(get("title"), "");
        assert_eq!(get("nickName"), "");
        assert_eq!(get("emails.value"), r#""a" "b""#);
        assert_eq!(get("emails.type"), r#""work""#);
        assert_eq!(get("emails").matches('{').count(), 3);
        assert_eq!(get("manager.value"), r#""2819""#);
        assert_eq!(get("department"), "");
    }
}
