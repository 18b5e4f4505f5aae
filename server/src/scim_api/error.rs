//! Every way in which the API says no: the error message and the headers that belong to it.

use super::{MAX_BODY, json, resource_id::ResourceId};
use crate::rate_limit::RateError;
use crate::{budget::OverBudget, scim_sync::ProvisioningError};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::borrow::Cow;
use store::StoreError;

/// A refused request.
#[derive(Debug)]
pub(super) struct ApiError {
    error: scim::ScimError,
    header: Option<(HeaderName, HeaderValue)>,
}

impl ApiError {
    fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        scim::ScimError::new(status.as_u16(), detail).into()
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// No key was sent.
    pub(super) fn no_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Missing SCIM API key. Send it in the header Authorization: Bearer rc_scim_…",
        )
        .with(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="SCIM""#))
    }

    /// What was sent is not a key. The same bytes whether it is misspelt, unknown or has another secret.
    pub(super) fn unknown_key() -> Self {
        Self::bad_key("Invalid SCIM API key")
    }

    /// The client proved that it has the key, so it may know why the key does not work (RFC 6750, section 3.1).
    pub(super) fn ended_key(why: String) -> Self {
        Self::bad_key(why)
    }

    fn bad_key(detail: impl Into<Cow<'static, str>>) -> Self {
        let challenge = HeaderValue::from_static(r#"Bearer realm="SCIM", error="invalid_token""#);
        Self::new(StatusCode::UNAUTHORIZED, detail).with(header::WWW_AUTHENTICATE, challenge)
    }

    /// The key is good, but the team may not be provisioned now, or the request is not one that is answered.
    pub(super) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// No such endpoint.
    pub(super) fn no_endpoint() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Unknown endpoint")
    }

    /// A key is no person, so there is nobody whom `/Me` could be (RFC 7644, section 3.11).
    pub(super) fn no_me() -> Self {
        let detail = "/Me isn't supported because a SCIM API key belongs to a team, not a user. Use /Users/{id}";
        Self::new(StatusCode::NOT_IMPLEMENTED, detail)
    }

    /// The same; a resource that was not found is named as the client sent its id.
    pub(super) fn about(self, id: &ResourceId) -> Self {
        if self.error.status() == StatusCode::NOT_FOUND.as_u16() { id.not_found() } else { self }
    }

    /// As part of another answer.
    pub(super) fn into_error(self) -> scim::ScimError {
        self.error
    }

    /// The endpoint does not have this method; the router adds `Allow`.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This endpoint doesn't support this method")
    }

    /// The body is longer than [`MAX_BODY`].
    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The request body exceeds {MAX_BODY} bytes"))
    }

    /// The body is encoded, mostly compressed (RFC 9110, section 15.5.16).
    pub(super) fn encoded(encoding: &str) -> Self {
        let detail = format!(
            "The request body is sent with Content-Encoding: {encoding}, which isn't supported. Send it without"
        );
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
            .with(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
    }

    /// The body took too long to arrive.
    pub(super) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "The request body took too long to arrive. Send it again")
    }

    /// The body ended before its end.
    pub(super) fn broken_off() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The request body ended before it was complete")
    }

    /// The key makes more requests than it may, of which each operation of a Bulk is one.
    pub(super) fn over_rate(per_minute: u32, error: RateError) -> Self {
        match error {
            RateError::Wait(seconds) => {
                let unit = if seconds == 1 { "second" } else { "seconds" };
                let detail =
                    format!("Rate limit exceeded: {per_minute} requests per minute for this key. Retry in {seconds} {unit}");
                Self::new(StatusCode::TOO_MANY_REQUESTS, detail).with(header::RETRY_AFTER, seconds.into())
            }
            RateError::MoreThanBurst(most) => scim::ScimError::too_large(format!(
                "Operations: each counts as a request, and the rate limit of this key allows {most} at once. Send fewer \
                 operations per Bulk request"
            ))
            .into(),
        }
    }

    /// A fault in here.
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error. Details are in the server log")
    }

    /// The commit was not confirmed. To try again is safe: a resource that was created is then in the way, or found.
    fn unconfirmed() -> Self {
        let detail =
            "The database didn't confirm the change, so it may or may not have been made. Read the resource, or retry";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).with(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }

    fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The database isn't available. Retry in a moment")
            .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

impl From<ProvisioningError> for ApiError {
    fn from(refused: ProvisioningError) -> Self {
        match refused {
            ProvisioningError::Scim(error) => error.into(),
            ProvisioningError::Store(error) => error.into(),
            ProvisioningError::Access(error) => error.into(),
            ProvisioningError::Budget(over) => over.into(),
            ProvisioningError::QueueFull => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many changes of this team are waiting. Send fewer at once, and retry in 1 second",
            )
            .with(header::RETRY_AFTER, HeaderValue::from_static("1")),
            late @ (ProvisioningError::WaitedTooLong(_)
            | ProvisioningError::TookTooLong(_)
            | ProvisioningError::GroupMoved) => {
                tracing::warn!(%late, "a SCIM change wasn't made");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, format!("{late}. Nothing was changed. Retry in 5 seconds"))
                    .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
            }
        }
    }
}

impl From<scim::ScimError> for ApiError {
    fn from(error: scim::ScimError) -> Self {
        Self { error, header: None }
    }
}

/// What cannot be had at all is the request's fault, what cannot be had now is the server's.
impl From<OverBudget> for ApiError {
    fn from(over: OverBudget) -> Self {
        let later = |status, seconds, detail: &'static str| {
            Self::new(status, detail).with(header::RETRY_AFTER, HeaderValue::from_static(seconds))
        };
        match over {
            OverBudget::Rows(most) => scim::ScimError::too_many(format!(
                "This request would read more than {most} rows. Use a narrower filter, such as userName eq \"…\""
            ))
            .into(),
            OverBudget::Comparisons(most) => scim::ScimError::too_many(format!(
                "This filter would compare more than {most} values. Use fewer terms or a narrower filter, such as \
                 userName eq \"…\""
            ))
            .into(),
            OverBudget::Time(_) | OverBudget::Gone => later(
                StatusCode::SERVICE_UNAVAILABLE,
                "10",
                "The request took too long. Retry in 10 seconds with fewer requests at once or a narrower filter",
            ),
            OverBudget::Memory => later(
                StatusCode::SERVICE_UNAVAILABLE,
                "2",
                "Requests and responses use all the memory allowed. Retry in 2 seconds with a smaller count or fewer \
                 requests at once",
            ),
            OverBudget::Queue(most) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{most} requests of this team are already waiting. Retry in 2 seconds with fewer at once"),
            )
            .with(header::RETRY_AFTER, HeaderValue::from_static("2")),
        }
    }
}

/// The boundary where failures of the database are handled: logged here, once.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a SCIM request failed");
        match error {
            StoreError::Unavailable(_) | StoreError::Serialization(_) => Self::unavailable(),
            StoreError::Unconfirmed(_) => Self::unconfirmed(),
            _ => Self::internal(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json::write(status, &self.error);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
