//! The id in a resource's URL.

use crate::scim_api::error::ApiError;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use uuid::Uuid;

/// The id of a member or group: a UUID. Any other text is answered with 404 without a query.
#[derive(Debug)]
pub(super) struct ResourceId {
    /// As the client spelled it.
    original: String,
    /// As the database spells it. Some clients change the case of letters.
    id: String,
}

impl ResourceId {
    /// As the database spells it.
    pub(super) fn as_str(&self) -> &str {
        &self.id
    }

    pub(super) fn not_found(&self) -> ApiError {
        scim::ScimError::resource_not_found(&self.original).into()
    }

    /// Spells the id as the client did, if the error is that the resource was not found.
    pub(super) fn spell_in(&self, error: ApiError) -> ApiError {
        if error.is_not_found() { self.not_found() } else { error }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ResourceId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(original) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::no_endpoint())?;
        match Uuid::try_parse(&original) {
            Ok(id) if original.len() == uuid::fmt::Hyphenated::LENGTH => Ok(Self { id: id.to_string(), original }),
            _ => Err(scim::ScimError::resource_not_found(&original).into()),
        }
    }
}
