//! What a request's body says: one JSON object, whatever `Content-Type` says.

use crate::budget::Budget;
use crate::scim_api::error::Refusal;
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

/// A body as it was sent.
#[derive(Debug)]
pub(super) struct Sent(Bytes);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        // The gate has read it, and looked at its length.
        Bytes::from_request(request, state).await.map(Self).map_err(|_| Refusal::broken_off())
    }
}

impl Sent {
    /// What it says.
    pub(super) async fn read(self, budget: &Budget) -> Result<Message, Refusal> {
        let read = move |bytes: &Bytes| {
            let mut notes = Notes::new();
            let object = json::parse_object(bytes, &mut notes)?;
            Ok(Message { object, notes })
        };
        budget.compute_for(self.0.len(), move |_| read(&self.0)).await
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
