//! Authentication: every request below `/scim/v2` needs a usable key, also for endpoints that do not exist. The result is
//! recorded in the request log.

use super::{
    bearer::{self, AuthenticationError},
    body,
};
use crate::{
    budget::{CancelOnDrop, MemoryPermit},
    client_address,
    request_log::Record,
    scim_api::{error::ApiError, prefetch::Lookup, response_defaults::RequestTeam},
    state::AppState,
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::UnixMs;

#[derive(Clone, Debug)]
pub(super) struct Authenticator {
    state: AppState,
}

impl Authenticator {
    pub(super) fn new(state: AppState) -> Self {
        Self { state }
    }

    /// The request for handlers: with its body in memory, its [`AuthenticatedKey`](super::client::AuthenticatedKey) and the
    /// prefetched User. The guards must live until the response.
    async fn authenticate(
        &self,
        request: Request,
        record: &mut Record,
        team: &mut Option<RequestTeam>,
        now: UnixMs,
    ) -> Result<(Request, RequestGuards), ApiError> {
        let Self { state } = self;
        let lookup = Lookup::of(&request);
        let (mut client, prefetched) = match bearer::authenticate(state, request.headers(), lookup, now).await {
            Ok(authenticated) => authenticated,
            Err(AuthenticationError { error, source, team: team_of_key, detail }) => {
                *team = team_of_key;
                if let Some(source) = source {
                    record.set_source(source);
                    record.set_refused(detail);
                }
                return Err(error);
            }
        };
        *team = Some(RequestTeam(client.team.slug.clone()));
        record.set_source(client.source());
        state.last_used.note(&client.team.id, &client.key, now);
        if let Err(error) = state.rate_limit().take(&client.key, now) {
            record.set_throttled();
            return Err(ApiError::over_rate(state.config.scim_rate, error));
        }
        let (mut parts, body) = request.into_parts();
        let caller = client.budget.caller();
        let (body, memory) = body::read(&parts.headers, body, &client.budget).await?;
        record.set_body(&body);
        client.address = client_address::of(&parts.headers, &parts.extensions, &state.config.trusted_proxies);
        client.request = record.id().clone();
        parts.extensions.insert(client);
        if let Some(prefetched) = prefetched {
            parts.extensions.insert(prefetched);
        }
        Ok((Request::from_parts(parts, Body::from(body)), RequestGuards { _caller: caller, _memory: memory }))
    }
}

/// Resources that a request holds until its response.
struct RequestGuards {
    _caller: CancelOnDrop,
    /// The memory of its body.
    _memory: MemoryPermit,
}

/// Authenticates a request and forwards it, or answers with the error.
pub(super) async fn pass(State(authenticator): State<Authenticator>, request: Request, next: Next) -> Response {
    let now = authenticator.state.clock.now();
    let mut record = Record::open(&authenticator.state.recorder, &authenticator.state.config, &request, now);
    let mut team = None;
    let response = match authenticator.authenticate(request, &mut record, &mut team, now).await {
        // The guards are dropped with this future if the client disconnects.
        Ok((request, _guards)) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let mut response = record.close(response).await;
    if let Some(team) = team {
        response.extensions_mut().insert(team);
    }
    response
}
