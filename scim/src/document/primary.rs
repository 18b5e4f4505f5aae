//! The `primary` sub-attribute of multi-valued attributes (RFC 7643, section 2.4).

use crate::schema::Attribute;
use serde_json::Value;

pub(crate) fn is_primary(value: &Value) -> bool {
    value.get("primary").and_then(Value::as_bool) == Some(true)
}

/// Removes `primary` from all values except the one at index `primary`.
pub(crate) fn demote(list: &mut [Value], primary: usize) {
    for (at, value) in list.iter_mut().enumerate() {
        if let (false, true, Value::Object(parts)) = (at == primary, is_primary(value), value) {
            parts.insert("primary".to_owned(), Value::Bool(false));
        }
    }
}

/// Keeps `primary` at the first of several primary values, because some identity providers send one address twice. At
/// most one value is primary (RFC 7643, section 2.4). Returns whether another value was primary too.
pub(crate) fn keep_first_primary(list: &mut [Value]) -> bool {
    let mut primaries = list.iter().enumerate().filter(|(_, value)| is_primary(value)).map(|(at, _)| at);
    match (primaries.next(), primaries.next()) {
        (Some(first), Some(_)) => {
            demote(list, first);
            true
        }
        _ => false,
    }
}

/// The note about several primary values.
pub(crate) fn several_primary(attribute: &Attribute) -> String {
    format!("{}: several values were primary, the first stays primary", attribute.name)
}
