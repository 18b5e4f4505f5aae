//! What a resource has to be as a whole (RFC 7643, sections 2.4 and 7).

use crate::{
    Error, Kind,
    schema::{Attribute, Type},
};
use serde_json::{Map, Value};

/// The most characters of a userName, and of a Group's displayName.
pub const MAX_NAME: usize = 255;

/// The most values of one attribute. Members of a group are not counted: they are not part of the document.
pub const MAX_VALUES: usize = 1_000;

/// The most bytes that all names and texts of a document may have together: as many as a request. Without it, a document
/// could be made larger than any request by many of them.
pub const MAX_SIZE: usize = 1 << 20;

/// Checks a canonical document.
///
/// # Errors
/// `invalidValue` that names the attribute: a required one missing or not usable as a name, more than one primary value,
/// too many values; or that the whole is too large.
pub(super) fn check(attributes: &Map<String, Value>, kind: Kind) -> Result<(), Error> {
    if size(attributes) > MAX_SIZE {
        return Err(Error::invalid_value(format!("The resource would be larger than {MAX_SIZE} bytes")));
    }
    for schema in kind.schemas() {
        let extension = schema.id != kind.core().id;
        let values = if extension { attributes.get(schema.id).and_then(Value::as_object) } else { Some(attributes) };
        let Some(values) = values else { continue };
        for attribute in schema.attributes {
            match values.get(attribute.name) {
                None if attribute.required => {
                    return Err(Error::invalid_value(format!("{} is required", attribute.name)));
                }
                Some(Value::String(text)) if attribute.required => name(attribute, text)?,
                Some(Value::Array(values)) => list(attribute, values)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// Recurses as deep as the schema: an extension's complex lists are four levels.
fn size(attributes: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(of).sum(),
            Value::Object(parts) => size(parts),
            _ => 0,
        }
    }
    attributes.iter().map(|(name, value)| name.len().saturating_add(of(value))).sum()
}

/// What people and programs know the resource by.
fn name(attribute: &Attribute, text: &str) -> Result<(), Error> {
    let name = attribute.name;
    if text.trim().is_empty() {
        return Err(Error::invalid_value(format!("{name} is required: it is empty")));
    }
    let length = text.chars().count();
    if length > MAX_NAME {
        return Err(Error::invalid_value(format!("{name} has {length} characters: at most {MAX_NAME} are possible")));
    }
    match text.chars().position(char::is_control) {
        Some(at) => {
            let at = at.saturating_add(1);
            Err(Error::invalid_value(format!("{name} has a control character: it is the character {at}")))
        }
        None => Ok(()),
    }
}

fn list(attribute: &Attribute, values: &[Value]) -> Result<(), Error> {
    let name = attribute.name;
    if values.len() > MAX_VALUES {
        return Err(Error::invalid_value(format!(
            "{name} has {} values: at most {MAX_VALUES} are possible",
            values.len()
        )));
    }
    if attribute.kind == Type::Complex && values.iter().filter(|value| is_primary(value)).count() > 1 {
        return Err(Error::invalid_value(format!("{name}: more than one value is primary, at most one can be")));
    }
    Ok(())
}

/// Is it the preferred one of its attribute's values?
pub(crate) fn is_primary(value: &Value) -> bool {
    value.get("primary").and_then(Value::as_bool) == Some(true)
}
