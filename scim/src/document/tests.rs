//! Resources of clients and their canonical form.

use super::*;
use crate::ScimType;
use serde_json::json;

mod clients;
pub(crate) mod properties;
mod rules;
mod values;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn read(kind: ResourceType, body: Value) -> (Result<ResourceDocument, ScimError>, Vec<String>) {
    let mut notes = Normalizations::new();
    let document = ResourceDocument::read(object(body), kind, &mut notes);
    (document, notes.iter().map(str::to_owned).collect())
}

/// The stored form of a User with `schemas` and `userName`, and the notes.
#[track_caller]
fn user(mut body: Value) -> (Value, Vec<String>) {
    body["schemas"] = json!([CORE]);
    body["userName"] = json!("ada");
    let (document, notes) = read(ResourceType::User, body);
    let mut map = document.unwrap().into_map();
    assert_eq!(map.remove("userName"), Some(json!("ada")));
    (Value::Object(map), notes)
}

#[track_caller]
fn refused(kind: ResourceType, body: Value) -> String {
    let error = read(kind, body).0.unwrap_err();
    assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::InvalidValue)), "{error}");
    error.to_string()
}
