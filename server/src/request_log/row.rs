//! From what was put aside to what is written down: read, redacted, cut. Never on the way of a request.

use super::{
    address::{self, clean},
    cut,
    json::CapturedJson,
    operation,
    redact::redact,
    shape::shape,
};
use crate::request_log::captured::{CapturedRequest, StoredBody};
use domain::{key, scim_operation::ScimOperation};
use store::ScimRequest;

/// The longest name of a client, in characters.
const USER_AGENT: usize = 200;
/// The longest name or id of a target, in characters.
const NAME: usize = 200;
/// The longest sentence on what was wrong, in characters.
const DETAIL: usize = 500;
/// The most operations of one request that are named because they failed, and the sentence before them.
const FAILURES: usize = 51;
/// What is said about a body of which only the shape is kept.
const REFUSED: &str = "Values aren't stored because the request was refused";
/// The most notes on one request.
const NOTES: usize = 20;

/// The row of a request.
pub(super) fn row(seen: CapturedRequest) -> ScimRequest {
    let mut request = Body::read(&seen.request);
    if !is_understood(&seen) {
        request.keep_shape();
    }
    // What the API can do is the same for everybody, and long.
    let has_answer = seen.operation != ScimOperation::Discovery || seen.status >= 400;
    let answer = if has_answer { Body::read(&seen.answer) } else { Body::default() };
    let target = seen.recorded.target.clone();
    let target = target.or_else(|| operation::of(&seen.method, seen.route.path()).1.map(str::to_owned));
    let failed = seen.status == 0 || seen.status >= 400;
    let said = || answer.json.as_ref().filter(|_| failed)?.text_of(&["detail"]).map(str::to_owned);
    let parts = || {
        let failures = &seen.recorded.failures;
        let lines = failures.iter().take(FAILURES).map(|line| clean(line, DETAIL));
        let more = failures.len().checked_sub(FAILURES + 1).map(|more| format!("And {} more", more + 1));
        (!failures.is_empty()).then(|| lines.chain(more).collect::<Vec<_>>().join("\n"))
    };
    let target_name = name(&seen, &request, &answer).map(|name| clean(&name, NAME));
    ScimRequest {
        id: seen.id.0.as_ref().to_owned(),
        team: seen.caller.team,
        at: seen.at,
        key: seen.caller.key,
        key_name: seen.caller.key_name,
        address: seen.address.map(|address| address.to_string()),
        user_agent: seen.user_agent.map(|name| clean(&String::from_utf8_lossy(name.as_bytes()), USER_AGENT)),
        method: clean(seen.method.as_str(), 20),
        path: address::shown(&seen.uri),
        operation: seen.operation.name().to_owned(),
        target: target.map(|target| clean(&target, NAME)),
        target_name,
        status: seen.status.into(),
        micros: i64::try_from(seen.micros).unwrap_or(i64::MAX),
        detail: seen.detail.map(str::to_owned).or_else(said).map(|detail| clean(&detail, DETAIL)).or_else(parts),
        notes: seen.recorded.notes.iter().take(NOTES).map(|note| clean(note, DETAIL)).collect(),
        request: request.text,
        answer: answer.text,
        changed: seen.recorded.changed,
        origin: seen.caller.origin,
    }
}

/// Was nothing wrong with what was sent, as far as the API looked? Then its secrets are known by their names. Nothing is wrong
/// with what a rule, the state of a resource or an address that is not there refuses.
fn is_understood(seen: &CapturedRequest) -> bool {
    match seen.status {
        200..400 => seen.recorded.failures.is_empty(),
        403 | 404 | 409 | 412 => true,
        _ => false,
    }
}

/// How people call what the request was about: what the handler says, else what was looked for, sent or answered.
fn name(seen: &CapturedRequest, request: &Body, answer: &Body) -> Option<String> {
    let of = |body: &Body, names: &[&str]| body.json.as_ref()?.text_of(names).map(str::to_owned);
    let user = &["userName", "displayName"];
    let group = &["displayName"];
    let looked_up = || match seen.operation {
        ScimOperation::UserList | ScimOperation::GroupList => address::looked_for(&seen.uri),
        ScimOperation::Search => address::searched(&of(request, &["filter"])?),
        ScimOperation::UserCreate | ScimOperation::UserReplace => of(request, user),
        ScimOperation::GroupCreate | ScimOperation::GroupReplace => of(request, group),
        ScimOperation::UserGet | ScimOperation::UserPatch => of(answer, user),
        ScimOperation::GroupGet | ScimOperation::GroupPatch => of(answer, group),
        _ => None,
    };
    seen.recorded.target_name.clone().or_else(looked_up)
}

/// A body as it is kept.
#[derive(Default)]
struct Body {
    /// JSON; after a line break, what there is to say about it.
    text: Option<String>,
    json: Option<CapturedJson>,
    /// What there is to say about it.
    remark: Option<String>,
}

impl Body {
    fn read(kept: &StoredBody) -> Self {
        let whole = kept.whole;
        if whole == 0 {
            return Self::default();
        }
        let without = |why: &str| Self { text: Some(format!("\n{whole} bytes, {why}")), json: None, remark: None };
        if kept.head.is_empty() {
            return without("not stored: too many requests at once");
        }
        let is_cut = kept.head.len() < whole;
        let json = if is_cut {
            cut::close(&kept.head).and_then(|start| serde_json::from_slice(&start).ok())
        } else {
            serde_json::from_slice(&kept.head).ok()
        };
        let Some(mut json): Option<CapturedJson> = json else { return without("not stored: not JSON") };
        redact(&mut json);
        let remark = is_cut.then(|| format!("First part of {whole} bytes"));
        match text(&json, remark.as_deref()) {
            Some(text) => Self { text: Some(text), json: Some(json), remark },
            None => without("not kept"),
        }
    }

    /// Leaves names and types of it. What it was about stays known: the name in the log is no part of the body.
    fn keep_shape(&mut self) {
        let Some(mut json) = self.json.clone() else { return };
        shape(&mut json);
        let start = self.remark.as_ref().map(|remark| format!("{remark}. ")).unwrap_or_default();
        let remark = format!("{start}{REFUSED}");
        self.text = text(&json, Some(&remark));
    }
}

/// JSON without keys; after a line break, the remark.
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
    use crate::request_log::captured::BodySnippet;
    use axum::{body::Bytes, http::Method};
    use domain::{id::TeamId, key::KeyId, scim_client::RequestOrigin};

    pub(in crate::request_log) fn seen(operation: ScimOperation, status: u16) -> CapturedRequest {
        CapturedRequest {
            id: RecordId("id".into()),
            caller: RequestSource {
                team: TeamId::new("team"),
                key: KeyId::new("key"),
                key_name: "Okta".into(),
                origin: RequestOrigin::Provider,
            },
            at: 7,
            address: None,
            user_agent: None,
            method: Method::POST,
            uri: BodySnippet::uri(&"/scim/v2//Users".parse().unwrap()),
            route: BodySnippet::uri(&"/Users".parse().unwrap()),
            operation,
            status,
            micros: 1,
            detail: None,
            recorded: RequestNotes::default(),
            request: StoredBody::of(&Bytes::from_static(br#"{"userName":"ada","password":"SECRET"}"#), 1_000),
            answer: StoredBody::default(),
        }
    }

    fn kept(body: &str, most: usize) -> StoredBody {
        StoredBody::of(&Bytes::from(body.to_owned()), most)
    }

    #[test]
    fn a_change() {
        let row = row(CapturedRequest {
            user_agent: BodySnippet::header(&"x".repeat(300).parse().unwrap()),
            ..seen(ScimOperation::UserCreate, 201)
        });
        assert_eq!(row.request.as_deref(), Some(r#"{"userName":"ada","password":"•••"}"#));
        assert_eq!((row.target_name.as_deref(), row.path.as_str()), (Some("ada"), "/scim/v2//Users"));
        assert_eq!(row.user_agent.unwrap().chars().count(), 201);
        assert_eq!((row.answer, row.detail, row.target), (None, None, None));
    }

    #[test]
    fn a_failure_says_what_its_answer_says() {
        let answer = kept(r#"{"schemas":[],"status":"409","detail":"taken\u0000"}"#, 1_000);
        let failed = row(CapturedRequest { answer: answer.clone(), ..seen(ScimOperation::UserCreate, 409) });
        assert_eq!(failed.detail.as_deref(), Some("taken\u{FFFD}"));
        assert!(!failed.answer.unwrap().contains('\0'));
        let other = row(CapturedRequest { answer, detail: Some("wrong"), ..seen(ScimOperation::UserCreate, 409) });
        assert_eq!(other.detail.as_deref(), Some("wrong"));
    }

    #[test]
    fn what_is_no_json_is_only_counted() {
        for body in ["password=SECRET", "{\"password\":\"SECRET\"", "\u{FEFF}SECRET"] {
            let row = row(CapturedRequest { request: kept(body, 1_000), ..seen(ScimOperation::UserCreate, 400) });
            let wanted = format!("\n{} bytes, not stored: not JSON", body.len());
            assert_eq!(row.request.as_deref(), Some(wanted.as_str()));
        }
        let deep =
            row(CapturedRequest { request: kept(&"[".repeat(10_000), 5_000), ..seen(ScimOperation::UserCreate, 400) });
        assert_eq!(deep.request.as_deref(), Some("\n10000 bytes, not stored: not JSON"));
    }

    #[test]
    fn a_long_body_is_cut_between_values() {
        let body = r#"{"displayName":"G","members":[{"value":"1"},{"value":"2"},{"value":"3"}]}"#;
        let row = row(CapturedRequest { request: kept(body, 60), ..seen(ScimOperation::GroupCreate, 201) });
        assert_eq!(
            row.request.as_deref(),
            Some("{\"displayName\":\"G\",\"members\":[{\"value\":\"1\"},{\"value\":\"2\"}]}\nFirst part of 73 bytes")
        );
        assert_eq!(row.target_name.as_deref(), Some("G"));
    }

    #[test]
    fn what_was_refused_keeps_its_shape() {
        let shown = |status, operation| row(seen(operation, status)).request.unwrap();
        let whole = r#"{"userName":"ada","password":"•••"}"#;
        let shape = "{\"userName\":\"•••\",\"password\":\"•••\"}\nValues aren't stored because the request was refused";
        for status in [200, 201, 403, 404, 409, 412] {
            assert_eq!(shown(status, ScimOperation::UserCreate), whole, "{status}");
        }
        for status in [0, 400, 401, 405, 413, 415, 429, 500, 503] {
            assert_eq!(shown(status, ScimOperation::UserCreate), shape, "{status}");
        }
        assert_eq!(shown(404, ScimOperation::Unknown), whole);
        let refused = row(seen(ScimOperation::UserCreate, 400));
        assert_eq!(refused.target_name.as_deref(), Some("ada"), "what it was about is known all the same");
    }

    #[test]
    fn a_bulk_request_of_which_a_part_was_refused_keeps_its_shape() {
        let body = r#"{"Operations":[{"method":"POST","path":"/Users","data":{"userName":["ada"]}}]}"#;
        let recorded = RequestNotes { failures: vec!["1 of 1 operations failed".into()], ..RequestNotes::default() };
        let row = row(CapturedRequest { request: kept(body, 1_000), recorded, ..seen(ScimOperation::Bulk, 200) });
        assert!(!row.request.unwrap().contains("ada"));
    }

    #[test]
    fn keys_in_the_wrong_place_are_taken_out() {
        let body = r#"{"userName":"rc_scim_0123456789ab_SECRET!"}"#;
        let row = row(CapturedRequest { request: kept(body, 1_000), ..seen(ScimOperation::UserCreate, 201) });
        assert_eq!(row.request.as_deref(), Some(r#"{"userName":"rc_scim_•••!"}"#));
        assert_eq!(row.target_name.as_deref(), Some("rc_scim_•••!"));
    }
}
