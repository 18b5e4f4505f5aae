//! What goes wrong, said in the kind that was asked for.
//!
//! Handlers and layers answer with a status and no body (or a [`Failure`] beside it); the body is written here, last,
//! where the kind is known.

use super::{
    accept::Kind,
    headers::{Content, Nonce},
    html,
};
use crate::state::AppState;
use app::{failure::Failure, model};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::{IntoResponse, Response as Answer},
};

/// Why there is no other answer; stands in the answer's extensions until its body is written.
#[derive(Clone, Debug)]
struct Why(Failure);

/// An answer that only says what went wrong, with the failure's own status.
pub(super) fn answer(failure: Failure) -> Answer {
    answer_with(status(&failure), failure)
}

/// The status of an answer that says this.
pub(super) fn status(failure: &Failure) -> StatusCode {
    StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An answer that only says what went wrong.
pub(super) fn answer_with(status: StatusCode, failure: Failure) -> Answer {
    let mut response = status.into_response();
    response.extensions_mut().insert(Why(failure));
    response
}

/// The page, method, team or file that is not there, or that this person may not know of.
pub(super) fn not_found() -> Answer {
    answer(Failure::NotFound)
}

/// Somebody panicked. What it was stands in the log.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response<Body> {
    answer(Failure::Internal)
}

/// What the request was, for the answer's body.
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) here: String,
    pub(super) theme: model::Theme,
}

/// Writes the body where it is missing: an error status without a `Content-Type`.
pub(super) fn write_body(response: Answer, asked: Asked, state: &AppState) -> Answer {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let failure = parts.extensions.remove::<Why>().map_or_else(|| usual(status), |Why(failure)| failure);
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match asked.kind {
        Kind::Page => {
            let nonce = Nonce::new();
            let page = page(failure, asked, state);
            let html = app::document::render(page, &state.assets, nonce.as_str());
            parts.extensions.insert(Content::Live(nonce));
            content_type(&mut parts.headers, html::CONTENT_TYPE);
            html
        }
        Kind::Json => {
            content_type(&mut parts.headers, HeaderValue::from_static("application/json"));
            serde_json::to_string(&failure).unwrap_or_default()
        }
        Kind::Scim => {
            content_type(&mut parts.headers, HeaderValue::from_static("application/scim+json"));
            scim(status)
        }
    };
    Answer::from_parts(parts, Body::from(body))
}

fn content_type(headers: &mut HeaderMap, value: HeaderValue) {
    headers.insert(header::CONTENT_TYPE, value);
}

/// What a status alone says.
fn usual(status: StatusCode) -> Failure {
    match status {
        StatusCode::FORBIDDEN => Failure::Forbidden,
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::REQUEST_TIMEOUT => Failure::TooSlow,
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Failure::Unavailable,
        status if status.is_client_error() => Failure::Malformed,
        _ => Failure::Internal,
    }
}

fn page(failure: Failure, asked: Asked, state: &AppState) -> model::Page {
    let content = match failure {
        Failure::NotFound => model::Content::NotFound,
        failure => model::Content::Trouble(failure),
    };
    model::Page { now: state.clock.now(), theme: asked.theme, here: asked.here, shell: None, content }
}

/// An error of the SCIM API (RFC 7644, section 3.12) where its own routes could not answer.
fn scim(status: StatusCode) -> String {
    let detail = match status {
        StatusCode::SERVICE_UNAVAILABLE => {
            "The server is busy or its database is not available. Try again in a moment."
        }
        status if status.is_client_error() => "The request could not be understood.",
        _ => "A fault in Rollcall. Tell its operator.",
    };
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_str(),
        "detail": detail,
    })
    .to_string()
}
