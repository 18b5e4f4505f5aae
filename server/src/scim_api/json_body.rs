//! JSON bodies of requests: one object. `Content-Type` is ignored.

use crate::{budget::Budget, scim_api::error::ApiError};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use scim::{Normalizations, json};
use serde_json::{Map, Value};

/// A JSON object and the normalizations of its text.
#[derive(Debug)]
pub(super) struct JsonBody {
    pub(super) object: Map<String, Value>,
    pub(super) notes: Normalizations,
}

/// An unparsed body.
#[derive(Debug)]
pub(super) struct RawBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // Authentication has read it and checked its length.
        Bytes::from_request(request, state).await.map(Self).map_err(|_| ApiError::truncated())
    }
}

impl RawBody {
    /// Parses the body.
    pub(super) async fn read(self, budget: &Budget) -> Result<JsonBody, ApiError> {
        let read = move |bytes: &Bytes| {
            let mut notes = Normalizations::new();
            let object = json::parse_object(bytes, &mut notes)?;
            Ok(JsonBody { object, notes })
        };
        budget.compute_for(self.0.len(), move |_| read(&self.0)).await
    }

    /// The size in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
