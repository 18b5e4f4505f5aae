//! Operations on one attribute, converted to steps with canonical values or to changes of members.

use super::{
    MAX_VALUES, MemberChange,
    member::Op,
    read::{PatchReader, TargetOrigin},
    schemas::SchemaClaim,
    step::{PatchChange, PatchStep},
};
use crate::{
    AttributePath, Filter, ScimError,
    attribute_path::find,
    document::value,
    schema::{Attribute, Mutability, Tolerance, Type},
};
use serde_json::Value;

impl PatchReader<'_> {
    /// An operation at an attribute, a part of one, or some values of one.
    pub(super) fn at(
        &mut self,
        op: Op,
        path: AttributePath,
        filter: Option<Filter>,
        value: Option<Value>,
        origin: TargetOrigin,
    ) -> Result<(), ScimError> {
        // The schemas of a resource follow from its attributes.
        if path.attribute.name == "schemas" && !path.is_extension() {
            let claim = SchemaClaim::read(op, value, self.operation, self.notes)?;
            self.patch.schemas.push(claim);
            return Ok(());
        }
        if !self.is_writable(path, origin)? {
            return Ok(());
        }
        // A null value is no value (RFC 7643, section 2.5).
        let value = value.filter(|value| !value.is_null());
        if MemberChange::is_at_members(path, self.patch.kind) {
            // A client that does not know the members sends null too, which must not empty the group.
            if origin == TargetOrigin::ValueMember && value.is_none() {
                self.notes.add("members: null, ignored");
                return Ok(());
            }
            let value = value.map(|value| self.as_list(path.attribute, value));
            let change = MemberChange::read(op, path, filter, value, self.notes)?;
            self.patch.members.extend(change);
            return Ok(());
        }
        let attribute = path.attribute;
        match (op, value) {
            (Op::Remove, Some(value)) if attribute.multi_valued && path.sub.is_none() && filter.is_none() => {
                let value = self.as_list(attribute, value);
                let values = match value::canonical(attribute, None, value, self.notes)? {
                    Some(Value::Array(values)) => values,
                    _ => Vec::new(),
                };
                self.count(values.len())?;
                self.step(path, None, PatchChange::RemoveValues(values));
                Ok(())
            }
            (Op::Remove, _) => self.remove(path, filter),
            (Op::Add, None) => Ok(()),
            (Op::Replace, None) => self.remove(path, filter),
            (op, Some(value)) if attribute.multi_valued => self.values(op, path, filter, value),
            (op, Some(value)) => match path.sub {
                None if attribute.kind == Type::Complex => self.parts(op, path, value),
                None => self.single(op, path, attribute, None, value),
                Some(part) => self.single(op, path, part, Some(attribute), value),
            },
        }
    }

    /// A single object for a list is one of its values (RFC 7644, section 3.5.2.1).
    fn as_list(&mut self, attribute: &Attribute, value: Value) -> Value {
        match value {
            value @ Value::Object(_) => {
                self.notes.add(format!("{}: single value treated as an array", attribute.name));
                Value::Array(vec![value])
            }
            other => other,
        }
    }

    /// Whether clients can change the attribute. A readOnly attribute that is only named in a value is ignored (RFC
    /// 7644, section 3.5.1).
    fn is_writable(&mut self, path: AttributePath, origin: TargetOrigin) -> Result<bool, ScimError> {
        let name = path.attribute.name;
        if path.attribute.mutability == Mutability::WriteOnly {
            self.notes.add(format!("{name}: ignored"));
            return Ok(false);
        }
        let read_only =
            [Some(path.attribute), path.sub].into_iter().flatten().any(|a| a.mutability == Mutability::ReadOnly);
        match (origin, read_only) {
            (_, false) => Ok(true),
            (TargetOrigin::ValueMember, true) => {
                self.notes.add(format!("{path}: read-only, ignored"));
                Ok(false)
            }
            (TargetOrigin::Path, true) => Err(ScimError::mutability(match name {
                "roles" => "roles is read-only. Roles are assigned in Rollcall, manually or by groups".to_owned(),
                "groups" => "groups is read-only. Change membership on the Group".to_owned(),
                _ => format!("{path} is read-only"),
            })),
        }
    }

    fn remove(&mut self, path: AttributePath, filter: Option<Filter>) -> Result<(), ScimError> {
        if path.attribute.required && path.sub.is_none() {
            return Err(ScimError::mutability(format!("{path} is required and can't be removed")));
        }
        self.step(path, filter, PatchChange::Remove);
        Ok(())
    }

    /// An operation at a list, or at values in it.
    fn values(&mut self, op: Op, path: AttributePath, filter: Option<Filter>, value: Value) -> Result<(), ScimError> {
        let attribute = path.attribute;
        let canonical = match (path.sub, &filter) {
            (Some(part), _) => value::canonical(part, Some(attribute), value, self.notes)?,
            (None, None) => {
                let value = self.as_list(attribute, value);
                value::canonical(attribute, None, value, self.notes)?
            }
            (None, Some(_)) => value::element(attribute, value, self.notes)?,
        };
        match canonical {
            Some(value) => {
                self.count(value.as_array().map_or(1, Vec::len))?;
                self.step(path, filter, change(op, value));
                Ok(())
            }
            None if op == Op::Add => Ok(()),
            None => self.remove(path, filter),
        }
    }

    /// A complex value: each part in it is set, or removed if it is null. The others stay (RFC 7644, sections 3.5.2.1
    /// and 3.5.2.3).
    fn parts(&mut self, op: Op, path: AttributePath, value: Value) -> Result<(), ScimError> {
        let attribute = path.attribute;
        let mut value = match value {
            Value::Array(mut values) if values.len() == 1 && attribute.tolerance == Tolerance::BareTextOrList => {
                self.notes.add(format!("{}: single-item array treated as a value", attribute.name));
                values.pop().unwrap_or_default()
            }
            value => value,
        };
        if !value.is_object() {
            value = match value::canonical(attribute, None, value, self.notes)? {
                Some(value) => value,
                None if op == Op::Add => return Ok(()),
                None => return self.remove(path, None),
            };
        }
        let Value::Object(parts) = value else { return Ok(()) };
        let mut known_parts = Vec::with_capacity(parts.len());
        for (name, value) in parts {
            match find(attribute.sub_attributes, &name) {
                None => self.notes.unknown(&format!("{}.{name}", attribute.name)),
                Some(part) => known_parts.push((part, value)),
            }
        }
        // In the schema's order, so that a reference is set after its value.
        known_parts.sort_by_key(|(part, _)| attribute.sub_attributes.iter().position(|other| other.name == part.name));
        for (part, value) in known_parts {
            let mut path = path;
            path.sub = Some(part);
            self.at(op, path, None, Some(value), TargetOrigin::ValueMember)?;
        }
        Ok(())
    }

    /// A single value that is not complex.
    fn single(
        &mut self,
        op: Op,
        path: AttributePath,
        attribute: &'static Attribute,
        parent: Option<&'static Attribute>,
        value: Value,
    ) -> Result<(), ScimError> {
        match value::canonical(attribute, parent, value, self.notes)? {
            Some(value) => {
                self.step(path, None, change(op, value));
                Ok(())
            }
            None if op == Op::Add => Ok(()),
            None => self.remove(path, None),
        }
    }

    fn step(&mut self, path: AttributePath, filter: Option<Filter>, change: PatchChange) {
        self.patch.steps.push(PatchStep::At { operation: self.operation, path, filter, change });
    }

    fn count(&mut self, values: usize) -> Result<(), ScimError> {
        self.values = self.values.saturating_add(values);
        if self.values > MAX_VALUES {
            return Err(ScimError::invalid_value(format!(
                "more than {MAX_VALUES} values of multi-valued attributes in one request"
            )));
        }
        Ok(())
    }
}

fn change(op: Op, value: Value) -> PatchChange {
    match op {
        Op::Replace => PatchChange::Replace(value),
        _ => PatchChange::Add(value),
    }
}
