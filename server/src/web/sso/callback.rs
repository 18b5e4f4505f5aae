//! `GET /sso/{method}/oidc/callback`: the authorization response (OpenID Connect Core, section 3.1.2.5).

use super::{Verified, check_request, complete, cookies, failure, method};
use crate::{
    service::SsoResponse,
    sso::{
        oidc_sign_in::{OidcSignIn, state_of},
        request::LIFETIME,
    },
    web::{
        request::{PageError, PageRequest},
        see_other,
    },
};
use axum::{extract::Path, http::HeaderMap, response::Response};

pub(in crate::web) async fn callback(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let request = state_of(page.query()).and_then(|id| cookies::find(&page.state, &headers, &id));
    let request = match check_request(&page, &method, request.as_ref()) {
        Ok(request) => request,
        Err(failure) => {
            // A page of a finished sign-in that the browser shows again, for example after Back.
            if request.is_none() && page.visitor_in(&method.team.slug).await.is_ok() {
                return Ok(see_other(&["/teams/", &method.team.slug].concat()));
            }
            return failure::answer(&page, &method, request.as_ref(), failure).await;
        }
    };
    let result = match OidcSignIn::new(page.state.oidc(), &method) {
        Ok(sign_in) => sign_in.identity(request, page.query()).await,
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok((identity, id_token)) => {
            let response =
                SsoResponse { id: &request.id, request_id: &request.id, expires_at: request.at + 2 * LIFETIME };
            let id_token = Some(&id_token);
            complete(&page, &method, Verified { request, identity: &identity, response, id_token }).await
        }
        Err(refusal) => failure::answer(&page, &method, Some(request), refusal).await,
    }
}
