//! Error responses: HTML, JSON or SCIM JSON, chosen by the path and the `Accept` header.
//!
//! Handlers and layers respond with a status and no body, with an optional [`AppError`] extension. The body is written here,
//! at the end, because only this layer knows the kind of the response.

use super::{html, response_kind::ResponseKind};
use crate::state::AppState;
use crate::web::content_policy::{ContentPolicy, Nonce};
use app::{error::AppError, model::Theme, pages};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::{IntoResponse, Response as Answer},
};
use domain::Error;

/// The reason for an error response, in its extensions until the body is written.
#[derive(Clone, Debug)]
struct Why(AppError);

/// An error response with the error's own status.
pub(super) fn answer(error: impl Into<AppError>) -> Answer {
    let error = error.into();
    answer_with(status(&error), error)
}

/// The status of a response with this error.
pub(super) fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error response with this status.
pub(super) fn answer_with(status: StatusCode, error: impl Into<AppError>) -> Answer {
    let mut response = status.into_response();
    response.extensions_mut().insert(Why(error.into()));
    response
}

/// The response for a page, method, team or file that does not exist or that this person may not know about.
pub(super) fn not_found() -> Answer {
    answer(AppError::Domain(Error::NotFound))
}

/// The response after a panic. The log has the details.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response<Body> {
    answer(AppError::Domain(Error::Internal))
}

/// Facts about the request, for the response's body.
pub(super) struct ErrorContext {
    pub(super) kind: ResponseKind,
    pub(super) page_path: String,
    pub(super) theme: Theme,
}

/// Writes the missing body of an error response: one without a `Content-Type`.
pub(super) fn write_body(response: Answer, context: ErrorContext, state: &AppState) -> Answer {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let error = parts.extensions.remove::<Why>().map_or_else(|| default_error(status), |Why(error)| error);
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match context.kind {
        ResponseKind::Page => {
            let nonce = Nonce::new();
            let page = page(error, context, state);
            let html = app::document::render(page, &state.assets, nonce.as_str());
            parts.extensions.insert(ContentPolicy::Live(nonce));
            content_type(&mut parts.headers, html::CONTENT_TYPE);
            html
        }
        ResponseKind::Json => {
            content_type(&mut parts.headers, HeaderValue::from_static("application/json"));
            serde_json::to_string(&error).unwrap_or_default()
        }
        ResponseKind::Scim => {
            content_type(&mut parts.headers, HeaderValue::from_static("application/scim+json"));
            scim(status)
        }
    };
    Answer::from_parts(parts, Body::from(body))
}

fn content_type(headers: &mut HeaderMap, value: HeaderValue) {
    headers.insert(header::CONTENT_TYPE, value);
}

/// The error of a status without details.
fn default_error(status: StatusCode) -> AppError {
    match status {
        StatusCode::FORBIDDEN => AppError::Domain(Error::Forbidden),
        StatusCode::NOT_FOUND => AppError::Domain(Error::NotFound),
        StatusCode::REQUEST_TIMEOUT => AppError::TooSlow,
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => AppError::Domain(Error::Unavailable),
        status if status.is_client_error() => AppError::Domain(Error::Malformed),
        _ => AppError::Domain(Error::Internal),
    }
}

fn page(error: AppError, context: ErrorContext, state: &AppState) -> pages::Page {
    let content = match error {
        AppError::Domain(Error::NotFound) => pages::Content::NotFound,
        error => pages::Content::Trouble(error),
    };
    pages::Page { now: state.clock.now(), theme: context.theme, page_url: context.page_path, shell: None, content }
}

/// An error of the SCIM API (RFC 7644, section 3.12), when its own routes did not respond.
fn scim(status: StatusCode) -> String {
    let detail = match status {
        StatusCode::SERVICE_UNAVAILABLE => "The server is busy or its database isn't available. Retry in a moment.",
        status if status.is_client_error() => "The request couldn't be read.",
        _ => "Internal server error. Tell the operator of this server.",
    };
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_str(),
        "detail": detail,
    })
    .to_string()
}
