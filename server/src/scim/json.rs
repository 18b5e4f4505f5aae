//! SCIM JSON on the wire (RFC 7644, section 3.1).

use super::refusal::Refusal;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use scim::resource::{Json, Write};
use serde::Serialize;

/// An answer: 200 with SCIM JSON, whatever the request's `Accept` says.
#[derive(Debug)]
pub(super) struct ScimJson<T>(pub(super) T);

impl<T: Serialize> IntoResponse for ScimJson<T> {
    fn into_response(self) -> Response {
        write(StatusCode::OK, &self.0)
    }
}

const TYPE: HeaderValue = HeaderValue::from_static(scim::MEDIA_TYPE);

/// Writes `message`; if it cannot be written, that is a fault in here.
pub(super) fn write(status: StatusCode, message: &impl Serialize) -> Response {
    match serde_json::to_vec(message) {
        Ok(body) => (status, [(header::CONTENT_TYPE, TYPE)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "a SCIM message could not be written");
            Refusal::internal().into_response()
        }
    }
}

/// Writes resources.
pub(super) fn body(status: StatusCode, message: &impl Write) -> Response {
    let mut json = Json::with_capacity(1024);
    message.write(&mut json);
    (status, [(header::CONTENT_TYPE, TYPE)], json.into_bytes()).into_response()
}

/// An answer without a body (204, 304): still marked as SCIM's.
pub(super) fn empty(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, TYPE)], Body::empty()).into_response()
}
