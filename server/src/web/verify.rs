//! `/teams/{slug}/verify`: a member proves who they are before a sensitive change, with the password or through an SSO method.

use super::{
    sign_in::{explain, sign_in_method},
    sso::STEP_UP,
};
use crate::{
    auth::{
        SignedIn, audit, next,
        session_store::{self, Renewal},
        sign_in,
    },
    web::{
        request::{PageError, PageRequest, value},
        retry_after, see_other,
    },
};
use app::{
    form_encoding,
    model::{SignInProblem, Verify},
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use secrecy::SecretString;

pub(super) async fn verify_form(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let next = return_address(&slug, request.query_value("next"));
    let signed_in = request.in_team_from(&slug, &next).await?;
    answer(&request, &signed_in, StatusCode::OK, next, None).await
}

pub(super) async fn verify(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let form = form_encoding::parse(&body);
    let next = return_address(&slug, value(&form, "next"));
    let presented = session_store::hash(&request.session);
    let signed_in = match request.in_team_from(&slug, &next).await {
        // Another request just renewed the session: the browser has the new id from that response, and continues with it.
        Err(PageError::SignIn { .. }) if session_store::is_renewed(&request.state, presented.as_deref()).await? => {
            return Ok(see_other(&next));
        }
        signed_in => signed_in?,
    };
    let (me, password) = (&signed_in.me, SecretString::from(value(&form, "password").unwrap_or_default()));
    if let Err(refusal) = sign_in::check_again(&request.state, &request.session, me, password, request.address).await {
        let (status, problem) = explain(refusal);
        let wait = problem.wait();
        let mut response = answer(&request, &signed_in, status, next, Some(problem)).await?;
        retry_after(&mut response, wait);
        return Ok(response);
    }
    let renewal = Renewal::Verify(&me.team.id, &me.member_id);
    session_store::renew(&request.state, &request.session, renewal).await.map_err(session_store::failure)?;
    audit::stepped_up(&request.state, me, request.address).await;
    Ok(see_other(&next))
}

/// The return address. The default is the Authentication page.
fn return_address(slug: &str, next: Option<String>) -> String {
    next.filter(|next| next::local(next).is_some()).unwrap_or_else(|| return_to::authentication_path(slug))
}

async fn answer(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    next: String,
    problem: Option<SignInProblem>,
) -> Result<Response, PageError> {
    let (store, me) = (&request.state.store, &signed_in.me);
    let links = store.sso_links_of(&me.team.id, &me.member_id).await?;
    let methods: Vec<_> = links.into_iter().map(|link| sign_in_method(link, Some(&next), Some(STEP_UP))).collect();
    // Without any way to confirm, the form explains what is wrong.
    let has_password = methods.is_empty() || store.member_password(&me.team.id, &me.member_id).await?.is_some();
    let content = Content::Verify(Verify { next, methods, has_password, problem });
    Ok(request.team_page(status, signed_in, content))
}
