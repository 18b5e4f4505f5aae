//! The one way in: every request below `/scim/v2` needs a usable key, also for endpoints that do not exist. Whatever comes
//! of it is recorded here.

use super::{
    bearer::{self, AuthenticationError},
    body,
};
use crate::{
    budget::{CancelOnDrop, MemoryPermit},
    client_address,
    state::AppState,
};
use crate::{
    request_log::Record,
    scim_api::{error::ApiError, prefetch::Lookup, response_defaults::RequestTeam},
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::UnixMs;

/// What the gate needs to know.
#[derive(Clone, Debug)]
pub(super) struct Authenticator {
    state: AppState,
}

impl Authenticator {
    pub(super) fn new(state: AppState) -> Self {
        Self { state }
    }

    /// The request as handlers get it: with its body in memory, its [`Client`](super::client::Client), and what was read
    /// beside the key. What is open is to be kept until there is an answer.
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
            Ok(known) => known,
            Err(AuthenticationError { error, source, team: of_key, detail }) => {
                *team = of_key;
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

/// What a request holds while it is answered.
struct RequestGuards {
    _caller: CancelOnDrop,
    /// Of its body.
    _memory: MemoryPermit,
}

/// Lets a request through, or says why not.
pub(super) async fn pass(State(authenticator): State<Authenticator>, request: Request, next: Next) -> Response {
    let now = authenticator.state.clock.now();
    let mut record = Record::open(&authenticator.state.recorder, &authenticator.state.config, &request, now);
    let mut team = None;
    let answer = match authenticator.authenticate(request, &mut record, &mut team, now).await {
        // Dropped with this future, where the client leaves before there is an answer.
        Ok((request, _guards)) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let mut answer = record.close(answer).await;
    if let Some(team) = team {
        answer.extensions_mut().insert(team);
    }
    answer
}
