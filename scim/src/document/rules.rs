//! Rules for whole documents (RFC 7643, sections 2.4 and 7).

use super::value;
use crate::{ResourceType, ScimError, schema::Attribute};
use serde_json::{Map, Value};

/// Upper bound of the values of one attribute. Members of a group do not count, because they are not part of the
/// document.
pub const MAX_VALUES: usize = 1_000;

/// Upper bound of a whole document as JSON, in bytes.
pub const MAX_SIZE: usize = 64 * 1_024;

/// Checks a canonical document. A document from before a limit may exceed it. It can still be changed, as long as it
/// does not grow. `before`: the old size by [`size`], or 0 for a new document.
///
/// # Errors
/// `invalidValue` that names the attribute: a required one is missing or not usable as a name, or has too many values.
/// Also if the whole document is too large.
pub(super) fn check(attributes: &Map<String, Value>, kind: ResourceType, before: usize) -> Result<(), ScimError> {
    let size = size(attributes);
    if size > MAX_SIZE && size > before {
        let name = largest(attributes);
        return Err(ScimError::invalid_value(format!(
            "The {kind} would have {size} bytes, the maximum is {MAX_SIZE}. Its largest attribute is {name}"
        )));
    }
    for schema in kind.schemas() {
        let extension = schema.id != kind.core().id;
        let values = if extension { attributes.get(schema.id).and_then(Value::as_object) } else { Some(attributes) };
        let Some(values) = values else { continue };
        for attribute in schema.attributes {
            match values.get(attribute.name) {
                None if attribute.required => {
                    return Err(ScimError::invalid_value(format!("{} is required", attribute.name)));
                }
                Some(Value::String(text)) if attribute.required => name(attribute, text)?,
                Some(Value::Array(values)) => list(attribute, values)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The size of a document as JSON, in bytes.
pub(super) fn size(attributes: &Map<String, Value>) -> usize {
    bytes(attributes)
}

/// The size of a value as JSON, in bytes.
fn bytes(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |json| json.len())
}

/// The name of the largest attribute of a document.
fn largest(attributes: &Map<String, Value>) -> &str {
    attributes.iter().max_by_key(|(_, value)| bytes(value)).map_or("", |(name, _)| name)
}

/// Checks the name of a resource.
fn name(attribute: &Attribute, text: &str) -> Result<(), ScimError> {
    let name = attribute.name;
    if text.trim().is_empty() {
        return Err(ScimError::invalid_value(format!("{name} is required and can't be empty")));
    }
    value::check_length(attribute, None, text)?;
    match text.chars().position(char::is_control) {
        Some(at) => {
            let at = at.saturating_add(1);
            Err(ScimError::invalid_value(format!("{name} contains a control character at position {at}")))
        }
        None => Ok(()),
    }
}

fn list(attribute: &Attribute, values: &[Value]) -> Result<(), ScimError> {
    let name = attribute.name;
    if values.len() > MAX_VALUES {
        return Err(ScimError::invalid_value(format!(
            "{name} has {} values, the maximum is {MAX_VALUES}",
            values.len()
        )));
    }
    Ok(())
}
