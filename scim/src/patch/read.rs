//! Reading a PATCH message (RFC 7644, section 3.5.2).

use super::{
    MAX_OPERATIONS, MAX_VALUES, MemberChange, Patch, SCHEMA,
    member::Op,
    step::{Change, Step},
};
use crate::{
    AttributePath, Error, Filter, Kind, Notes, Path, Target,
    attribute_path::find,
    document::{mended, value},
    json,
    schema::{Attribute, Mutability, Schema, Type},
};
use serde_json::{Map, Value};

/// Reads a message; see [`Patch::read`].
pub(super) fn read(body: Map<String, Value>, kind: Kind, notes: &mut Notes) -> Result<Patch, Error> {
    let (mut schemas, mut operations) = (None, None);
    for (name, value) in body {
        match () {
            () if name.eq_ignore_ascii_case("schemas") => schemas = Some(value),
            () if name.eq_ignore_ascii_case("Operations") => operations = Some(value),
            () => notes.add(format!("{name}: unknown attribute, ignored")),
        }
    }
    check_schemas(schemas, notes)?;
    let operations = match operations {
        Some(Value::Array(operations)) => operations,
        Some(operation @ Value::Object(_)) => {
            notes.add("Operations: one operation taken as a list of one");
            vec![operation]
        }
        None | Some(Value::Null) => return Err(Error::invalid_syntax("Operations is missing: a list is expected")),
        Some(_) => return Err(Error::invalid_syntax("Operations: a list of operations is expected")),
    };
    let count = operations.len();
    if count == 0 {
        return Err(Error::invalid_syntax("Operations is empty: at least one is expected"));
    }
    if count > MAX_OPERATIONS {
        let detail = format!("Operations: {count} operations, at most {MAX_OPERATIONS} are possible in one request");
        return Err(Error::invalid_value(detail));
    }
    let patch = Patch { kind, steps: Vec::with_capacity(count), members: Vec::new() };
    let mut reader = Reader { patch, notes, operation: None, values: 0 };
    for (i, operation) in operations.into_iter().enumerate() {
        let number = (count > 1).then_some(i + 1);
        reader.operation = number;
        reader.operation(operation).map_err(|error| match number {
            Some(number) => error.at(format_args!("operation {number}")),
            None => error,
        })?;
    }
    Ok(reader.patch)
}

fn check_schemas(schemas: Option<Value>, notes: &mut Notes) -> Result<(), Error> {
    let is_patch = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SCHEMA));
    match schemas {
        Some(Value::Array(uris)) if uris.iter().any(is_patch) => Ok(()),
        Some(uri @ Value::String(_)) if is_patch(&uri) => {
            notes.add("schemas: one value taken as a list of one");
            Ok(())
        }
        None | Some(Value::Null) => {
            notes.add("schemas: missing, taken as PatchOp");
            Ok(())
        }
        Some(Value::Array(uris)) if uris.is_empty() => {
            notes.add("schemas: missing, taken as PatchOp");
            Ok(())
        }
        Some(_) => Err(Error::invalid_syntax(format!("schemas: a list with {SCHEMA} is expected"))),
    }
}

struct Reader<'n> {
    patch: Patch,
    notes: &'n mut Notes,
    /// Which operation is being read, if there are several.
    operation: Option<usize>,
    /// How many values of lists there were so far.
    values: usize,
}

/// Where an operation's target was named: a path is meant, a name in a value may just be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    ByPath,
    InValue,
}

impl Reader<'_> {
    fn operation(&mut self, operation: Value) -> Result<(), Error> {
        let Value::Object(members) = operation else {
            let sent = json::kind(&operation);
            return Err(Error::invalid_syntax(format!("Operations: an object is expected, not {sent}")));
        };
        let (mut op, mut path, mut value) = (None, None, None);
        for (name, member) in members {
            match () {
                () if name.eq_ignore_ascii_case("op") => op = Some(member),
                () if name.eq_ignore_ascii_case("path") => path = Some(member),
                () if name.eq_ignore_ascii_case("value") => value = Some(member),
                // Such as Entra ID's "name": "addMember".
                () => {}
            }
        }
        let op = self.op(op)?;
        match path {
            None | Some(Value::Null) => self.without_path(op, value),
            Some(Value::String(path)) if path.trim().is_empty() => {
                self.notes.add("path: empty, taken as none");
                self.without_path(op, value)
            }
            Some(Value::String(path)) => {
                let path = Path::parse(&mended(&path, self.notes), self.patch.kind, self.notes)?;
                if op != Op::Remove && value.is_none() {
                    return Err(Error::invalid_value("value is missing: it says what is to be set"));
                }
                match path {
                    Path::Attribute(path) => self.at(op, path, None, value, Named::ByPath),
                    Path::Values { path, filter } => self.at(op, path, Some(filter), value, Named::ByPath),
                    Path::Extension(schema) => self.extension(op, schema, value),
                }
            }
            Some(other) => {
                let sent = json::kind(&other);
                Err(Error::invalid_path(format!("path: a text is expected, not {sent}")))
            }
        }
    }

    fn op(&mut self, op: Option<Value>) -> Result<Op, Error> {
        let wrong = || Error::invalid_syntax("op: “add”, “replace” or “remove” is expected");
        let op = op.ok_or_else(|| Error::invalid_syntax("op is missing: “add”, “replace” or “remove” is expected"))?;
        let name = op.as_str().ok_or_else(wrong)?;
        let known = [("add", Op::Add), ("replace", Op::Replace), ("remove", Op::Remove)];
        let (canonical, op) = known.into_iter().find(|(op, _)| op.eq_ignore_ascii_case(name)).ok_or_else(wrong)?;
        if canonical != name {
            self.notes.add("op: with capital letters");
        }
        Ok(op)
    }

    /// The value holds attributes by name.
    fn without_path(&mut self, op: Op, value: Option<Value>) -> Result<(), Error> {
        if op == Op::Remove {
            return Err(Error::no_target("path is missing: it says what is to be removed"));
        }
        let attributes = match value {
            Some(Value::Object(attributes)) => attributes,
            None => return Err(Error::invalid_value("value is missing: it says what is to be set")),
            Some(other) => {
                let sent = json::kind(&other);
                return Err(Error::invalid_value(format!("value: without a path an object is expected, not {sent}")));
            }
        };
        for (name, value) in attributes {
            self.named(op, &name, value)?;
        }
        Ok(())
    }

    /// A name in a value, and what stands behind it.
    fn named(&mut self, op: Op, name: &str, value: Value) -> Result<(), Error> {
        let kind = self.patch.kind;
        let name = &*mended(name, self.notes);
        if name.eq_ignore_ascii_case(kind.core().id) {
            return self.inside(op, kind.core(), value);
        }
        match Target::parse(name, kind) {
            Ok(Target::Extension(schema)) => self.extension(op, schema, Some(value)),
            Ok(Target::Attribute(path)) => {
                if path.sub.is_some() || name.contains(':') {
                    self.notes.add(format!("{name}: a path in place of a name, taken as what it leads to"));
                }
                self.at(op, path, None, Some(value), Named::InValue)
            }
            Err(_) if name.contains('[') => match Path::parse(name, kind, self.notes)? {
                Path::Values { path, filter } => {
                    self.notes.add("value: a path with a filter in place of a name, taken as what it leads to");
                    self.at(op, path, Some(filter), Some(value), Named::InValue)
                }
                _ => Ok(()),
            },
            Err(_) => {
                self.notes.add(format!("{name}: unknown attribute, ignored"));
                Ok(())
            }
        }
    }

    fn extension(&mut self, op: Op, schema: &'static Schema, value: Option<Value>) -> Result<(), Error> {
        match (op, value) {
            (Op::Remove, _) | (Op::Replace, Some(Value::Null)) => {
                self.patch.steps.push(Step::RemoveExtension(schema));
                Ok(())
            }
            (_, value) => self.inside(op, schema, value.unwrap_or_default()),
        }
    }

    /// The value holds attributes of one schema by name.
    fn inside(&mut self, op: Op, schema: &'static Schema, value: Value) -> Result<(), Error> {
        let attributes = match value {
            Value::Null => return Ok(()),
            Value::Object(attributes) => attributes,
            other => {
                let (id, sent) = (schema.id, json::kind(&other));
                return Err(Error::invalid_value(format!("{id}: an object is expected, not {sent}")));
            }
        };
        for (name, value) in attributes {
            match AttributePath::parse(&format!("{}:{name}", schema.id), self.patch.kind) {
                Ok(path) => self.at(op, path, None, Some(value), Named::InValue)?,
                Err(_) => self.notes.add(format!("{name}: unknown attribute, ignored")),
            }
        }
        Ok(())
    }

    /// An operation at an attribute, a part of one, or some values of one.
    fn at(
        &mut self,
        op: Op,
        path: AttributePath,
        filter: Option<Filter>,
        value: Option<Value>,
        named: Named,
    ) -> Result<(), Error> {
        if !self.is_writable(op, path, named)? {
            return Ok(());
        }
        // As RFC 7643, section 2.5, has it: to null is to nothing.
        let value = value.filter(|value| !value.is_null());
        if MemberChange::is_meant(path, self.patch.kind) {
            // What knows nothing of the members writes null, too: nobody loses a group over that.
            if named == Named::InValue && value.is_none() {
                self.notes.add("members: null, ignored");
                return Ok(());
            }
            let change = MemberChange::read(op, path, filter, value, self.notes)?;
            self.patch.members.extend(change);
            return Ok(());
        }
        let attribute = path.attribute;
        match (op, value) {
            (Op::Remove, Some(value)) if attribute.multi_valued && path.sub.is_none() && filter.is_none() => {
                let values = match value::canonical(attribute, None, value, self.notes)? {
                    Some(Value::Array(values)) => values,
                    _ => Vec::new(),
                };
                self.count(values.len())?;
                self.step(path, None, Change::RemoveValues(values));
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

    /// Whether clients can change it; if not, and only named in a value, it is ignored (RFC 7644, section 3.5.1).
    fn is_writable(&mut self, op: Op, path: AttributePath, named: Named) -> Result<bool, Error> {
        let name = path.attribute.name;
        if path.attribute.mutability == Mutability::WriteOnly {
            self.notes.add(format!("{name}: accepted and dropped"));
            return Ok(false);
        }
        // Which schemas a resource has follows from its attributes.
        let given = name == "schemas" && !path.is_extension();
        let read_only = [Some(path.attribute), path.sub].into_iter().flatten().any(|a| a.mutability == Mutability::ReadOnly);
        match (named, read_only, given) {
            (_, false, false) => Ok(true),
            (Named::InValue, ..) => {
                self.notes.add(format!("{path}: read-only, ignored"));
                Ok(false)
            }
            (Named::ByPath, _, true) if op != Op::Remove => {
                self.notes.add("schemas: follows from the attributes, ignored");
                Ok(false)
            }
            (Named::ByPath, ..) => Err(Error::mutability(match name {
                "roles" => "roles is read-only: roles are given by hand or by groups in Rollcall".to_owned(),
                "groups" => "groups is read-only: who is in a group is changed through the group".to_owned(),
                _ => format!("{path} is read-only"),
            })),
        }
    }

    fn remove(&mut self, path: AttributePath, filter: Option<Filter>) -> Result<(), Error> {
        if path.attribute.required && path.sub.is_none() {
            return Err(Error::mutability(format!("{path} is required: it cannot be removed")));
        }
        self.step(path, filter, Change::Remove);
        Ok(())
    }

    /// At a list, or at values in it.
    fn values(&mut self, op: Op, path: AttributePath, filter: Option<Filter>, value: Value) -> Result<(), Error> {
        let attribute = path.attribute;
        let (mut path, mut value) = (path, value);
        if let (true, None, Value::Array(values)) = (filter.is_some(), path.sub, &mut value)
            && values.len() == 1
        {
            self.notes.add(format!("{}: list of one value taken as the value", attribute.name));
            value = values.pop().unwrap_or_default();
        }
        // Text in place of a value is its main part: the others stay.
        if filter.is_some() && path.sub.is_none() && !(value.is_object() || value.is_array()) {
            path.sub = find(attribute.sub_attributes, "value");
            self.notes.add(format!("{}: {} taken as its value", attribute.name, json::kind(&value)));
        }
        let canonical = match (path.sub, &filter) {
            (Some(part), _) => value::canonical(part, Some(attribute), value, self.notes)?,
            (None, None) => value::canonical(attribute, None, value, self.notes)?,
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

    /// A complex value: each part that is given is set, or removed where it is null; the others stay (RFC 7644, sections
    /// 3.5.2.1 and 3.5.2.3).
    fn parts(&mut self, op: Op, path: AttributePath, value: Value) -> Result<(), Error> {
        let attribute = path.attribute;
        let mut value = match value {
            Value::Array(mut values) if values.len() == 1 => {
                self.notes.add(format!("{}: list of one value taken as the value", attribute.name));
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
        let mut known = Vec::with_capacity(parts.len());
        for (name, value) in parts {
            match find(attribute.sub_attributes, &name) {
                None => self.notes.add(format!("{}.{name}: unknown attribute, ignored", attribute.name)),
                Some(part) => known.push((part, value)),
            }
        }
        // In the schema's order: a reference is set after the value that it leads to.
        known.sort_by_key(|(part, _)| attribute.sub_attributes.iter().position(|other| other.name == part.name));
        for (part, value) in known {
            let mut path = path;
            path.sub = Some(part);
            self.at(op, path, None, Some(value), Named::InValue)?;
        }
        Ok(())
    }

    /// One value that is not complex.
    fn single(
        &mut self,
        op: Op,
        path: AttributePath,
        attribute: &'static Attribute,
        parent: Option<&'static Attribute>,
        value: Value,
    ) -> Result<(), Error> {
        match value::canonical(attribute, parent, value, self.notes)? {
            Some(value) => {
                self.step(path, None, change(op, value));
                Ok(())
            }
            None if op == Op::Add => Ok(()),
            None => self.remove(path, None),
        }
    }

    fn step(&mut self, path: AttributePath, filter: Option<Filter>, change: Change) {
        self.patch.steps.push(Step::At { operation: self.operation, path, filter, change });
    }

    fn count(&mut self, values: usize) -> Result<(), Error> {
        self.values = self.values.saturating_add(values);
        if self.values > MAX_VALUES {
            return Err(Error::invalid_value(format!("more than {MAX_VALUES} values of lists in one request")));
        }
        Ok(())
    }
}

fn change(op: Op, value: Value) -> Change {
    match op {
        Op::Replace => Change::Replace(value),
        _ => Change::Add(value),
    }
}
