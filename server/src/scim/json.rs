//! SCIM JSON on the wire (RFC 7644, section 3.1).

use super::refusal::Refusal;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An answer: 200 with SCIM JSON, whatever the request's `Accept` says.
#[derive(Debug)]
pub(super) struct ScimJson<T>(pub(super) T);

impl<T: Serialize> IntoResponse for ScimJson<T> {
    fn into_response(self) -> Response {
        write(StatusCode::OK, &self.0)
    }
}

/// Writes `message`; if it cannot be written, that is a fault in here.
pub(super) fn write(status: StatusCode, message: &impl Serialize) -> Response {
    match serde_json::to_vec(message) {
        Ok(body) => {
            (status, [(header::CONTENT_TYPE, HeaderValue::from_static(scim::MEDIA_TYPE))], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a SCIM message could not be written");
            Refusal::internal().into_response()
        }
    }
}
