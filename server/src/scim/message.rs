//! What a request's body says: one JSON object, whatever `Content-Type` says.

use super::refusal::Refusal;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use scim::{Notes, json};
use serde_json::{Map, Value};

/// A JSON object, and what was odd about it.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) object: Map<String, Value>,
    pub(super) notes: Notes,
}

impl<S: Send + Sync> FromRequest<S> for Message {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        // The gate has read it, and looked at its length.
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Refusal::broken_off())?;
        let mut notes = Notes::new();
        let object = json::parse_object(&bytes, &mut notes)?;
        Ok(Self { object, notes })
    }
}
