//! PATCH requests of identity providers and of the RFC, and their results.

use super::*;
use crate::ScimType;
use serde_json::json;

mod dialects;
mod members;
mod properties;
mod rejections;
mod rfc;
mod rules;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn message(operations: Value) -> Map<String, Value> {
    object(json!({"schemas": [SCHEMA], "Operations": operations}))
}

fn read(kind: ResourceType, operations: Value) -> (Result<Patch, ScimError>, Normalizations) {
    let mut notes = Normalizations::new();
    (Patch::read(message(operations), kind, &mut notes), notes)
}

/// The document after the operations, and the notes.
fn try_user(before: Value, operations: Value) -> Result<(Value, Vec<String>), ScimError> {
    let mut before = object(before);
    before.entry("userName").or_insert(json!("ada"));
    let document = ResourceDocument::from_stored(ResourceType::User, before);
    let (patch, mut notes) = read(ResourceType::User, operations);
    let mut after = patch?.apply(&document, &mut notes)?.into_map();
    if after.get("userName") == Some(&json!("ada")) {
        after.remove("userName");
    }
    Ok((Value::Object(after), notes.iter().map(str::to_owned).collect()))
}

#[track_caller]
fn user(before: Value, operations: Value) -> (Value, Vec<String>) {
    try_user(before, operations).unwrap()
}

/// Checks operations on a User that need no notes.
#[track_caller]
fn changes(before: Value, operations: Value, after: Value) {
    assert_eq!(user(before, operations.clone()), (after, vec![]), "{operations}");
}

#[track_caller]
fn refused(before: Value, operations: Value, scim_type: ScimType, detail: &str) {
    let error = try_user(before, operations).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.scim_type()), (detail, Some(scim_type)));
    assert_eq!(error.status(), 400);
}

/// The changes of a group's members. The document stays the same.
#[track_caller]
fn members(operations: Value) -> (Vec<MemberChange>, Vec<String>) {
    let (patch, notes) = read(ResourceType::Group, operations);
    let patch = patch.unwrap();
    assert!(!patch.changes_document());
    (patch.members, notes.iter().map(str::to_owned).collect())
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

fn work(address: &str) -> Value {
    json!({"value": address, "type": "work", "primary": true})
}

fn home(address: &str) -> Value {
    json!({"value": address, "type": "home"})
}
