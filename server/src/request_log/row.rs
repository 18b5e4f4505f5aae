//! Rows of the request log: captured requests, parsed, redacted and cut. Only the background task builds them.

use super::{
    address::{self, clean},
    cut,
    json::CapturedJson,
    operation,
    redact::redact,
    shape::reduce_to_shape,
};
use crate::request_log::captured::{CapturedRequest, StoredBody};
use domain::{key, scim_operation::ScimOperation};
use store::ScimRequest;

/// Upper bound in characters.
const MAX_USER_AGENT: usize = 200;
/// Upper bound of the name or id of a target, in characters.
const MAX_NAME: usize = 200;
/// Upper bound of an error, in characters.
const MAX_DETAIL: usize = 500;
/// Upper bound of the lines about failed operations: a heading and 50 operations.
const MAX_FAILURES: usize = 51;
/// The remark on a body of which only the shape is stored.
const SHAPE_REMARK: &str = "Values aren't stored because the request was refused";
/// Upper bound of the notes on a request.
const MAX_NOTES: usize = 20;

/// The row of a request.
pub(super) fn row(captured: CapturedRequest) -> ScimRequest {
    let mut request = Body::read(&captured.request);
    if !is_understood(&captured) {
        request.keep_shape();
    }
    // Discovery responses are long and the same for all clients.
    let has_response = captured.operation != ScimOperation::Discovery || captured.status >= 400;
    let response = if has_response { Body::read(&captured.response) } else { Body::default() };
    let target = captured.notes.target.clone();
    let target = target.or_else(|| operation::of(&captured.method, captured.route.path()).1.map(str::to_owned));
    let is_failure = captured.status == 0 || captured.status >= 400;
    let response_detail = || response.json.as_ref().filter(|_| is_failure)?.text_of(&["detail"]).map(str::to_owned);
    let failed_operations = || {
        let failures = &captured.notes.failures;
        let lines = failures.iter().take(MAX_FAILURES).map(|line| clean(line, MAX_DETAIL));
        let more = failures.len().checked_sub(MAX_FAILURES + 1).map(|more| format!("And {} more", more + 1));
        (!failures.is_empty()).then(|| lines.chain(more).collect::<Vec<_>>().join("\n"))
    };
    let target_name = name(&captured, &request, &response).map(|name| clean(&name, MAX_NAME));
    ScimRequest {
        id: captured.id.as_ref().to_owned(),
        team: captured.caller.team.id.clone(),
        at: captured.at,
        key: captured.caller.key_id,
        key_name: captured.caller.key_name,
        address: captured.caller.address.map(|address| address.to_string()),
        user_agent: captured.user_agent.map(|name| clean(&String::from_utf8_lossy(name.as_bytes()), MAX_USER_AGENT)),
        method: clean(captured.method.as_str(), 20),
        path: address::decoded(&captured.uri),
        operation: captured.operation.name().to_owned(),
        target: target.map(|target| clean(&target, MAX_NAME)),
        target_name,
        status: captured.status.into(),
        micros: i64::try_from(captured.micros).unwrap_or(i64::MAX),
        detail: captured
            .detail
            .map(str::to_owned)
            .or_else(response_detail)
            .map(|detail| clean(&detail, MAX_DETAIL))
            .or_else(failed_operations),
        notes: captured.notes.notes.iter().take(MAX_NOTES).map(|note| clean(note, MAX_DETAIL)).collect(),
        request: request.text,
        answer: response.text,
        changed: captured.notes.changed,
        origin: captured.caller.origin,
    }
}

/// Whether the API understood the body, so that its secrets are known by their names. That is also true for requests that a rule,
/// the state of a resource or an unknown id rejects.
fn is_understood(captured: &CapturedRequest) -> bool {
    match captured.status {
        200..400 => captured.notes.failures.is_empty(),
        403 | 404 | 409 | 412 => true,
        _ => false,
    }
}

/// The name of the target: from the handler, else from the filter, the request or the response.
fn name(captured: &CapturedRequest, request: &Body, response: &Body) -> Option<String> {
    let first_text = |body: &Body, names: &[&str]| body.json.as_ref()?.text_of(names).map(str::to_owned);
    let user = &["userName", "displayName"];
    let group = &["displayName"];
    let from_messages = || match captured.operation {
        ScimOperation::UserList | ScimOperation::GroupList => address::search_value(&captured.uri),
        ScimOperation::Search => address::search_value_of(&first_text(request, &["filter"])?),
        ScimOperation::UserCreate | ScimOperation::UserReplace => first_text(request, user),
        ScimOperation::GroupCreate | ScimOperation::GroupReplace => first_text(request, group),
        ScimOperation::UserGet | ScimOperation::UserPatch => first_text(response, user),
        ScimOperation::GroupGet | ScimOperation::GroupPatch => first_text(response, group),
        _ => None,
    };
    captured.notes.target_name.clone().or_else(from_messages)
}

/// A body for the row.
#[derive(Default)]
struct Body {
    /// JSON, and after a line break the remark.
    text: Option<String>,
    json: Option<CapturedJson>,
    remark: Option<String>,
}

impl Body {
    fn read(stored: &StoredBody) -> Self {
        let total_bytes = stored.total_bytes;
        if total_bytes == 0 {
            return Self::default();
        }
        let without =
            |why: &str| Self { text: Some(format!("\n{total_bytes} bytes, {why}")), json: None, remark: None };
        if stored.head.is_empty() {
            return without("not stored: too many requests at once");
        }
        let is_cut = stored.head.len() < total_bytes;
        let json = if is_cut {
            cut::close(&stored.head).and_then(|start| serde_json::from_slice(&start).ok())
        } else {
            serde_json::from_slice(&stored.head).ok()
        };
        let Some(mut json): Option<CapturedJson> = json else { return without("not stored: not JSON") };
        redact(&mut json);
        let remark = is_cut.then(|| format!("First part of {total_bytes} bytes"));
        match text(&json, remark.as_deref()) {
            Some(text) => Self { text: Some(text), json: Some(json), remark },
            None => without("not kept"),
        }
    }

    /// Reduces the text to names and types. The parsed body stays, because the target's name is read from it.
    fn keep_shape(&mut self) {
        let Some(mut json) = self.json.clone() else { return };
        reduce_to_shape(&mut json);
        let start = self.remark.as_ref().map(|remark| format!("{remark}. ")).unwrap_or_default();
        let remark = format!("{start}{SHAPE_REMARK}");
        self.text = text(&json, Some(&remark));
    }
}

/// JSON with API keys redacted, and after a line break the remark.
fn text(json: &CapturedJson, remark: Option<&str>) -> Option<String> {
    let text = key::redact(&serde_json::to_string(json).ok()?).into_owned();
    Some(match remark {
        None => text,
        Some(remark) => [&text, "\n", remark].concat(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::*, *};
    use crate::{caller::Caller, request_log::captured::BodySnippet};
    use axum::{body::Bytes, http::Method};
    use domain::{id::TeamId, key::KeyId, plan::Plan, role::Role, scim_client::RequestOrigin};
    use std::sync::Arc;
    use store::TeamRow;

    fn team() -> TeamRow {
        TeamRow {
            id: TeamId::new("team"),
            slug: "acme".into(),
            name: "Acme".into(),
            plan: Plan::Enterprise,
            scim_on: true,
            member_count: 0,
            group_count: 0,
            stored_bytes: 0,
            created_at: 1,
        }
    }

    pub(in crate::request_log) fn captured(operation: ScimOperation, status: u16) -> CapturedRequest {
        CapturedRequest {
            id: "id".into(),
            caller: Caller {
                team: Arc::new(team()),
                key_id: KeyId::new("key"),
                key_name: "Okta".into(),
                origin: RequestOrigin::Provider,
                max_role: Role::Admin,
                address: None,
                request: None,
                is_internal: false,
            },
            at: 7,
            user_agent: None,
            method: Method::POST,
            uri: BodySnippet::uri(&"/scim/v2//Users".parse().unwrap()),
            route: BodySnippet::uri(&"/Users".parse().unwrap()),
            operation,
            status,
            micros: 1,
            detail: None,
            notes: RequestNotes::default(),
            request: StoredBody::of(&Bytes::from_static(br#"{"userName":"ada","password":"SECRET"}"#), 1_000),
            response: StoredBody::default(),
        }
    }

    fn stored(body: &str, most: usize) -> StoredBody {
        StoredBody::of(&Bytes::from(body.to_owned()), most)
    }

    #[test]
    fn a_change_has_a_redacted_body_and_a_target() {
        let row = row(CapturedRequest {
            user_agent: BodySnippet::header(&"x".repeat(300).parse().unwrap()),
            ..captured(ScimOperation::UserCreate, 201)
        });
        assert_eq!(row.request.as_deref(), Some(r#"{"userName":"ada","password":"•••"}"#));
        assert_eq!((row.target_name.as_deref(), row.path.as_str()), (Some("ada"), "/scim/v2//Users"));
        assert_eq!(row.user_agent.unwrap().chars().count(), 201);
        assert_eq!((row.answer, row.detail, row.target), (None, None, None));
    }

    #[test]
    fn the_detail_of_a_failure_comes_from_its_response() {
        let response = stored(r#"{"schemas":[],"status":"409","detail":"taken\u0000"}"#, 1_000);
        let failed = row(CapturedRequest { response: response.clone(), ..captured(ScimOperation::UserCreate, 409) });
        assert_eq!(failed.detail.as_deref(), Some("taken\u{FFFD}"));
        assert!(!failed.answer.unwrap().contains('\0'));
        let other =
            row(CapturedRequest { response, detail: Some("wrong"), ..captured(ScimOperation::UserCreate, 409) });
        assert_eq!(other.detail.as_deref(), Some("wrong"));
    }

    #[test]
    fn bodies_that_are_not_json_are_not_stored() {
        for body in ["password=SECRET", "{\"password\":\"SECRET\"", "\u{FEFF}SECRET"] {
            let row = row(CapturedRequest { request: stored(body, 1_000), ..captured(ScimOperation::UserCreate, 400) });
            let expected = format!("\n{} bytes, not stored: not JSON", body.len());
            assert_eq!(row.request.as_deref(), Some(expected.as_str()));
        }
        let deep = row(CapturedRequest {
            request: stored(&"[".repeat(10_000), 5_000),
            ..captured(ScimOperation::UserCreate, 400)
        });
        assert_eq!(deep.request.as_deref(), Some("\n10000 bytes, not stored: not JSON"));
    }

    #[test]
    fn a_long_body_is_cut_between_values() {
        let body = r#"{"displayName":"G","members":[{"value":"1"},{"value":"2"},{"value":"3"}]}"#;
        let row = row(CapturedRequest { request: stored(body, 60), ..captured(ScimOperation::GroupCreate, 201) });
        assert_eq!(
            row.request.as_deref(),
            Some("{\"displayName\":\"G\",\"members\":[{\"value\":\"1\"},{\"value\":\"2\"}]}\nFirst part of 73 bytes")
        );
        assert_eq!(row.target_name.as_deref(), Some("G"));
    }

    #[test]
    fn rejected_bodies_are_reduced_to_their_shape() {
        let stored_text = |status, operation| row(captured(operation, status)).request.unwrap();
        let expected = r#"{"userName":"ada","password":"•••"}"#;
        let shape = "{\"userName\":\"•••\",\"password\":\"•••\"}\nValues aren't stored because the request was refused";
        for status in [200, 201, 403, 404, 409, 412] {
            assert_eq!(stored_text(status, ScimOperation::UserCreate), expected, "{status}");
        }
        for status in [0, 400, 401, 405, 413, 415, 429, 500, 503] {
            assert_eq!(stored_text(status, ScimOperation::UserCreate), shape, "{status}");
        }
        assert_eq!(stored_text(404, ScimOperation::Unknown), expected);
        let result = row(captured(ScimOperation::UserCreate, 400));
        assert_eq!(result.target_name.as_deref(), Some("ada"), "what it was about is known all the same");
    }

    #[test]
    fn a_bulk_with_a_failed_operation_is_reduced_to_its_shape() {
        let body = r#"{"Operations":[{"method":"POST","path":"/Users","data":{"userName":["ada"]}}]}"#;
        let notes = RequestNotes { failures: vec!["1 of 1 operations failed".into()], ..RequestNotes::default() };
        let row = row(CapturedRequest { request: stored(body, 1_000), notes, ..captured(ScimOperation::Bulk, 200) });
        assert!(!row.request.unwrap().contains("ada"));
    }

    #[test]
    fn api_keys_in_values_are_redacted() {
        let body = r#"{"userName":"rc_scim_0123456789ab_SECRET!"}"#;
        let row = row(CapturedRequest { request: stored(body, 1_000), ..captured(ScimOperation::UserCreate, 201) });
        assert_eq!(row.request.as_deref(), Some(r#"{"userName":"rc_scim_•••!"}"#));
        assert_eq!(row.target_name.as_deref(), Some("rc_scim_•••!"));
    }
}
