//! Errors of the API: the SCIM error message and its header.

use super::MAX_BODY;
use crate::{budget::OverBudget, rate_limit::RateError, scim_sync::ProvisioningError};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::borrow::Cow;
use store::StoreError;

/// An error response.
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

    /// The key is valid, but the team or the endpoint does not allow the request.
    pub(super) fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// No such endpoint.
    pub(super) fn no_endpoint() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Unknown endpoint")
    }

    /// `/Me` needs an authenticated User, which a key is not (RFC 7644, section 3.11).
    pub(super) fn no_me() -> Self {
        let detail = "/Me isn't supported because a SCIM API key belongs to a team, not a user. Use /Users/{id}";
        Self::new(StatusCode::NOT_IMPLEMENTED, detail)
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.error.status() == StatusCode::NOT_FOUND.as_u16()
    }

    /// The error message, for a Bulk response.
    pub(super) fn into_error(self) -> scim::ScimError {
        self.error
    }

    /// The endpoint does not have this method. The router adds `Allow`.
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
    pub(super) fn truncated() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "The request body ended before it was complete")
    }

    /// The rate limit of the key. Each operation of a Bulk counts as a request.
    pub(super) fn over_rate(per_minute: u32, error: RateError) -> Self {
        match error {
            RateError::Wait(seconds) => {
                let unit = if seconds == 1 { "second" } else { "seconds" };
                let detail = format!(
                    "Rate limit exceeded: {per_minute} requests per minute for this key. Retry in {seconds} {unit}"
                );
                Self::new(StatusCode::TOO_MANY_REQUESTS, detail).with(header::RETRY_AFTER, seconds.into())
            }
            RateError::MoreThanBurst(max) => scim::ScimError::too_large(format!(
                "Operations: each counts as a request, and the rate limit of this key allows {max} at once. Send fewer \
                 operations per Bulk request"
            ))
            .into(),
        }
    }

    /// An internal error.
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error. Details are in the server log")
    }

    /// The commit was not confirmed. A retry is safe, because a created resource is then found or conflicts.
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
    fn from(provisioning_error: ProvisioningError) -> Self {
        match provisioning_error {
            ProvisioningError::Scim(error) | ProvisioningError::Protected { error, .. } => error.into(),
            ProvisioningError::Store(error) => error.into(),
            ProvisioningError::Budget(over_budget) => over_budget.into(),
            ProvisioningError::QueueFull => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many changes of this team are waiting. Send fewer at once, and retry in 1 second",
            )
            .with(header::RETRY_AFTER, HeaderValue::from_static("1")),
            not_applied @ (ProvisioningError::WaitedTooLong(_)
            | ProvisioningError::TookTooLong(_)
            | ProvisioningError::GroupMoved) => {
                tracing::warn!(%not_applied, "a SCIM change was not applied");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    format!("{not_applied}. Nothing was changed. Retry in 5 seconds"),
                )
                .with(header::RETRY_AFTER, HeaderValue::from_static("5"))
            }
        }
    }
}

/// Each 401 names the authentication scheme (RFC 6750, section 3).
impl From<scim::ScimError> for ApiError {
    fn from(error: scim::ScimError) -> Self {
        let challenge = HeaderValue::from_static(r#"Bearer realm="SCIM", error="invalid_token""#);
        let header =
            (error.status() == StatusCode::UNAUTHORIZED.as_u16()).then_some((header::WWW_AUTHENTICATE, challenge));
        Self { error, header }
    }
}

/// Limits of a request are client errors. Limits of shared resources are server errors.
impl From<OverBudget> for ApiError {
    fn from(over_budget: OverBudget) -> Self {
        let retry_after = |status, seconds, detail: &'static str| {
            Self::new(status, detail).with(header::RETRY_AFTER, HeaderValue::from_static(seconds))
        };
        match over_budget {
            OverBudget::Rows(max) => scim::ScimError::too_many(format!(
                "This request would read more than {max} rows. Use a narrower filter, such as userName eq \"…\""
            ))
            .into(),
            OverBudget::Comparisons(max) => scim::ScimError::too_many(format!(
                "This filter would compare more than {max} values. Use fewer terms or a narrower filter, such as \
                 userName eq \"…\""
            ))
            .into(),
            OverBudget::Time(_) | OverBudget::Gone => retry_after(
                StatusCode::SERVICE_UNAVAILABLE,
                "10",
                "The request took too long. Retry in 10 seconds with fewer requests at once or a narrower filter",
            ),
            OverBudget::Memory => retry_after(
                StatusCode::SERVICE_UNAVAILABLE,
                "2",
                "Requests and responses use all the memory allowed. Retry in 2 seconds with a smaller count or fewer \
                 requests at once",
            ),
            OverBudget::Queue(max) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{max} requests of this team are already waiting. Retry in 2 seconds with fewer at once"),
            )
            .with(header::RETRY_AFTER, HeaderValue::from_static("2")),
        }
    }
}

/// The only place that logs database errors of SCIM requests.
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
        let body = serde_json::to_vec(&self.error).unwrap_or_else(|error| {
            tracing::error!(%error, "could not write a SCIM error");
            Vec::new()
        });
        let media_type = HeaderValue::from_static(scim::MEDIA_TYPE);
        let mut response = (status, [(header::CONTENT_TYPE, media_type)], body).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
