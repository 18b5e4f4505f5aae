//! Execution of one step (RFC 7644, sections 3.5.2.1 to 3.5.2.3).

use super::{
    list,
    step::{PatchChange, PatchStep},
    work::PatchContext,
};
use crate::{AttributePath, ScimError};
use serde_json::{Map, Value};

/// Applies steps to a document's attributes. Empty values are removed.
pub(super) fn apply(
    attributes: &mut Map<String, Value>,
    step: &PatchStep,
    work: &mut PatchContext<'_>,
) -> Result<(), ScimError> {
    match step {
        PatchStep::RemoveExtension(schema) => {
            attributes.remove(schema.id);
            Ok(())
        }
        PatchStep::At { operation, path, filter, change } => {
            let result = within(attributes, *path, |container| match path.attribute.multi_valued {
                true => {
                    let values = container.entry(path.attribute.name).or_insert_with(|| Value::Array(Vec::new()));
                    let Value::Array(values) = values else { return Ok(()) };
                    list::apply(values, *path, filter.as_ref(), change, work)
                }
                false => {
                    single(container, *path, change);
                    Ok(())
                }
            });
            result.map_err(|error| error.in_operation(*operation))
        }
    }
}

/// Calls `change` with the object that contains the attribute. Removes attribute and object if they are empty
/// afterwards.
fn within<T>(
    attributes: &mut Map<String, Value>,
    path: AttributePath,
    change: impl FnOnce(&mut Map<String, Value>) -> T,
) -> T {
    let name = path.attribute.name;
    if !path.is_extension() {
        let result = change(attributes);
        prune(attributes, name);
        return result;
    }
    let mut container = match attributes.remove(path.schema.id) {
        Some(Value::Object(container)) => container,
        _ => Map::new(),
    };
    let result = change(&mut container);
    prune(&mut container, name);
    if !container.is_empty() {
        attributes.insert(path.schema.id.to_owned(), Value::Object(container));
    }
    result
}

fn prune(container: &mut Map<String, Value>, name: &str) {
    let empty = match container.get(name) {
        Some(Value::Array(values)) => values.is_empty(),
        Some(Value::Object(parts)) => parts.is_empty(),
        _ => false,
    };
    if empty {
        container.remove(name);
    }
}

/// Changes a single-valued attribute. A complex one has one step for each of its parts.
fn single(container: &mut Map<String, Value>, path: AttributePath, change: &PatchChange) {
    let name = path.attribute.name;
    match (path.sub, change) {
        (None, PatchChange::Add(value) | PatchChange::Replace(value)) => {
            container.insert(name.to_owned(), value.clone());
        }
        (None, PatchChange::Remove | PatchChange::RemoveValues(_)) => {
            container.remove(name);
        }
        (Some(part), change) => {
            let whole = container.entry(name).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(parts) = whole else { return };
            match change {
                PatchChange::Add(value) | PatchChange::Replace(value) => {
                    let old = parts.insert(part.name.to_owned(), value.clone());
                    // `$ref` points to the old value. A new `$ref` in the same operation is set afterwards.
                    if part.name == "value" && old.as_ref() != Some(value) {
                        parts.remove("$ref");
                    }
                }
                PatchChange::Remove | PatchChange::RemoveValues(_) => {
                    parts.remove(part.name);
                }
            }
        }
    }
}
