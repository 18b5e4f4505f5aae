//! Values of clients, converted to the type of their attribute (RFC 7643, section 2.3).
//!
//! A few known deviations of identity providers are accepted with a note: booleans as text, and the shapes that an
//! attribute's [`Tolerance`] lists. Every other value of a wrong type is refused, because a conversion would be a
//! guess.

use super::primary;
use crate::{
    Normalizations, ScimError,
    attribute_path::find,
    base64, json,
    schema::{Attribute, Mutability, Tolerance, Type},
};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::fmt;

/// Converts `value` to the type of `attribute`, a sub-attribute of `parent`. `None`: unassigned, such as `null`, an
/// empty list of values or an empty object (RFC 7643, section 2.5). Unknown and readOnly sub-attributes are skipped.
///
/// # Errors
/// `invalidValue` that names the attribute, the expected and the actual type, or the limit; never the value.
pub(crate) fn canonical(
    attribute: &'static Attribute,
    parent: Option<&'static Attribute>,
    value: Value,
    notes: &mut Normalizations,
) -> Result<Option<Value>, ScimError> {
    let place = ValuePosition { attribute, parent };
    match value {
        Value::Null => Ok(None),
        value if attribute.multi_valued => {
            let values = list(place, value, notes)?;
            Ok((!values.is_empty()).then_some(Value::Array(values)))
        }
        Value::Array(mut values) if attribute.tolerance == Tolerance::BareTextOrList && values.len() < 2 => {
            match values.pop() {
                None => Ok(None),
                Some(value) => {
                    notes.add(format!("{place}: single-item array treated as a value"));
                    one(place, value, notes)
                }
            }
        }
        value => one(place, value, notes),
    }
}

/// Converts one value of a multi-valued attribute, as [`canonical`].
pub(crate) fn element(
    attribute: &'static Attribute,
    value: Value,
    notes: &mut Normalizations,
) -> Result<Option<Value>, ScimError> {
    one(ValuePosition { attribute, parent: None }, value, notes)
}

/// Checks a text that did not come through [`canonical`].
///
/// # Errors
/// `invalidValue` that names the attribute and its limit.
pub(crate) fn check_length(attribute: &Attribute, parent: Option<&Attribute>, text: &str) -> Result<(), ScimError> {
    match attribute.max_length.problem(text) {
        None => Ok(()),
        Some(problem) => Err(ScimError::invalid_value(format!("{} {problem}", ValuePosition { attribute, parent }))),
    }
}

/// The position of an attribute, for error messages.
#[derive(Clone, Copy)]
struct ValuePosition<'a> {
    attribute: &'a Attribute,
    parent: Option<&'a Attribute>,
}

impl fmt::Display for ValuePosition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{}.", parent.name)?;
        }
        f.write_str(self.attribute.name)
    }
}

fn list(place: ValuePosition<'static>, value: Value, notes: &mut Normalizations) -> Result<Vec<Value>, ScimError> {
    let values = match value {
        Value::Array(values) => values,
        Value::String(text) if place.attribute.tolerance != Tolerance::Strict => {
            if !text.is_empty() {
                notes.add(format!("{place}: single value treated as an array"));
            }
            vec![Value::String(text)]
        }
        other => {
            let sent = json::kind(&other);
            return Err(ScimError::invalid_value(format!("{place}: expected an array, got {sent}")));
        }
    };
    let count = values.len();
    let mut canonical_values = Vec::with_capacity(count);
    for (i, value) in values.into_iter().enumerate() {
        let value = one(place, value, notes)
            .map_err(|error| if count > 1 { error.at(format_args!("value {} of {count}", i + 1)) } else { error })?;
        canonical_values.extend(value);
    }
    if primary::keep_first_primary(&mut canonical_values) {
        notes.add(primary::several_primary(place.attribute));
    }
    Ok(canonical_values)
}

/// Converts a value that is not a list.
fn one(place: ValuePosition<'static>, value: Value, notes: &mut Normalizations) -> Result<Option<Value>, ScimError> {
    let ValuePosition { attribute, parent } = place;
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Type::Complex, Value::Object(parts)) => object(place, parts, notes),
        (Type::Complex, value @ Value::String(_)) if attribute.tolerance != Tolerance::Strict => {
            bare(place, value, notes)
        }
        (Type::Boolean, value @ Value::Bool(_)) => Ok(Some(value)),
        (Type::Boolean, Value::String(text)) => {
            let value = ["false", "true"].iter().position(|known| text.eq_ignore_ascii_case(known));
            let Some(value) = value else { return Err(expected(place, &Value::String(text))) };
            notes.add(format!("{place}: string converted to boolean"));
            Ok(Some(Value::Bool(value == 1)))
        }
        (Type::String | Type::Reference, Value::String(text)) => {
            check_length(attribute, parent, &text)?;
            if parent.is_some() && attribute.name == "value" && is_json(&text) {
                return Err(ScimError::invalid_value(format!("{place}: expected a string, got JSON inside a string")));
            }
            Ok(Some(Value::String(text)))
        }
        // Certificates contain line breaks.
        (Type::Binary, Value::String(text))
            if !text.is_empty() && base64::is_base64(&text.split_ascii_whitespace().collect::<String>()) =>
        {
            check_length(attribute, parent, &text)?;
            Ok(Some(Value::String(text)))
        }
        (Type::DateTime, Value::String(text)) if is_date_time(&text) => Ok(Some(Value::String(text))),
        (_, value) => Err(expected(place, &value)),
    }
}

/// A text in place of a complex value becomes its `value`. An empty one is no value.
fn bare(place: ValuePosition<'static>, text: Value, notes: &mut Normalizations) -> Result<Option<Value>, ScimError> {
    let Some(part) = find(place.attribute.sub_attributes, "value") else { return Err(expected(place, &text)) };
    if text.as_str() == Some("") {
        notes.add(format!("{place}: empty string treated as no value"));
        return Ok(None);
    }
    notes.add(format!("{place}: string treated as its value"));
    let value = one(ValuePosition { attribute: part, parent: Some(place.attribute) }, text, notes)?;
    Ok(value.map(|value| Value::Object(Map::from_iter([(part.name.to_owned(), value)]))))
}

/// Whether the text is a JSON object or list. Some clients encode a value twice.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Converts the parts of a complex value.
fn object(
    place: ValuePosition<'static>,
    parts: Map<String, Value>,
    notes: &mut Normalizations,
) -> Result<Option<Value>, ScimError> {
    let mut canonical_values = Map::new();
    for (name, value) in parts {
        match find(place.attribute.sub_attributes, &name) {
            None => notes.unknown(&format!("{place}.{name}")),
            Some(part) if part.mutability == Mutability::ReadOnly => {}
            Some(part) => {
                if let Some(value) = canonical(part, Some(place.attribute), value, notes)? {
                    canonical_values.insert(part.name.to_owned(), value);
                }
            }
        }
    }
    Ok((!canonical_values.is_empty()).then_some(Value::Object(canonical_values)))
}

fn expected(place: ValuePosition<'_>, value: &Value) -> ScimError {
    let expected = match place.attribute.kind {
        Type::String | Type::Reference => "a string",
        Type::Boolean => "a boolean (true or false)",
        Type::DateTime => "a date and time such as 2011-05-13T04:42:34Z",
        Type::Binary => "base64",
        Type::Complex => "an object",
    };
    let sent = match (place.attribute.kind, value) {
        (Type::Boolean, Value::String(_)) => "another string",
        (Type::DateTime | Type::Binary, Value::String(_)) => "another string",
        (_, value) => json::kind(value),
    };
    ScimError::invalid_value(format!("{place}: expected {expected}, got {sent}"))
}

fn is_date_time(text: &str) -> bool {
    crate::filter::Instant::parse(text).is_some()
}
