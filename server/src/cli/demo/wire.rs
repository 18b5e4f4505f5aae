//! What the provider sent, and what was answered, as it is written down.

use super::polls;
use crate::scim_sync::Caller;
use domain::{UnixMs, scim_operation::ScimOperation};
use serde_json::{Value, json};
use store::{ScimRequest, ScimUser, TeamRow};

/// A request that changed something.
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) operation: ScimOperation,
    pub(super) target: String,
    pub(super) name: String,
    pub(super) status: i64,
    pub(super) request: Value,
    pub(super) answer: Option<Value>,
}

impl Sent {
    pub(super) fn row(self, team: &TeamRow, by: &Caller, at: UnixMs) -> ScimRequest {
        ScimRequest {
            id: self.id,
            method: self.method.to_owned(),
            path: self.path,
            operation: self.operation.name().to_owned(),
            target: Some(self.target),
            target_name: Some(self.name),
            status: self.status,
            micros: 3_100 + at.rem_euclid(2_900),
            request: Some(self.request.to_string()),
            answer: self.answer.map(|answer| answer.to_string()),
            changed: true,
            ..polls::list(team, by, at)
        }
    }
}

/// The User as it is answered.
pub(super) fn answer(user: &ScimUser) -> Value {
    let mut answer = read(&user.document);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("id".to_owned(), user.id.as_str().into());
        fields.insert("active".to_owned(), user.active.unwrap_or(true).into());
        fields.insert("meta".to_owned(), json!({"resourceType": "User", "version": format!("W/\"{}\"", user.version)}));
    }
    answer
}

/// The name that the provider knows somebody by.
pub(super) fn user_name(document: &str) -> String {
    read(document).get("userName").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn read(document: &str) -> Value {
    serde_json::from_str(document).unwrap_or_default()
}
