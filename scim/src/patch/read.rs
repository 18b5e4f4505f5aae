//! Parsing of a PATCH message (RFC 7644, section 3.5.2).

use super::{MAX_OPERATIONS, Patch, SCHEMA, member::Op, step::PatchStep};
use crate::{
    AttributePath, Normalizations, Path, ResourceType, ScimError, Target,
    document::{attributes_of, corrected},
    json,
    schema::Schema,
};
use serde_json::{Map, Value};

/// Parses a message; see [`Patch::read`].
pub(super) fn read(
    body: Map<String, Value>,
    kind: ResourceType,
    notes: &mut Normalizations,
) -> Result<Patch, ScimError> {
    let (mut schemas, mut operations) = (None, None);
    for (name, value) in body {
        match () {
            () if name.eq_ignore_ascii_case("schemas") => schemas = Some(value),
            () if name.eq_ignore_ascii_case("Operations") => operations = Some(value),
            () => notes.unknown(&name),
        }
    }
    check_schemas(schemas, notes)?;
    let operations = match operations {
        Some(Value::Array(operations)) => operations,
        Some(operation @ Value::Object(_)) => {
            notes.add("Operations: single operation treated as an array");
            vec![operation]
        }
        None | Some(Value::Null) => return Err(ScimError::invalid_syntax("Operations is required")),
        Some(_) => return Err(ScimError::invalid_syntax("Operations: expected an array")),
    };
    let count = operations.len();
    if count == 0 {
        return Err(ScimError::invalid_syntax("Operations must not be empty"));
    }
    if count > MAX_OPERATIONS {
        let detail = format!("Operations has {count} entries, the maximum is {MAX_OPERATIONS} per request");
        return Err(ScimError::invalid_value(detail));
    }
    let patch = Patch { kind, steps: Vec::with_capacity(count), members: Vec::new(), schemas: Vec::new() };
    let mut reader = PatchReader { patch, notes, operation: None, values: 0 };
    for (i, operation) in operations.into_iter().enumerate() {
        let number = (count > 1).then_some(i + 1);
        reader.operation = number;
        reader.operation(operation).map_err(|error| error.in_operation(number))?;
    }
    Ok(reader.patch)
}

fn check_schemas(schemas: Option<Value>, notes: &mut Normalizations) -> Result<(), ScimError> {
    let is_patch = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SCHEMA));
    match schemas {
        Some(Value::Array(uris)) if uris.iter().any(is_patch) => Ok(()),
        Some(uri @ Value::String(_)) if is_patch(&uri) => {
            notes.add("schemas: single value treated as an array");
            Ok(())
        }
        None | Some(Value::Null) => {
            notes.add("schemas: missing, treated as PatchOp");
            Ok(())
        }
        Some(Value::Array(uris)) if uris.is_empty() => {
            notes.add("schemas: missing, treated as PatchOp");
            Ok(())
        }
        Some(_) => Err(ScimError::invalid_syntax(format!("schemas: expected an array that includes {SCHEMA}"))),
    }
}

/// Parses a message. [`super::change`] converts its operations.
pub(super) struct PatchReader<'n> {
    pub(super) patch: Patch,
    pub(super) notes: &'n mut Normalizations,
    /// The number of the current operation, if there are several.
    pub(super) operation: Option<usize>,
    /// The number of values of lists so far.
    pub(super) values: usize,
}

/// Where the target of an operation comes from. A path is deliberate; a member of the value may be incidental.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetOrigin {
    Path,
    ValueMember,
}

impl PatchReader<'_> {
    fn operation(&mut self, operation: Value) -> Result<(), ScimError> {
        let Value::Object(members) = operation else {
            let sent = json::kind(&operation);
            return Err(ScimError::invalid_syntax(format!("Operations: expected an object, got {sent}")));
        };
        let (mut op, mut path, mut value) = (None, None, None);
        for (name, member) in members {
            match () {
                () if name.eq_ignore_ascii_case("op") => op = Some(member),
                () if name.eq_ignore_ascii_case("path") => path = Some(member),
                () if name.eq_ignore_ascii_case("value") => value = Some(member),
                // An extra member, such as Entra ID's "name": "addMember".
                () => {}
            }
        }
        let op = self.op(op)?;
        match path {
            None | Some(Value::Null) => self.without_path(op, value),
            Some(Value::String(path)) if path.trim().is_empty() => {
                self.notes.add("path: empty, ignored");
                self.without_path(op, value)
            }
            Some(Value::String(path)) if path.eq_ignore_ascii_case(self.patch.kind.core().id) => {
                self.notes.add("path: core schema URI, ignored");
                self.without_path(op, value)
            }
            Some(Value::String(path)) => {
                let path = Path::parse(&corrected(&path, self.notes), self.patch.kind, self.notes)?;
                if op != Op::Remove && value.is_none() {
                    return Err(ScimError::invalid_value("value is required"));
                }
                match path {
                    Path::Attribute(path) => self.at(op, path, None, value, TargetOrigin::Path),
                    Path::Values { path, filter } => self.at(op, path, Some(filter), value, TargetOrigin::Path),
                    Path::Extension(schema) => self.extension(op, schema, value),
                }
            }
            Some(other) => {
                let sent = json::kind(&other);
                Err(ScimError::invalid_path(format!("path: expected a string, got {sent}")))
            }
        }
    }

    fn op(&mut self, op: Option<Value>) -> Result<Op, ScimError> {
        let wrong = || ScimError::invalid_syntax("op must be “add”, “replace”, or “remove”");
        let op = op.ok_or_else(|| ScimError::invalid_syntax("op is required: “add”, “replace”, or “remove”"))?;
        let name = op.as_str().ok_or_else(wrong)?;
        let operations = [("add", Op::Add), ("replace", Op::Replace), ("remove", Op::Remove)];
        let (canonical, op) = operations.into_iter().find(|(op, _)| op.eq_ignore_ascii_case(name)).ok_or_else(wrong)?;
        if canonical != name {
            self.notes.add("op: wrong letter case, accepted");
        }
        Ok(op)
    }

    /// An operation without a path, whose value contains attributes by name.
    fn without_path(&mut self, op: Op, value: Option<Value>) -> Result<(), ScimError> {
        if op == Op::Remove {
            return Err(ScimError::no_target("path is required for “remove”"));
        }
        let attributes = match value {
            Some(Value::Object(attributes)) => attributes,
            None => return Err(ScimError::invalid_value("value is required")),
            Some(other) => {
                let sent = json::kind(&other);
                return Err(ScimError::invalid_value(format!(
                    "value: expected an object because there is no path, got {sent}"
                )));
            }
        };
        for (name, value) in attributes {
            self.read_member(op, &name, value)?;
        }
        Ok(())
    }

    /// Parses one member of a value without a path.
    fn read_member(&mut self, op: Op, name: &str, value: Value) -> Result<(), ScimError> {
        let kind = self.patch.kind;
        let name = &*corrected(name, self.notes);
        if name.eq_ignore_ascii_case(kind.core().id) {
            return self.inside(op, kind.core(), value);
        }
        match Target::parse(name, kind) {
            Ok(Target::Extension(schema)) => self.extension(op, schema, Some(value)),
            Ok(Target::Attribute(path)) => {
                if path.sub.is_some() || name.contains(':') {
                    self.notes.add(format!("{name}: path used as a key, treated as that attribute"));
                }
                self.at(op, path, None, Some(value), TargetOrigin::ValueMember)
            }
            Err(_) if name.contains('[') => match Path::parse(name, kind, self.notes)? {
                Path::Values { path, filter } => {
                    self.notes.add("value: path with a filter used as a key, treated as that attribute");
                    self.at(op, path, Some(filter), Some(value), TargetOrigin::ValueMember)
                }
                _ => Ok(()),
            },
            Err(_) => {
                self.notes.unknown(name);
                Ok(())
            }
        }
    }

    fn extension(&mut self, op: Op, schema: &'static Schema, value: Option<Value>) -> Result<(), ScimError> {
        match (op, value) {
            (Op::Remove, _) | (Op::Replace, Some(Value::Null)) => {
                self.patch.steps.push(PatchStep::RemoveExtension(schema));
                Ok(())
            }
            (_, value) => self.inside(op, schema, value.unwrap_or_default()),
        }
    }

    /// A value with the attributes of one schema by name.
    fn inside(&mut self, op: Op, schema: &'static Schema, value: Value) -> Result<(), ScimError> {
        for (name, value) in attributes_of(schema, value)? {
            match AttributePath::parse(&format!("{}:{name}", schema.id), self.patch.kind) {
                Ok(path) => self.at(op, path, None, Some(value), TargetOrigin::ValueMember)?,
                Err(_) => self.notes.unknown(&name),
            }
        }
        Ok(())
    }
}
