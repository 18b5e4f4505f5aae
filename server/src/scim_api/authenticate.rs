//! Authentication: every request below `/scim/v2` needs a usable key, also for endpoints that do not exist. The result is
//! recorded in the request log.

use super::{api_request::ApiRequest, bearer, body};
use crate::{budget::RequestGuard, request_log::Record, scim_api::error::ApiError, state::AppState};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::UnixMs;

/// Authenticates a request and forwards it, or answers with the error.
pub(super) async fn pass(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let now = state.clock.now();
    let mut record = Record::open(&state.recorder, &state.config, &request, now);
    let response = match authenticate(&state, request, &mut record, now).await {
        // The guard is dropped with this future if the client disconnects.
        Ok((request, _guard)) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    record.close(response).await
}

/// The request for handlers, with its [`ApiRequest`] in the extensions. The guard must live until the response.
async fn authenticate(
    state: &AppState,
    request: Request,
    record: &mut Record,
    now: UnixMs,
) -> Result<(Request, RequestGuard), ApiError> {
    let (mut parts, body) = request.into_parts();
    let (caller, prefetch) = bearer::authenticate(state, &parts, record, now).await?;
    state.last_used.note(&caller.team.id, &caller.key_id, now);
    if let Err(error) = state.rate_limit().take(&caller.key_id, now) {
        record.set_throttled();
        return Err(ApiError::over_rate(state.config.scim_rate, error));
    }
    let budget = state.budgets().of_request(&caller.team.id);
    let mut guard = budget.guard();
    let body = body::read(&parts.headers, body, &mut guard).await?;
    record.set_body(&body);
    let request = ApiRequest::new(state.clone(), caller, budget, &parts, body, prefetch);
    parts.extensions.insert(request);
    Ok((Request::from_parts(parts, Body::empty()), guard))
}
