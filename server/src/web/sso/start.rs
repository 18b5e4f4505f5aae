//! `GET /sso/{method}/start`: leads to the identity provider. Nothing is stored.

use super::{STEP_UP, check_enabled, cookies, failure, method};
use crate::{
    auth::next,
    sso::{
        identity::SsoRefusal,
        oidc_sign_in::{AuthorizationOptions, OidcSignIn},
        request::{SsoPurpose, SsoRequest},
        saml_sign_in::{SamlRequest, SamlSignIn},
    },
    web::{
        html,
        request::{PageError, PageRequest},
    },
};
use app::{
    model::{SsoContinue, SsoPost},
    pages::Content,
};
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{Error, sso::Protocol};
use store::SsoMethodRow;

pub(in crate::web) async fn start(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let state = &page.state;
    let next = page.query_value("next").filter(|next| next::local(next).is_some());
    let purpose = match page.query_value("purpose").as_deref() {
        Some(STEP_UP) => SsoPurpose::StepUp,
        _ => SsoPurpose::SignIn,
    };
    let request = SsoRequest::new(method.method.id.clone(), purpose, next, state.clock.now());
    let step = match next_step(&page, &method, &request).await {
        Ok(step) => step,
        Err(refusal) => return failure::answer(&page, &method, Some(&request), refusal).await,
    };
    let mut response = match step {
        SamlRequest::Redirect(address) => redirect(&address)?,
        SamlRequest::Post { action, fields } => form(&page, &method, action, fields)?,
    };
    cookies::add(state, &headers, &mut response, &request);
    Ok(response)
}

/// The way to the identity provider.
async fn next_step(page: &PageRequest, method: &SsoMethodRow, request: &SsoRequest) -> Result<SamlRequest, SsoRefusal> {
    check_enabled(method)?;
    let state = &page.state;
    match method.method.protocol {
        Protocol::Oidc => {
            let options = AuthorizationOptions {
                login_hint: page.query_value("email"),
                select_account: page.query_value("account").as_deref() == Some("other"),
            };
            let sign_in = OidcSignIn::new(state.oidc(), method)?;
            sign_in.authorization_url(request, &options).await.map(SamlRequest::Redirect)
        }
        Protocol::Saml => SamlSignIn::new(&state.config.public_url, method, state.clock.now())?.request(request),
    }
}

/// A page with a form, for an identity provider that accepts no redirect. The form may only go to its origin.
fn form(
    page: &PageRequest,
    method: &SsoMethodRow,
    action: String,
    fields: Vec<(String, String)>,
) -> Result<Response, PageError> {
    let origin = reqwest::Url::parse(&action).map_err(|_| Error::Internal)?.origin().ascii_serialization();
    let team = &method.team;
    let content = Content::SsoContinue(Box::new(SsoContinue {
        method: method.method.name.clone(),
        team: Some((team.name.clone(), team.slug.clone())),
        email: None,
        href: action.clone(),
        post: Some(SsoPost { action, fields }),
    }));
    Ok(html::live_with_form(StatusCode::OK, page.page(None, content), &page.state, origin))
}

/// A redirect to another site, with GET.
fn redirect(address: &str) -> Result<Response, PageError> {
    let address = HeaderValue::from_str(address).map_err(|_| Error::Internal)?;
    let headers = [(header::LOCATION, address), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}
