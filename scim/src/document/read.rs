//! Parsing of a client's resource (RFC 7644, sections 3.3 and 3.5.1).

use super::{ResourceDocument, members, rules, value};
use crate::{
    AttributePath, Normalizations, ResourceType, ScimError,
    attribute_path::Target,
    json,
    schema::{self, Mutability, Schema, enterprise},
};
use serde_json::{Map, Value};

/// Converts a resource to canonical form; see [`ResourceDocument::read`].
pub(super) fn read(
    body: Map<String, Value>,
    kind: ResourceType,
    notes: &mut Normalizations,
) -> Result<ResourceDocument, ScimError> {
    let mut document = ResourceDocument { kind, attributes: Map::new(), members: None };
    let mut has_schemas = false;
    for (name, value) in body {
        if name.eq_ignore_ascii_case("schemas") {
            has_schemas = check_schemas(value, kind, notes)?;
        } else {
            member(&mut document, &name, value, notes)?;
        }
    }
    if !has_schemas {
        notes.add(format!("schemas: missing, treated as {}", kind.name()));
    }
    rules::check(&document.attributes, kind, 0)?;
    Ok(document)
}

/// One name and its value at the top level.
fn member(
    document: &mut ResourceDocument,
    name: &str,
    value: Value,
    notes: &mut Normalizations,
) -> Result<(), ScimError> {
    let kind = document.kind;
    let name = &*corrected(name, notes);
    if name.eq_ignore_ascii_case(kind.core().id) {
        notes.add("attributes under the core schema URI treated as top-level");
        return inside(document, kind.core(), value, notes);
    }
    match Target::parse(name, kind) {
        Ok(Target::Extension(schema)) => inside(document, schema, value, notes),
        // An attribute of an extension is inside the extension's object, or has its URI. A bare name would be a guess.
        Ok(Target::Attribute(path)) if !path.is_extension() || name.contains(':') => {
            if path.sub.is_some() || name.contains(':') {
                notes.add(format!("{name}: path used as a key, treated as that attribute"));
            }
            set(document, path, value, notes)
        }
        _ => {
            notes.unknown(name);
            Ok(())
        }
    }
}

/// The attributes of one schema by name. `null` is none.
pub(crate) fn attributes_of(schema: &Schema, value: Value) -> Result<Map<String, Value>, ScimError> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(attributes) => Ok(attributes),
        other => {
            let (id, sent) = (schema.id, json::kind(&other));
            Err(ScimError::invalid_value(format!("{id}: expected an object, got {sent}")))
        }
    }
}

/// An object of attributes that belong to one schema.
fn inside(
    document: &mut ResourceDocument,
    schema: &'static Schema,
    value: Value,
    notes: &mut Normalizations,
) -> Result<(), ScimError> {
    for (name, value) in attributes_of(schema, value)? {
        match AttributePath::parse(&format!("{}:{name}", schema.id), document.kind) {
            Ok(path) => set(document, path, value, notes)?,
            Err(_) => notes.unknown(&name),
        }
    }
    Ok(())
}

/// Sets the value at the path. A sub-attribute is merged with the others, and a complex value with sub-attributes sent apart.
fn set(
    document: &mut ResourceDocument,
    path: AttributePath,
    value: Value,
    notes: &mut Normalizations,
) -> Result<(), ScimError> {
    let attribute = path.attribute;
    match attribute.mutability {
        Mutability::ReadOnly => {
            let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            // Clients send back attributes that they read, so only a value that the client may want to change gets a
            // note.
            if !is_nothing && (value.is_array() || attribute.multi_valued) {
                notes.add(format!("{}: read-only, ignored", attribute.name));
            }
            return Ok(());
        }
        Mutability::WriteOnly => {
            notes.add(format!("{}: ignored", attribute.name));
            return Ok(());
        }
        Mutability::ReadWrite | Mutability::Immutable => {}
    }
    if attribute.name == "schemas" {
        return Ok(());
    }
    if document.kind == ResourceType::Group && attribute.name == "members" && path.sub.is_none() {
        // A client that does not know the members sends null too, so null is not an empty group.
        if value.is_null() {
            return Ok(());
        }
        document.members = Some(members::read(value, notes)?);
        return Ok(());
    }
    let value = match path.sub {
        None => value::canonical(attribute, None, value, notes)?,
        Some(_) if attribute.multi_valued => {
            let name = attribute.name;
            return Err(ScimError::invalid_value(format!("{path}: {name} is multi-valued, send it as an array")));
        }
        Some(part) if part.mutability == Mutability::ReadOnly => None,
        Some(part) => value::canonical(part, Some(attribute), value, notes)?
            .map(|value| Value::Object(Map::from_iter([(part.name.to_owned(), value)]))),
    };
    let Some(value) = value else { return Ok(()) };
    let container = match path.is_extension() {
        false => &mut document.attributes,
        true => match document.attributes.entry(path.schema.id).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(container) => container,
            _ => return Ok(()),
        },
    };
    match (container.get_mut(attribute.name), value) {
        (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
        (_, value) => {
            container.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(())
}

/// The enterprise extension's URI with the mistake of Microsoft's sample: no colon before `User`.
const SLIP: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User";

/// A schema's URI or a name with it, with the mistake corrected.
pub(crate) fn corrected<'n>(name: &'n str, notes: &mut Normalizations) -> std::borrow::Cow<'n, str> {
    match (name.get(..SLIP.len()), name.get(SLIP.len()..)) {
        (Some(start), Some(rest)) if start.eq_ignore_ascii_case(SLIP) => {
            notes.add("…:enterprise:2.0User: treated as …:enterprise:2.0:User");
            format!("{}{rest}", enterprise::ID).into()
        }
        _ => name.into(),
    }
}

/// Checks `schemas`.
fn check_schemas(value: Value, kind: ResourceType, notes: &mut Normalizations) -> Result<bool, ScimError> {
    let core = kind.core().id;
    let wrong = || ScimError::invalid_syntax(format!("schemas: expected an array of URIs that includes {core}"));
    let uris = match value {
        Value::Null => return Ok(false),
        Value::Array(uris) => uris,
        uri @ Value::String(_) => {
            notes.add("schemas: single value treated as an array");
            vec![uri]
        }
        _ => return Err(wrong()),
    };
    let (mut known, mut other) = (false, None);
    for uri in &uris {
        let uri = corrected(uri.as_str().ok_or_else(wrong)?, notes);
        match schema::by_id(&uri) {
            Some(schema) if kind.schemas().iter().any(|own| own.id == schema.id) => known = true,
            Some(schema) => other = Some(schema.name),
            None => notes.add(format!("schemas: {} is unknown, ignored", Normalizations::name_in(&uri))),
        }
    }
    match (known, other, uris.is_empty()) {
        (true, ..) => Ok(true),
        (false, None, true) => Ok(false),
        (false, Some(other), _) => Err(ScimError::invalid_value(format!(
            "schemas: this is a {other}, but /{} expects {core}",
            kind.endpoint()
        ))),
        (false, None, false) => Err(ScimError::invalid_value(format!("schemas: expected {core}"))),
    }
}
