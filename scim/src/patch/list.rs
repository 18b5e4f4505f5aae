//! Steps on multi-valued attributes (RFC 7643, section 2.4).

use super::{step::PatchChange, work::PatchContext};
use crate::{
    AttributePath, Filter, Normalizations, ScimError,
    attribute_path::find,
    document::{
        primary::{demote, is_primary, several_primary},
        value,
    },
    filter::{Literal, Operator},
    fold::eq_folded,
    schema::{Attribute, Mutability},
};
use serde_json::{Map, Value};

/// Changes the list. If a step makes a value primary, the others lose `primary`.
pub(super) fn apply(
    list: &mut Vec<Value>,
    path: AttributePath,
    filter: Option<&Filter>,
    change: &PatchChange,
    work: &mut PatchContext<'_>,
) -> Result<(), ScimError> {
    work.spend(1)?;
    match (change, filter, path.sub) {
        (PatchChange::Remove, None, None) => list.clear(),
        (PatchChange::RemoveValues(removed), ..) => {
            work.spend(product(list.len(), removed.len()))?;
            let before = list.len();
            list.retain(|value| !removed.iter().any(|removed_value| covers(path.attribute, removed_value, value)));
            if list.len() == before {
                nothing_to_remove(path, work.notes);
            }
        }
        (PatchChange::Remove, filter, part) => remove(list, path, filter, part, work)?,
        (PatchChange::Replace(Value::Array(values)), None, None) => {
            work.spend(product(values.len(), 1))?;
            list.clone_from(values);
        }
        (PatchChange::Add(Value::Array(values)), None, None) => add(list, path.attribute, values, work)?,
        (PatchChange::Add(value), filter, part) => set(list, path, filter, part, value, false, work)?,
        (PatchChange::Replace(value), filter, part) => set(list, path, filter, part, value, true, work)?,
    }
    Ok(())
}

/// The number of pairs of two lists.
fn product(a: usize, b: usize) -> u64 {
    (a as u64).saturating_mul(b as u64)
}

/// Adds new values. An existing value is not repeated, but gets the sub-attributes that it lacks.
fn add(
    list: &mut Vec<Value>,
    attribute: &Attribute,
    values: &[Value],
    work: &mut PatchContext<'_>,
) -> Result<(), ScimError> {
    let mut primary = None;
    for value in values {
        work.spend(product(list.len(), 1))?;
        let at = list.iter().position(|old| same(attribute, old, value));
        match (at.and_then(|at| list.get_mut(at)), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                let parts = new.iter().filter(|(name, _)| !IDENTITY.contains(&name.as_str()));
                old.extend(parts.map(|(name, value)| (name.clone(), value.clone())));
            }
            (Some(_), _) => {}
            (None, value) => list.push(value.clone()),
        }
        if is_primary(value) {
            primary = primary.or(Some(at.unwrap_or(list.len().saturating_sub(1))));
        }
    }
    if let Some(primary) = primary {
        demote(list, primary);
    }
    Ok(())
}

/// Sets a sub-attribute of the matching values, or merges or replaces the values themselves.
fn set(
    list: &mut Vec<Value>,
    path: AttributePath,
    filter: Option<&Filter>,
    part: Option<&Attribute>,
    value: &Value,
    replaces: bool,
    work: &mut PatchContext<'_>,
) -> Result<(), ScimError> {
    let filter_values = filter.map_or_else(|| Some(Map::new()), described_by);
    let mut changed = Vec::new();
    for (at, old) in list.iter_mut().enumerate() {
        if !work.matches(filter, old)? {
            continue;
        }
        changed.push(at);
        if let Value::Object(parts) = old {
            if replaces && part.is_none() {
                *parts = filter_values.clone().unwrap_or_default();
            }
            assign(parts, part, value);
        }
    }
    if changed.is_empty() {
        let name = path.attribute.name;
        let none = || ScimError::no_target(format!("{name}: no value matches the filter"));
        let mut parts = filter_values.ok_or_else(none)?;
        assign(&mut parts, part, value);
        let new_value = Value::Object(parts);
        // If the filter does not match the new value, the next request would add it again.
        if filter.is_some_and(|filter| !filter.matches_value(&new_value)) {
            return Err(none());
        }
        // The parts come from the filter, whose values were not checked as values of attributes.
        for (name, value) in new_value.as_object().into_iter().flatten() {
            if let (Some(part), Value::String(text)) = (find(path.attribute.sub_attributes, name), value) {
                value::canonical(part, Some(path.attribute), text.as_str().into(), work.notes)?;
            }
        }
        work.notes.add(format!("{name}: no matching value, so one was added"));
        changed.push(list.len());
        list.push(new_value);
    }
    let mut primary = changed.into_iter().filter(|at| list.get(*at).is_some_and(is_primary));
    if let Some(first) = primary.next() {
        if primary.next().is_some() {
            work.notes.add(several_primary(path.attribute));
        }
        demote(list, first);
    }
    Ok(())
}

fn assign(parts: &mut Map<String, Value>, part: Option<&Attribute>, value: &Value) {
    match (part, value) {
        (Some(part), value) => {
            parts.insert(part.name.to_owned(), value.clone());
        }
        (None, Value::Object(new)) => parts.extend(new.iter().map(|(name, value)| (name.clone(), value.clone()))),
        (None, _) => {}
    }
}

/// Removes the matching values, or a part of them.
fn remove(
    list: &mut Vec<Value>,
    path: AttributePath,
    filter: Option<&Filter>,
    part: Option<&Attribute>,
    work: &mut PatchContext<'_>,
) -> Result<(), ScimError> {
    let mut removed = false;
    let mut remaining = Vec::with_capacity(list.len());
    for mut value in std::mem::take(list) {
        let stays = match (work.matches(filter, &value)?, part, &mut value) {
            (false, ..) => true,
            (true, Some(part), Value::Object(parts)) => {
                removed |= parts.remove(part.name).is_some();
                !parts.is_empty()
            }
            (true, ..) => {
                removed = true;
                false
            }
        };
        if stays {
            remaining.push(value);
        }
    }
    *list = remaining;
    if !removed {
        nothing_to_remove(path, work.notes);
    }
    Ok(())
}

fn nothing_to_remove(path: AttributePath, notes: &mut Normalizations) {
    notes.add(format!("{path}: nothing to remove"));
}

/// The value that the filter describes, if it consists of `eq` comparisons only.
fn described_by(filter: &Filter) -> Option<Map<String, Value>> {
    let terms = match filter {
        Filter::And(terms) => terms.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut parts = Map::new();
    for term in terms {
        let Filter::Compare { path, op: Operator::Eq, value } = term else { return None };
        let part = path.sub.filter(|part| part.mutability != Mutability::ReadOnly)?;
        let value = match value {
            Literal::Text(text) => Value::String(text.as_str().to_owned()),
            Literal::DateTime { text, .. } => Value::String(text.clone()),
            Literal::Boolean(value) => Value::Bool(*value),
            Literal::Null => continue,
        };
        // The filter requires two different values of one part, so no value matches.
        if parts.insert(part.name.to_owned(), value.clone()).is_some_and(|other| other != value) {
            return None;
        }
    }
    Some(parts)
}

/// The sub-attributes that identify a value.
const IDENTITY: [&str; 2] = ["value", "type"];

/// Whether both are the same value. A list has each combination of value and type once (RFC 7643, section 2.4).
fn same(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.contains_key("value") && b.contains_key("value") => {
            IDENTITY.into_iter().all(|part| same_part(attribute, part, a.get(part), b.get(part)))
        }
        (a, b) => a == b,
    }
}

/// Whether `removed_value` identifies `value`. Only the identifying sub-attributes are compared, because identity providers
/// also send outdated values of `$ref` and `display`.
fn covers(attribute: &Attribute, removed_value: &Value, value: &Value) -> bool {
    let (Value::Object(removed_value), Value::Object(value)) = (removed_value, value) else {
        return removed_value == value;
    };
    let identifies =
        |name: &str| !removed_value.contains_key("value") || !matches!(name, "$ref" | "display" | "primary");
    removed_value
        .iter()
        .filter(|(name, _)| identifies(name))
        .all(|(name, part)| same_part(attribute, name, Some(part), value.get(name)))
}

fn same_part(attribute: &Attribute, name: &str, a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::String(a)), Some(Value::String(b))) => {
            let exact = attribute.sub_attributes.iter().any(|part| part.name == name && part.case_exact == Some(true));
            a == b || !exact && eq_folded(a, b)
        }
        (a, b) => a == b,
    }
}
