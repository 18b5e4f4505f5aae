//! The members of a group as clients send them (RFC 7643, section 4.2).

use super::value;
use crate::{Normalizations, ResourceType, ScimError, attribute_path::find, schema::Attribute};
use serde_json::Value;
use std::collections::HashSet;

/// The attribute of the members.
pub(crate) fn attribute() -> Option<&'static Attribute> {
    find(ResourceType::Group.core().attributes, "members")
}

/// The ids of the members in a client's list, without duplicates. `$ref`, `display` and unknown parts are ignored.
///
/// # Errors
/// `invalidValue`: a member has no `value`, or is not a User (groups cannot contain groups here).
pub(crate) fn read(list: Value, notes: &mut Normalizations) -> Result<Vec<String>, ScimError> {
    let Some(attribute) = attribute() else { return Ok(Vec::new()) };
    all_named(&list)?;
    let Some(Value::Array(list)) = value::canonical(attribute, None, list, notes)? else { return Ok(Vec::new()) };
    let mut seen_ids = HashSet::with_capacity(list.len());
    let mut ids = Vec::with_capacity(list.len());
    let count = list.len();
    for (i, member) in list.into_iter().enumerate() {
        let id = id(member).map_err(|error| error.at(format_args!("members, value {} of {count}", i + 1)))?;
        if seen_ids.insert(id.clone()) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Refuses members without an id, because the canonical list would drop them, and a list of them is not an empty list.
/// A member may be completely empty if the list has another one, because some clients write nothing that way.
fn all_named(list: &Value) -> Result<(), ScimError> {
    let members = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
    let is_id = |(name, value): (&String, &Value)| name.eq_ignore_ascii_case("value") && !value.is_null();
    let is_nothing = |member: &Value| match member {
        Value::Object(parts) => parts.values().all(Value::is_null),
        other => other.is_null(),
    };
    let nameless = |member: &Value| member.as_object().is_some_and(|parts| !parts.iter().any(is_id));
    let wrong = match members.iter().all(is_nothing) {
        true => (!list.is_null() && !members.is_empty()).then_some(0),
        false => members.iter().position(|member| nameless(member) && !is_nothing(member)),
    };
    match wrong {
        None => Ok(()),
        Some(i) => Err(missing_id().at(format_args!("members, value {} of {}", i + 1, members.len()))),
    }
}

fn missing_id() -> ScimError {
    ScimError::invalid_value("value is required: the member's id")
}

/// The id of a canonical member.
fn id(member: Value) -> Result<String, ScimError> {
    match member.get("type").and_then(Value::as_str) {
        None => {}
        Some(kind) if kind.eq_ignore_ascii_case(ResourceType::User.name()) => {}
        Some(kind) if kind.eq_ignore_ascii_case(ResourceType::Group.name()) => {
            return Err(ScimError::invalid_value("nested groups aren't supported, only Users can be members"));
        }
        Some(_) => return Err(ScimError::invalid_value("members.type must be \"User\"")),
    }
    match member {
        Value::Object(mut parts) => match parts.remove("value") {
            Some(Value::String(id)) if !id.trim().is_empty() => Ok(id),
            _ => Err(missing_id()),
        },
        _ => Err(missing_id()),
    }
}
