//! Parsing of a bulk request (RFC 7644, section 3.7).

use super::{SCHEMA, reference};
use crate::{Normalizations, ResourceType, ScimError, filter, json, patch};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Upper bound of an operation's path and of a `bulkId`, in bytes. A path is an endpoint and an id.
const MAX_PATH: usize = 512;

/// Upper bound of the references in the path of one PATCH operation. It equals the number of comparisons in a filter.
const MAX_REFERENCES: usize = filter::MAX_TERMS;

/// A bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkRequest {
    /// The number of errors after which the remaining operations are skipped. `None`: all are processed.
    pub fail_on_errors: Option<u64>,
    /// The operations, in the order sent.
    pub operations: Vec<BulkOperation>,
}

/// An operation of a bulk request. An error of one does not affect the others.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// The method in capital letters, or as sent if it is unknown.
    pub method: String,
    /// The client's name for the operation.
    pub bulk_id: Option<String>,
    /// The expected version of the resource; see [`Precondition::of_version`](crate::Precondition::of_version).
    pub version: Option<String>,
    /// The request, or the error of the operation.
    pub request: Result<Request, ScimError>,
}

/// The request of one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The resource type.
    pub kind: ResourceType,
    /// The target of the operation; `None` for POST.
    pub id: Option<Id>,
    /// The body of the operation; empty for DELETE.
    pub data: Map<String, Value>,
}

/// The method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Creates the resource.
    Post,
    /// Replaces the resource.
    Put,
    /// Changes a part of the resource.
    Patch,
    /// Deletes the resource.
    Delete,
}

/// The id of a resource in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// The id of an existing resource.
    Existing(String),
    /// The `bulkId` of the operation that creates the resource.
    BulkId(String),
}

impl Method {
    /// The name of the HTTP method.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    const ALL: [Self; 4] = [Self::Post, Self::Put, Self::Patch, Self::Delete];
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Request {
    /// The `bulkId`s that the operation refers to, in its path and in its data.
    pub fn references(&self) -> BTreeSet<String> {
        let mut bulk_ids = BTreeSet::new();
        if let Some(Id::BulkId(bulk_id)) = &self.id {
            bulk_ids.insert(bulk_id.clone());
        }
        self.data.iter().for_each(|(name, value)| reference::find(name, value, &mut bulk_ids));
        bulk_ids
    }

    /// The operation with ids in place of all references. `ids`: the id of each created resource by its `bulkId`.
    ///
    /// # Errors
    /// `invalidValue` that names a `bulkId` without a created resource.
    pub fn resolved(&self, ids: &HashMap<String, String>) -> Result<Self, ScimError> {
        let mut resolved = self.clone();
        if let Some(id) = &mut resolved.id
            && let Id::BulkId(bulk_id) = id
        {
            *id = Id::Existing(reference::id(bulk_id, ids)?.to_owned());
        }
        for (name, value) in &mut resolved.data {
            reference::resolve(name, value, ids)?;
        }
        Ok(resolved)
    }

    /// The operation without the values that refer to these `bulkId`s.
    #[must_use]
    pub fn without(&self, bulk_ids: &BTreeSet<String>) -> Self {
        let mut without = self.clone();
        let mut data = Value::Object(without.data);
        reference::leave_out(&mut data, bulk_ids);
        without.data = match data {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        without
    }
}

impl BulkRequest {
    /// Parses a message. Names are case-insensitive, unknown ones are ignored.
    ///
    /// # Errors
    /// Errors of the message as a whole only: `invalidSyntax` for another kind of message, `invalidValue` for a
    /// `failOnErrors` that is not a positive number, 413 for more than `max_operations`.
    pub fn read(
        body: Map<String, Value>,
        max_operations: usize,
        notes: &mut Normalizations,
    ) -> Result<Self, ScimError> {
        let (mut schemas, mut fail_on_errors, mut operations) = (None, None, None);
        for (name, value) in body {
            match () {
                () if name.eq_ignore_ascii_case("schemas") => schemas = Some(value),
                () if name.eq_ignore_ascii_case("failOnErrors") => fail_on_errors = Some(value),
                () if name.eq_ignore_ascii_case("Operations") => operations = Some(value),
                () => notes.unknown(&name),
            }
        }
        check_schemas(schemas, notes)?;
        let fail_on_errors = match fail_on_errors {
            None | Some(Value::Null) => None,
            // Some clients write 0 for "never", although RFC 7644, section 3.7, leaves the attribute out then.
            Some(value) => match value.as_u64() {
                Some(0) => {
                    notes.add("failOnErrors: 0, treated as missing");
                    None
                }
                Some(number) => Some(number),
                None => return Err(ScimError::invalid_value("failOnErrors: expected an integer of 1 or more")),
            },
        };
        let Some(Value::Array(operations)) = operations else {
            return Err(ScimError::invalid_syntax("Operations: expected an array"));
        };
        if operations.len() > max_operations {
            let count = operations.len();
            let detail = format!("{count} operations, the maximum is {max_operations} per request");
            return Err(ScimError::too_large(detail));
        }
        let mut known = HashSet::new();
        let operations = operations.into_iter().map(|value| operation(value, &mut known)).collect();
        Ok(Self { fail_on_errors, operations })
    }
}

fn check_schemas(schemas: Option<Value>, notes: &mut Normalizations) -> Result<(), ScimError> {
    let is_bulk = |uri: &Value| uri.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SCHEMA));
    match schemas {
        Some(Value::Array(uris)) if uris.iter().any(is_bulk) => Ok(()),
        Some(uri) if is_bulk(&uri) => Ok(()),
        None | Some(Value::Null) => {
            notes.add("schemas: missing, treated as BulkRequest");
            Ok(())
        }
        Some(_) => Err(ScimError::invalid_syntax(format!("schemas: expected an array that includes {SCHEMA}"))),
    }
}

/// The members of an operation, before the checks.
#[derive(Default)]
struct Parts {
    method: Option<Value>,
    path: Option<Value>,
    data: Option<Value>,
}

/// Parses one operation. `bulk_ids`: the `bulkId`s of the resources that the request creates.
fn operation(value: Value, bulk_ids: &mut HashSet<String>) -> BulkOperation {
    let mut parts = Parts::default();
    let (mut bulk_id, mut version) = (None, None);
    let mut wrong = None;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.to_ascii_lowercase().as_str(), value) {
                    (_, Value::Null) => {}
                    ("method", value) => parts.method = Some(value),
                    ("path", value) => parts.path = Some(value),
                    ("data", value) => parts.data = Some(value),
                    ("bulkid", Value::String(text)) if text.len() > MAX_PATH => {
                        wrong = Some(ScimError::invalid_value(format!("bulkId: more than {MAX_PATH} bytes")));
                    }
                    ("bulkid", Value::String(text)) => bulk_id = Some(text),
                    ("version", Value::String(text)) => version = Some(text),
                    (name @ ("bulkid" | "version"), _) => {
                        wrong = Some(ScimError::invalid_value(format!("{name}: expected a string")));
                    }
                    _ => {}
                }
            }
        }
        other => {
            let kind = json::kind(&other);
            wrong = Some(ScimError::invalid_syntax(format!("operation: expected an object, got {kind}")));
        }
    }
    let method = parts.method.as_ref().and_then(Value::as_str).unwrap_or_default().to_ascii_uppercase();
    let request = match wrong {
        Some(error) => Err(error),
        None => request(parts, &method, bulk_id.as_deref(), bulk_ids),
    };
    BulkOperation { method, bulk_id, version, request }
}

fn request(
    parts: Parts,
    method: &str,
    bulk_id: Option<&str>,
    bulk_ids: &mut HashSet<String>,
) -> Result<Request, ScimError> {
    let Some(method) = Method::ALL.into_iter().find(|candidate| candidate.as_str() == method) else {
        return Err(ScimError::invalid_syntax("method must be POST, PUT, PATCH, or DELETE"));
    };
    let path = match &parts.path {
        Some(Value::String(path)) => path,
        _ => return Err(ScimError::invalid_value("path must be a string such as /Users")),
    };
    if path.len() > MAX_PATH {
        return Err(ScimError::invalid_value(format!("path: more than {MAX_PATH} bytes")));
    }
    let (kind, id) = target(path)?;
    match (method, &id, bulk_id) {
        (Method::Post, Some(_), _) => {
            return Err(ScimError::invalid_value("path: POST must not name a resource"));
        }
        (Method::Post, None, None | Some("")) => {
            return Err(ScimError::invalid_value("bulkId is required for POST"));
        }
        (Method::Post, None, Some(bulk_id)) => {
            if !bulk_ids.insert(bulk_id.to_owned()) {
                return Err(ScimError::invalid_value("bulkId: already used by another operation in this request"));
            }
        }
        (_, None, _) => return Err(ScimError::invalid_value("path: the resource id is required")),
        (_, Some(_), _) => {}
    }
    let data = match (method, parts.data) {
        (Method::Delete, _) => Map::new(),
        (_, Some(Value::Object(data))) => data,
        // As in the example of section 3.7.3: the operations without a surrounding message.
        (Method::Patch, Some(operations @ Value::Array(_))) => Map::from_iter([
            ("schemas".to_owned(), Value::from(vec![patch::SCHEMA])),
            ("Operations".to_owned(), operations),
        ]),
        (_, None) => return Err(ScimError::invalid_value("data is required: the request body of the operation")),
        (_, Some(other)) => {
            return Err(ScimError::invalid_value(format!("data: expected an object, got {}", json::kind(&other))));
        }
    };
    if method == Method::Patch {
        check_paths(&data)?;
    }
    Ok(Request { method, kind, id, data })
}

/// References in the paths of a PATCH are replaced before the paths are parsed, so their limits apply here already.
///
/// # Errors
/// `invalidPath`: a path is too long, or has too many references.
fn check_paths(data: &Map<String, Value>) -> Result<(), ScimError> {
    let named = |name: &'static str| move |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    let operations = data.iter().filter(named("Operations")).flat_map(|(_, value)| match value {
        Value::Array(operations) => operations.as_slice(),
        one => std::slice::from_ref(one),
    });
    let paths = operations.filter_map(Value::as_object).flat_map(|parts| parts.iter().filter(named("path")));
    for path in paths.filter_map(|(_, path)| path.as_str()) {
        if path.len() > filter::MAX_LENGTH {
            return Err(ScimError::invalid_path(format!("path: more than {} bytes", filter::MAX_LENGTH)));
        }
        if reference::in_filter(path).nth(MAX_REFERENCES).is_some() {
            return Err(ScimError::invalid_path(format!("path: more than {MAX_REFERENCES} references")));
        }
    }
    Ok(())
}

/// The target of a path: `/Users`, `/Groups/e9e3`, `/Users/bulkId:qwerty`.
fn target(path: &str) -> Result<(ResourceType, Option<Id>), ScimError> {
    let wrong = || ScimError::invalid_value("path must be /Users or /Groups, optionally followed by an id");
    let mut parts = path.trim().trim_matches('/').split('/').filter(|part| !part.is_empty());
    let endpoint = parts.next().ok_or_else(wrong)?;
    let kinds = [ResourceType::User, ResourceType::Group];
    let kind = kinds.into_iter().find(|kind| kind.endpoint().eq_ignore_ascii_case(endpoint)).ok_or_else(wrong)?;
    let id = parts.next().map(|id| match reference::bulk_id(id) {
        Some(bulk_id) => Id::BulkId(bulk_id.to_owned()),
        None => Id::Existing(id.to_owned()),
    });
    if parts.next().is_some() { Err(wrong()) } else { Ok((kind, id)) }
}
