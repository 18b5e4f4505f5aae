//! The body of a request: one JSON object, whatever `Content-Type` says.

use super::{MAX_BODY, refusal::Refusal};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use scim::{Notes, json};
use serde_json::{Map, Value};

/// A JSON object, and what was odd about it.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) object: Map<String, Value>,
    pub(super) notes: Notes,
}

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = read(request).await?;
        let mut notes = Notes::new();
        let object = json::parse_object(&bytes, &mut notes)?;
        Ok(Self { object, notes })
    }
}

async fn read(request: Request) -> Result<Bytes, Refusal> {
    let limit = usize::try_from(MAX_BODY).unwrap_or(usize::MAX);
    match Limited::new(request.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::too_large()),
        Err(_) => Err(scim::Error::invalid_syntax("The body ended too early").into()),
    }
}
