//! Requests as handlers get them.

use super::{parameters, prefetch::Prefetch};
use crate::{budget::Budget, caller::Caller, scim_api::error::ApiError, state::AppState};
use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use scim::{Normalizations, Precondition, ResourceType, ScimError, json, projection::Projection};
use serde_json::{Map, Value};
use uuid::Uuid;

/// An authenticated request. Only authentication creates it, so no handler runs without a usable key.
#[derive(Clone)]
pub(super) struct ApiRequest {
    pub(super) state: AppState,
    pub(super) caller: Caller,
    pub(super) budget: Budget,
    pub(super) precondition: Precondition,
    /// The User that was read together with the key.
    pub(super) prefetch: Prefetch,
    parameters: Vec<(String, String)>,
    body: Bytes,
    /// The id in the path, as the client spelled it.
    sent_id: Option<String>,
}

impl ApiRequest {
    pub(super) fn new(
        state: AppState,
        caller: Caller,
        budget: Budget,
        parts: &Parts,
        body: Bytes,
        prefetch: Prefetch,
    ) -> Self {
        let (if_match, if_none_match) =
            (joined(&parts.headers, header::IF_MATCH), joined(&parts.headers, header::IF_NONE_MATCH));
        let precondition = Precondition::read(if_match.as_deref(), if_none_match.as_deref());
        let parameters = parameters::of(&parts.uri);
        Self { state, caller, budget, precondition, prefetch, parameters, body, sent_id: None }
    }

    /// The query parameters, decoded.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        parameters::pairs(&self.parameters)
    }

    /// The first value of a query parameter.
    pub(super) fn parameter(&self, wanted: &str) -> Option<&str> {
        self.parameters().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }

    /// The projection that the query parameters request.
    pub(super) fn projection(&self, kind: ResourceType, notes: &mut Normalizations) -> Result<Projection, ScimError> {
        Projection::read(self.parameter("attributes"), self.parameter("excludedAttributes"), kind, notes)
    }

    /// The body: one JSON object, and the normalizations of its text. `Content-Type` is ignored.
    pub(super) async fn json(&self) -> Result<(Map<String, Value>, Normalizations), ApiError> {
        let body = self.body.clone();
        let read = move |_: &Budget| {
            let mut notes = Normalizations::new();
            let object = json::parse_object(&body, &mut notes)?;
            Ok((object, notes))
        };
        self.budget.compute_for(self.body.len(), read).await
    }

    /// The size of the body in bytes.
    pub(super) fn body_size(&self) -> usize {
        self.body.len()
    }

    /// The id in the path, as the client spelled it.
    pub(super) fn sent_id(&self) -> &str {
        self.sent_id.as_deref().unwrap_or_default()
    }

    /// The id in the path as the database spells it, because some clients change the case of letters. Text that is no UUID is
    /// answered with 404 without a query.
    pub(super) fn id(&self) -> Result<String, ApiError> {
        match Uuid::try_parse(self.sent_id()) {
            Ok(id) if self.sent_id().len() == uuid::fmt::Hyphenated::LENGTH => Ok(id.to_string()),
            _ => Err(self.not_found()),
        }
    }

    /// The error for an id in the path that no resource has.
    pub(super) fn not_found(&self) -> ApiError {
        ScimError::resource_not_found(self.sent_id()).into()
    }

    /// Spells the id as the client did, if the error is that the resource was not found.
    pub(super) fn spell_id(&self, error: ApiError) -> ApiError {
        if error.is_not_found() { self.not_found() } else { error }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ApiRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let mut request = parts.extensions.remove::<ApiRequest>().ok_or_else(ApiError::internal)?;
        let id = Option::<Path<String>>::from_request_parts(parts, state).await.map_err(|_| ApiError::no_endpoint())?;
        request.sent_id = id.map(|Path(id)| id);
        Ok(request)
    }
}

/// All values of a header that may occur several times.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}
