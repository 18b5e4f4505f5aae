//! A request and its response on the page.

use crate::request_id;
use app::model::{Exchange, FailedPart, RequestFailure, Why, Wire};
use axum::http::StatusCode;
use domain::scim_operation::{ScimOperation, WRONG_SECRET};
use store::{RequestLine, ScimRequest};

/// The longest body on the page, in bytes.
const MAX: usize = 4 * 1024;

pub(super) fn exchange(request: ScimRequest) -> Exchange {
    Exchange {
        id: request_id::name(&request.id),
        method: request.method,
        path: request.path,
        answer: answer(request.status),
        micros: request.micros,
        user_agent: request.user_agent,
        notes: request.notes,
        request_body: request.request.as_deref().map(wire),
        response_body: request.answer.as_deref().map(wire),
    }
}

/// The text of a status: "409 Conflict".
pub(in crate::web) fn answer(status: i64) -> String {
    match status_code(status) {
        Some(status) => status.to_string().trim_end_matches(" <unknown status code>").to_owned(),
        None => "No response".to_owned(),
    }
}

fn status_code(status: i64) -> Option<StatusCode> {
    u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok())
}

/// Why a request failed, if it did.
pub(super) fn failure(line: &RequestLine) -> Option<RequestFailure> {
    let is_wrong_secret = line.detail.as_deref() == Some(WRONG_SECRET);
    let why = match status_code(line.status) {
        Some(status) if is_good(status) && line.detail.is_none() => return None,
        Some(status) if is_good(status) => Why::Partly,
        Some(StatusCode::UNAUTHORIZED) if is_wrong_secret => Why::WrongSecret,
        status => why(status, line.operation),
    };
    let detail = line.detail.clone().filter(|_| !is_wrong_secret);
    let (detail, parts) = match detail {
        Some(detail) if why == Why::Partly => {
            let mut lines = detail.lines().map(str::to_owned);
            (lines.next(), lines.map(part).collect())
        }
        detail => (detail, Vec::new()),
    };
    Some(RequestFailure { why, detail, parts })
}

fn is_good(status: StatusCode) -> bool {
    !status.is_client_error() && !status.is_server_error()
}

fn why(status: Option<StatusCode>, operation: ScimOperation) -> Why {
    let Some(status) = status else { return Why::Unanswered };
    match status {
        StatusCode::UNAUTHORIZED => Why::EndedKey,
        StatusCode::FORBIDDEN => Why::Forbidden,
        StatusCode::NOT_FOUND if operation != ScimOperation::Unknown => Why::Missing,
        StatusCode::METHOD_NOT_ALLOWED => Why::Method,
        StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED => Why::Unsupported,
        StatusCode::CONFLICT => Why::Taken,
        StatusCode::PRECONDITION_FAILED => Why::Outdated,
        StatusCode::PAYLOAD_TOO_LARGE => Why::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => Why::TooMany,
        status if status.is_server_error() => Why::Fault,
        _ => Why::Malformed,
    }
}

/// A failed operation: "POST /Users grace: 409, userName: another User of this team has this value".
fn part(message: String) -> FailedPart {
    let status = message.match_indices(": ").find_map(|(at, _)| {
        let (digits, _) = message.get(at + 2..)?.split_once(", ")?;
        digits.parse().ok().filter(|_| digits.len() == 3)
    });
    let why = status.and_then(status_code).map(|status| why(Some(status), ScimOperation::Bulk));
    FailedPart { message, why }
}

/// A stored body: JSON, and after a line break an optional remark.
fn wire(body_text: &str) -> Wire {
    let (json, note) =
        body_text.split_once('\n').map_or((body_text, None), |(json, note)| (json, Some(note.to_owned())));
    let mut text = indented(json);
    let is_cut = text.len() > MAX;
    if is_cut {
        text.truncate(text.floor_char_boundary(MAX));
        text.push('…');
    }
    let more = is_cut.then(|| format!("Only the first part of {} bytes is shown", json.len()));
    Wire { text, note: note.or(more) }
}

/// One member per line, two spaces per level. Names, values and their order stay.
fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut level = 0_usize;
    let (mut in_text, mut escaped) = (false, false);
    let mut chars = json.chars().peekable();
    let line = |text: &mut String, level: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", level));
    };
    while let Some(c) = chars.next() {
        if in_text {
            text.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '{' | '[' if matches!(chars.peek(), Some('}' | ']')) => {
                text.push(c);
                text.extend(chars.next());
            }
            '{' | '[' => {
                level += 1;
                text.push(c);
                line(&mut text, level);
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                line(&mut text, level);
                text.push(c);
            }
            ',' => {
                text.push(c);
                line(&mut text, level);
            }
            ':' => text.push_str(": "),
            _ => {
                in_text = c == '"';
                text.push(c);
            }
        }
        // Nothing beyond this is shown.
        if text.len() > MAX * 2 {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_changes_only_white_space() {
        let json = r#"{"a":[1,{"b":"x,{\"}:\\"},[],{}],"é":"•••"}"#;
        let expected = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(json).unwrap()).unwrap();
        assert_eq!(indented(json), expected);
        assert_eq!(indented("["), "[\n  ");
    }

    #[test]
    fn a_long_body_is_cut_with_a_remark() {
        let long = format!("[\"{}\"]", "é".repeat(4_000));
        let body = wire(&long);
        assert!(body.text.len() <= MAX + '…'.len_utf8());
        assert_eq!(body.note.as_deref(), Some("Only the first part of 8004 bytes is shown"));
        let none = wire("\n12 bytes, not kept");
        assert_eq!((none.text.as_str(), none.note.as_deref()), ("", Some("12 bytes, not kept")));
    }

    #[test]
    fn failed_parts_have_a_reason() {
        for (message, expected) in [
            ("POST /Users a: b: 409, userName: taken", Some(Why::Taken)),
            ("DELETE /Users/1: 403, last one", Some(Why::Forbidden)),
            ("And 7 more", None),
        ] {
            assert_eq!(part(message.to_owned()).why, expected, "{message}");
        }
    }

    #[test]
    fn statuses_have_a_name() {
        assert_eq!(
            ["200", "409", "0", "299"].map(|status| answer(status.parse().unwrap())),
            ["200 OK", "409 Conflict", "No response", "299"]
        );
    }
}
