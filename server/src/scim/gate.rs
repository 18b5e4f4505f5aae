//! The one way in: every request below `/scim/v2` needs a usable key, also for endpoints that do not exist.

use super::{MAX_BODY, bearer, rate_limit::RateLimit, refusal::Refusal};
use crate::state::AppState;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt as _;
use std::sync::Arc;

/// The most bytes that are read to drop them.
const MAX_DRAINED: usize = 16 * 1024 * 1024;

/// What the gate needs to know.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    state: AppState,
    limit: Arc<RateLimit>,
}

impl Gate {
    pub(super) fn new(state: AppState) -> Self {
        let limit = RateLimit::new(state.config.scim_rate, state.config.scim_burst);
        Self { state, limit: Arc::new(limit) }
    }
}

/// Lets a request through, with its [`Client`](super::client::Client), or says why not.
pub(super) async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Result<Response, Refusal> {
    let Gate { state, limit } = gate;
    let now = state.clock.now();
    let client = bearer::authenticate(&state, request.headers(), now).await?;
    state.last_used.note(&client.key, now);
    limit.take(&client.key, now).map_err(|wait| Refusal::too_many(state.config.scim_rate, wait))?;
    if announced_length(request.headers()) > MAX_BODY {
        drain(request.into_body()).await;
        return Err(Refusal::too_large());
    }
    request.extensions_mut().insert(client);
    Ok(next.run(request).await)
}

/// What `Content-Length` says; the HTTP layer has refused what is not a number.
fn announced_length(headers: &HeaderMap) -> u64 {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

/// Reads too long a body and drops it: a client that is still sending would not see the answer.
async fn drain(mut body: Body) {
    let mut left = MAX_DRAINED;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        left = left.saturating_sub(length);
        if left == 0 {
            return;
        }
    }
}
