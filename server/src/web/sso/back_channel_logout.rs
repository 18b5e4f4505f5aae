//! `POST /sso/{method}/oidc/back-channel-logout`: the provider says that a person signed out (OpenID Connect Back-Channel Logout 1.0).
//!
//! It comes from the provider's server: without cookies, and outside of the CSRF layer. The signed token is the proof.

use super::check_enabled;
use crate::{
    service::{ProviderSignOut, sso_sign_out},
    sso::oidc_sign_in::OidcSignIn,
    state::AppState,
};
use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{Error, id::MethodId};
use http_body_util::{BodyExt as _, Limited};

/// The address.
pub(in crate::web) const BACK_CHANNEL_LOGOUT: &str = "/sso/{method}/oidc/back-channel-logout";
/// The largest form.
const MAX_FORM: usize = 64 * 1024;

/// 200 after the sessions ended, else 400 without a detail (section 2.8).
pub(in crate::web) async fn back_channel_logout(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let status = match sign_out(&state, MethodId::new(id), request).await {
        Ok(()) => StatusCode::OK,
        Err(Error::Unavailable | Error::Unconfirmed) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => StatusCode::BAD_REQUEST,
    };
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
}

async fn sign_out(state: &AppState, id: MethodId, request: Request) -> Result<(), Error> {
    let method = state.store.sso_method(&id).await?.ok_or(Error::NotFound)?;
    check_enabled(&method).map_err(|_| Error::NotFound)?;
    let body = Limited::new(request.into_body(), MAX_FORM).collect().await.map_err(|_| Error::Malformed)?;
    let sign_in = OidcSignIn::new(state.oidc(), &method).map_err(|_| Error::NotFound)?;
    let token = sign_in.logout(&body.to_bytes()).await.map_err(|refusal| {
        tracing::warn!(team = method.team.slug, facts = ?refusal.facts, "a back-channel logout was refused");
        Error::Malformed
    })?;
    let sign_out = ProviderSignOut {
        method: &method,
        subject: token.subject(),
        provider_session: token.session_id(),
        token_id: token.token_id(),
        expires_at: token.valid_until(),
    };
    sso_sign_out(&state.store, &state.clock, sign_out).await
}
