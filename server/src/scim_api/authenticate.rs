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
    async fn enter(
        &self,
        request: Request,
        record: &mut Record,
        team: &mut Option<RequestTeam>,
        now: UnixMs,
    ) -> Result<(Request, Open), ApiError> {
        let Self { state } = self;
        let question = Lookup::of(&request);
        let (mut client, ahead) = match bearer::authenticate(state, request.headers(), question, now).await {
            Ok(known) => known,
            Err(AuthenticationError { refusal, caller, team: of_key, detail }) => {
                *team = of_key;
                if let Some(caller) = caller {
                    record.came_from(caller);
                    record.is_refused(detail);
                }
                return Err(refusal);
            }
        };
        *team = Some(RequestTeam(client.team.slug.clone()));
        record.came_from(client.caller());
        state.last_used.note(&client.key, now);
        if let Err(error) = state.rate_limit().take(&client.key, now) {
            record.is_throttled();
            return Err(ApiError::over_rate(state.config.scim_rate, error));
        }
        let (mut parts, body) = request.into_parts();
        let caller = client.budget.caller();
        let (body, memory) = body::read(&parts.headers, body, &client.budget).await?;
        record.holds(&body);
        client.address = client_address::of(&parts.headers, &parts.extensions, &state.config.trusted_proxies);
        client.request = record.id().clone();
        parts.extensions.insert(client);
        if let Some(ahead) = ahead {
            parts.extensions.insert(ahead);
        }
        Ok((Request::from_parts(parts, Body::from(body)), Open { _caller: caller, _memory: memory }))
    }
}

/// What a request holds while it is answered.
struct Open {
    _caller: CancelOnDrop,
    /// Of its body.
    _memory: MemoryPermit,
}

/// Lets a request through, or says why not.
pub(super) async fn pass(State(gate): State<Authenticator>, request: Request, next: Next) -> Response {
    let now = gate.state.clock.now();
    let mut record = Record::open(&gate.state.recorder, &gate.state.config, &request, now);
    let mut team = None;
    let answer = match gate.enter(request, &mut record, &mut team, now).await {
        // Dropped with this future, where the client leaves before there is an answer.
        Ok((request, _open)) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let mut answer = record.close(answer).await;
    if let Some(team) = team {
        answer.extensions_mut().insert(team);
    }
    answer
}
