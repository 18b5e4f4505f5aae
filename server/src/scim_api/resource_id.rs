//! The id in a resource's URL.

use crate::scim_api::error::ApiError;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use uuid::Uuid;

/// The id of a member or group: a UUID. Whatever else stands in the URL names nothing, and no query is needed to know it.
#[derive(Debug)]
pub(super) struct ResourceId {
    /// As it was sent.
    sent: String,
    /// As the database has it: some clients change the case of letters.
    id: String,
}

impl ResourceId {
    /// As the database has it.
    pub(super) fn as_str(&self) -> &str {
        &self.id
    }

    /// What is said when there is no such resource in the key's team.
    pub(super) fn not_found(&self) -> ApiError {
        scim::ScimError::resource_not_found(&self.sent).into()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ResourceId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(sent) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::no_endpoint())?;
        match Uuid::try_parse(&sent) {
            Ok(id) if sent.len() == uuid::fmt::Hyphenated::LENGTH => Ok(Self { id: id.to_string(), sent }),
            _ => Err(scim::ScimError::resource_not_found(&sent).into()),
        }
    }
}
