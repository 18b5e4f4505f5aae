//! `POST /sso/{method}/saml/acs`: the assertion consumer service (SAML profiles, section 4.1).
//!
//! The form comes from another site, so it carries no cookie. The response is verified here and stored, and the browser is
//! redirected to `finish`, where its cookie shows that it started the sign-in.

use super::{check_enabled, failure::FailureContext};
use crate::{
    client_address,
    sso::{
        identity::SsoRefusal,
        request::LIFETIME,
        saml_sign_in::{SamlSignIn, of},
    },
    state::AppState,
    web::{appearance, error_pages, see_other},
};
use app::{error::AppError, form_encoding};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use domain::{Error, id::MethodId, sso::SsoFailure};
use http_body_util::{BodyExt as _, Limited};
use store::{SsoMethodRow, StoredResponse};

/// The address.
pub(in crate::web) const ACS: &str = "/sso/{method}/saml/acs";
/// The largest form: a response of 384 KiB in base64, escaped, and a relay state.
const MAX_FORM: usize = 600 * 1024;

pub(in crate::web) async fn acs(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let method = match state.store.sso_method(&MethodId::new(id)).await {
        Ok(Some(method)) => method,
        Ok(None) => return error_pages::answer(Error::NotFound),
        Err(error) => return error_pages::answer(Error::from(error)),
    };
    let (parts, body) = request.into_parts();
    let context = FailureContext {
        state: &state,
        theme: appearance::theme(&parts.headers),
        address: client_address::of(&parts.headers, &parts.extensions, &state.config.trusted_proxies),
        page_path: parts.uri.path().to_owned(),
        next: None,
    };
    let body = match Limited::new(body, MAX_FORM).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return error_pages::answer(AppError::TooLarge),
    };
    match receive(&state, &method, &body).await {
        Ok(address) => see_other(&address),
        Err(AcsError::Refused(refusal)) => context.answer(&method, refusal).await,
        Err(AcsError::Store(error)) => error_pages::answer(Error::from(error)),
    }
}

enum AcsError {
    Refused(SsoRefusal),
    Store(store::StoreError),
}

impl From<SsoRefusal> for AcsError {
    fn from(refusal: SsoRefusal) -> Self {
        AcsError::Refused(refusal)
    }
}

/// Verifies and stores the response. Returns the address of `finish`.
async fn receive(state: &AppState, method: &SsoMethodRow, body: &[u8]) -> Result<String, AcsError> {
    check_enabled(method)?;
    let now = state.clock.now();
    let posted = saml::post::read(body).map_err(|error| of(&error))?;
    let sign_in = SamlSignIn::new(&state.config.public_url, method, now)?;
    let verified = sign_in.verify(&posted.octets)?;
    let identity = sign_in.identity(&verified)?;
    identity.check()?;
    let text = serde_json::to_string(&identity).unwrap_or_default();
    let response = StoredResponse {
        id: &verified.assertion_id,
        request_id: &verified.request_id,
        identity: &state.secrets.seal(&super::finish::seal_context(method, &verified.request_id), &text),
        // The row also remembers that the assertion was used, until its age alone refuses it.
        expires_at: verified.expires.max(now + LIFETIME),
    };
    let at = (&method.team.id, &method.method.id);
    if !state.store.sso_response_add(at, &response).await.map_err(AcsError::Store)? {
        return Err(SsoRefusal::from(SsoFailure::Used).into());
    }
    let id = method.method.id.as_str();
    let query = form_encoding::write(&[("request".to_owned(), verified.request_id)]);
    Ok(["/sso/", id, "/saml/finish?", &query].concat())
}
