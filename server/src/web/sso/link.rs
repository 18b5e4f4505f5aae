//! `/sso/{method}/link`: a member who signed in with a password confirms that an account of the identity provider is theirs.

use super::{cookies, failure, link_path, method};
use crate::{
    service::{SsoResponse, SsoSignIn, SsoSignInError, SsoSignInPurpose, sso_sign_in},
    sso::{pending_link::PendingLink, request::LIFETIME},
    web::{
        request::{PageError, PageRequest},
        see_other,
    },
};
use app::{model::SsoConfirm, pages::Content};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::sso::SsoFailure;
use store::SsoMethodRow;

pub(in crate::web) async fn link(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let me = page.in_team(&method.team.slug).await?.me;
    let Some(link) = pending(&page, &method, &headers) else {
        return failure::answer(&page, &method, None, SsoFailure::TooSlow.into()).await;
    };
    let content = Content::SsoConfirm(Box::new(SsoConfirm {
        method: method.method.name.clone(),
        account: link.identity.account().to_owned(),
        member: me.name,
        action: link_path(&method),
        cancel: team_path(&method),
    }));
    Ok(page.bare_page(StatusCode::OK, content))
}

pub(in crate::web) async fn confirm_link(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let me = page.in_team_from(&method.team.slug, &link_path(&method)).await?.me;
    let Some(link) = pending(&page, &method, &headers) else {
        return failure::answer(&page, &method, None, SsoFailure::TooSlow.into()).await;
    };
    let address = page.address.map(|address| address.to_string());
    let sign_in = SsoSignIn {
        method: &method,
        identity: &link.identity,
        response: SsoResponse {
            id: &link.response_id,
            request_id: &link.request_id,
            expires_at: link.at + 3 * LIFETIME,
        },
        purpose: SsoSignInPurpose::Link(&me.member_id),
        address: address.as_deref(),
    };
    let mut response = match sso_sign_in(&page.state.store, &page.state.clock, sign_in).await {
        Ok(_) => see_other(&team_path(&method)),
        Err(SsoSignInError::Refused(refusal)) => failure::answer(&page, &method, None, refusal).await?,
        Err(SsoSignInError::Failed(error)) => return Err(error.into()),
    };
    cookies::set_pending_link(&page.state, &mut response, None);
    Ok(response)
}

/// The link of this browser that waits for its member, if it is one of this method.
fn pending(page: &PageRequest, method: &SsoMethodRow, headers: &HeaderMap) -> Option<PendingLink> {
    cookies::pending_link(&page.state, headers).filter(|link| link.method == method.method.id && method.method.enabled)
}

fn team_path(method: &SsoMethodRow) -> String {
    ["/teams/", &method.team.slug].concat()
}
