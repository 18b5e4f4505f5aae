//! One attribute's value, as clients send it, made what the schema says (RFC 7643, section 2.3).
//!
//! What identity providers are known to send otherwise is understood, with a note; everything else is refused.

use crate::{
    Error, Notes,
    attribute_path::find,
    base64, json,
    schema::{Attribute, Mutability, Type},
};
use serde_json::{Map, Value};
use std::fmt;

/// Makes `value` what the schema says about `attribute`, a part of `parent`. `None`: unassigned, as `null`, an empty
/// list and an object with nothing in it are (RFC 7643, section 2.5). Unknown and readOnly parts are left out.
///
/// # Errors
/// `invalidValue` that names the attribute, the type expected and the type sent, never the value.
pub(crate) fn canonical(
    attribute: &'static Attribute,
    parent: Option<&'static Attribute>,
    value: Value,
    notes: &mut Notes,
) -> Result<Option<Value>, Error> {
    let place = Place { attribute, parent };
    match value {
        Value::Null => Ok(None),
        value if attribute.multi_valued => {
            let values = list(place, value, notes)?;
            Ok((!values.is_empty()).then_some(Value::Array(values)))
        }
        Value::Array(mut values) if values.len() < 2 => match values.pop() {
            None => Ok(None),
            Some(value) => {
                notes.add(format!("{place}: list of one value taken as the value"));
                one(place, value, notes)
            }
        },
        value => one(place, value, notes),
    }
}

/// One value of a multi-valued attribute, as [`canonical`].
pub(crate) fn element(attribute: &'static Attribute, value: Value, notes: &mut Notes) -> Result<Option<Value>, Error> {
    one(Place { attribute, parent: None }, value, notes)
}

/// An attribute, for people.
#[derive(Clone, Copy)]
struct Place {
    attribute: &'static Attribute,
    parent: Option<&'static Attribute>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{}.", parent.name)?;
        }
        f.write_str(self.attribute.name)
    }
}

fn list(place: Place, value: Value, notes: &mut Notes) -> Result<Vec<Value>, Error> {
    let values = match value {
        Value::Array(values) => values,
        value => {
            if value.as_str() != Some("") {
                notes.add(format!("{place}: one value taken as a list of one"));
            }
            vec![value]
        }
    };
    let count = values.len();
    let mut kept = Vec::with_capacity(count);
    for (i, value) in values.into_iter().enumerate() {
        let value = one(place, value, notes)
            .map_err(|error| if count > 1 { error.at(format_args!("value {} of {count}", i + 1)) } else { error })?;
        kept.extend(value);
    }
    Ok(kept)
}

/// A value that is no list.
fn one(place: Place, value: Value, notes: &mut Notes) -> Result<Option<Value>, Error> {
    let Place { attribute, .. } = place;
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Type::Complex, Value::Object(parts)) => object(place, parts, notes),
        // Text and references can be empty, all other types cannot.
        (Type::Boolean | Type::Complex | Type::DateTime | Type::Binary, Value::String(text)) if text.is_empty() => {
            notes.add(format!("{place}: empty text taken as no value"));
            Ok(None)
        }
        (Type::Complex, value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => {
            let Some(part) = find(attribute.sub_attributes, "value") else { return Err(expected(place, &value)) };
            notes.add(format!("{place}: {} taken as its value", json::kind(&value)));
            let part = Place { attribute: part, parent: Some(attribute) };
            let value = one(part, value, notes)?;
            Ok(value.map(|value| Value::Object(Map::from_iter([(part.attribute.name.to_owned(), value)]))))
        }
        (Type::Boolean, value @ Value::Bool(_)) => Ok(Some(value)),
        (Type::Boolean, Value::String(text)) => {
            let word = text.trim();
            let value = ["false", "true"].iter().position(|known| word.eq_ignore_ascii_case(known));
            let Some(value) = value else { return Err(expected(place, &Value::String(text))) };
            notes.add(format!("{place}: text to boolean"));
            Ok(Some(Value::Bool(value == 1)))
        }
        (Type::String | Type::Reference, value @ Value::String(_)) => Ok(Some(value)),
        (Type::String | Type::Reference, value @ (Value::Number(_) | Value::Bool(_))) => {
            notes.add(format!("{place}: {} to text", json::kind(&value).trim_start_matches("a ")));
            Ok(Some(Value::String(value.to_string())))
        }
        // Certificates come with line breaks.
        (Type::Binary, Value::String(text))
            if base64::is_base64(&text.split_ascii_whitespace().collect::<String>()) =>
        {
            Ok(Some(Value::String(text)))
        }
        (Type::DateTime, Value::String(text)) if is_date_time(&text) => Ok(Some(Value::String(text))),
        (_, value) => Err(expected(place, &value)),
    }
}

/// The parts of a complex value.
fn object(place: Place, parts: Map<String, Value>, notes: &mut Notes) -> Result<Option<Value>, Error> {
    let mut kept = Map::new();
    for (name, value) in parts {
        match find(place.attribute.sub_attributes, &name) {
            None => notes.unknown(&format!("{place}.{name}")),
            Some(part) if part.mutability == Mutability::ReadOnly => {}
            Some(part) => {
                if let Some(value) = canonical(part, Some(place.attribute), value, notes)? {
                    kept.insert(part.name.to_owned(), value);
                }
            }
        }
    }
    Ok((!kept.is_empty()).then_some(Value::Object(kept)))
}

fn expected(place: Place, value: &Value) -> Error {
    let wanted = match place.attribute.kind {
        Type::String | Type::Reference => "a text",
        Type::Boolean => "true or false",
        Type::DateTime => "a date and time such as 2011-05-13T04:42:34Z",
        Type::Binary => "base64",
        Type::Complex => "an object",
    };
    let sent = match (place.attribute.kind, value) {
        (Type::Boolean | Type::DateTime | Type::Binary, Value::String(_)) => "this text",
        (_, Value::Array(values)) if values.len() > 1 => "several values",
        (_, value) => json::kind(value),
    };
    Error::invalid_value(format!("{place}: {wanted} is expected, not {sent}"))
}

fn is_date_time(text: &str) -> bool {
    crate::filter::Instant::parse(text).is_some()
}
