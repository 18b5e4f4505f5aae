//! `GET /sso/{method}/saml/finish`: the browser comes back from the assertion consumer service, with its cookie.

use super::{Verified, check_request, complete, cookies, failure, method};
use crate::{
    service::SsoResponse,
    sso::{
        identity::SsoIdentity,
        request::{LIFETIME, SsoPurpose},
        saml_sign_in::of,
    },
    web::{
        request::{PageError, PageRequest},
        see_other,
    },
};
use axum::{extract::Path, http::HeaderMap, response::Response};
use domain::sso::SsoFailure;
use secrecy::ExposeSecret as _;
use store::SsoMethodRow;

/// The context in which an identity waits for its browser.
pub(super) fn seal_context(method: &SsoMethodRow, request_id: &str) -> String {
    format!("sso_responses.identity:{}:{request_id}", method.method.id)
}

pub(in crate::web) async fn finish(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let Some(id) = page.query_value("request") else {
        return failure::answer(&page, &method, None, SsoFailure::NotAsked.into()).await;
    };
    let request = cookies::find(&page.state, &headers, &id);
    let request = match check_request(&page, &method, request.as_ref()) {
        Ok(request) => request,
        Err(refusal) => {
            // A page of a finished sign-in that the browser shows again, for example after Back.
            if request.is_none() && page.visitor_in(&method.team.slug).await.is_ok() {
                return Ok(see_other(&["/teams/", &method.team.slug].concat()));
            }
            return failure::answer(&page, &method, request.as_ref(), refusal).await;
        }
    };
    let now = page.state.clock.now();
    let stored = page.state.store.sso_response((&method.team.id, &method.method.id), &id, now).await?;
    let (response_id, identity) = match stored {
        Some((response_id, Some(sealed))) => match open(&page, &method, &id, &sealed) {
            Some(identity) => (response_id, identity),
            None => return failure::answer(&page, &method, Some(request), SsoFailure::BadResponse.into()).await,
        },
        Some((_, None)) => return failure::answer(&page, &method, Some(request), SsoFailure::Used.into()).await,
        None => return failure::answer(&page, &method, Some(request), SsoFailure::TooSlow.into()).await,
    };
    if request.purpose == SsoPurpose::StepUp {
        let authenticated_at = identity.authenticated_at.unwrap_or_default();
        if let Err(error) = saml::authenticated_since(authenticated_at, request.at) {
            return failure::answer(&page, &method, Some(request), of(&error)).await;
        }
    }
    let response = SsoResponse { id: &response_id, request_id: &id, expires_at: request.at + 2 * LIFETIME };
    complete(&page, &method, Verified { request, identity: &identity, response, id_token: None }).await
}

fn open(page: &PageRequest, method: &SsoMethodRow, request_id: &str, sealed: &str) -> Option<SsoIdentity> {
    let text = page.state.secrets.open(&seal_context(method, request_id), sealed).ok()?;
    serde_json::from_str(text.expose_secret()).ok()
}
