//! References from one operation to the resource of another (RFC 7644, section 3.7.2): `bulkId:qwerty` in place of an
//! id.
//!
//! The functions recurse as deep as the data nests, which parsing limits ([`crate::json::MAX_DEPTH`]).

use crate::ScimError;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

const PREFIX: &str = "bulkId:";

/// The `bulkId` of a reference.
pub(super) fn bulk_id(text: &str) -> Option<&str> {
    let (prefix, bulk_id) = (text.get(..PREFIX.len())?, text.get(PREFIX.len()..)?);
    (prefix.eq_ignore_ascii_case(PREFIX) && !bulk_id.is_empty()).then_some(bulk_id)
}

/// The id of a created resource.
///
/// # Errors
/// `invalidValue` if no operation created it.
pub(super) fn id<'m>(bulk_id: &str, ids: &'m HashMap<String, String>) -> Result<&'m str, ScimError> {
    ids.get(bulk_id)
        .map(String::as_str)
        .ok_or_else(|| ScimError::invalid_value(format!("bulkId:{bulk_id} refers to a resource that wasn't created")))
}

/// Collects the references of the value of `name`.
pub(super) fn find(name: &str, value: &Value, bulk_ids: &mut BTreeSet<String>) {
    let mut refer = |bulk_id: &str| {
        if !bulk_ids.contains(bulk_id) {
            bulk_ids.insert(bulk_id.to_owned());
        }
    };
    match value {
        Value::String(text) if is_path(name) => in_filter(text).for_each(refer),
        Value::String(text) => bulk_id(text).into_iter().for_each(&mut refer),
        Value::Array(values) => values.iter().for_each(|value| find(name, value, bulk_ids)),
        Value::Object(parts) => parts.iter().for_each(|(name, value)| find(name, value, bulk_ids)),
        _ => {}
    }
}

/// Replaces the references in the value of `name` by ids, in one pass.
pub(super) fn resolve(name: &str, value: &mut Value, ids: &HashMap<String, String>) -> Result<(), ScimError> {
    match value {
        Value::String(text) if is_path(name) => {
            if in_filter(text).next().is_some() {
                *text = resolved_filter(text, ids)?;
            }
            Ok(())
        }
        Value::String(text) => {
            if let Some(bulk_id) = bulk_id(text) {
                *text = id(bulk_id, ids)?.to_owned();
            }
            Ok(())
        }
        Value::Array(values) => values.iter_mut().try_for_each(|value| resolve(name, value, ids)),
        Value::Object(parts) => parts.iter_mut().try_for_each(|(name, value)| resolve(name, value, ids)),
        _ => Ok(()),
    }
}

/// A path with ids in place of the references in its filter.
fn resolved_filter(path: &str, ids: &HashMap<String, String>) -> Result<String, ScimError> {
    let mut resolved = String::with_capacity(path.len());
    for (at, part) in path.split('"').enumerate() {
        if at > 0 {
            resolved.push('"');
        }
        match quoted_reference(part).filter(|_| at % 2 == 1) {
            Some(bulk_id) => resolved.push_str(id(bulk_id, ids)?),
            None => resolved.push_str(part),
        }
    }
    Ok(resolved)
}

/// Removes references to these `bulkId`s: texts, and objects whose `value` is one, such as a member or a manager.
pub(super) fn leave_out(value: &mut Value, bulk_ids: &BTreeSet<String>) {
    let refers = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("value").and_then(Value::as_str));
        text.and_then(bulk_id).is_some_and(|bulk_id| bulk_ids.contains(bulk_id))
    };
    match value {
        Value::Array(values) => {
            values.retain(|value| !refers(value));
            values.iter_mut().for_each(|value| leave_out(value, bulk_ids));
        }
        Value::Object(parts) => {
            parts.retain(|_, value| !refers(value));
            parts.values_mut().for_each(|value| leave_out(value, bulk_ids));
        }
        _ => {}
    }
}

/// Whether the text is the path of a PATCH operation with references in its filter.
fn is_path(name: &str) -> bool {
    name.eq_ignore_ascii_case("path")
}

/// The references in a filter: `members[value eq "bulkId:qwerty"]`.
pub(super) fn in_filter(path: &str) -> impl Iterator<Item = &str> {
    path.split('"').skip(1).step_by(2).filter_map(quoted_reference)
}

/// The `bulkId` of a reference in quotes.
fn quoted_reference(text: &str) -> Option<&str> {
    text.strip_prefix(PREFIX).filter(|bulk_id| !bulk_id.is_empty())
}
