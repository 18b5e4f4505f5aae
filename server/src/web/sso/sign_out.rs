//! `GET /sso/{method}/sign-out`: after the sign-out here, a link to the one at the identity provider (OpenID Connect RP-Initiated
//! Logout 1.0). The person decides, because the provider's session also serves other products.

use super::{ID_TOKEN, method};
use crate::{
    sso::oidc_sign_in::OidcSignIn,
    web::{
        cookie,
        request::{PageError, PageRequest},
        see_other,
    },
};
use app::{model::SsoSignOut, pages::Content};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use domain::{MINUTE, id::MethodId};
use oidc::RawIdToken;
use secrecy::ExposeSecret as _;

const HTTPS_NAME: &str = "__Host-rollcall-sign-out";
const HTTP_NAME: &str = "rollcall-sign-out";
/// The longest cookie, in bytes. Browsers keep 4 KiB with name and attributes.
const COOKIE_MAX: usize = 3_800;
/// How long the link is offered, in seconds.
const LIFETIME_S: i64 = 5 * MINUTE / 1000;

/// The response to a sign-out from a session that began at an OpenID Connect provider.
pub(in crate::web) fn after_sign_out(method: &MethodId, id_token: Option<&str>, https: bool) -> Response {
    let mut response = see_other(&["/sso/", method.as_str(), "/sign-out"].concat());
    // Without the ID token, the provider asks the person.
    let sealed = id_token.filter(|sealed| sealed.len() <= COOKIE_MAX).unwrap_or("-");
    append(&mut response, sealed, LIFETIME_S, https);
    response
}

pub(in crate::web) async fn sign_out(
    page: PageRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    let https = page.state.config.is_https();
    let Some(sealed) = cookie::get(&headers, name(https)) else { return Ok(see_other("/sign-in")) };
    let id_token = page.state.secrets.open(ID_TOKEN, &sealed).ok();
    let id_token = id_token.map(|token| RawIdToken::new(token.expose_secret()));
    let back = [&page.state.config.public_url, "/sign-in"].concat();
    let href = match OidcSignIn::new(page.state.oidc(), &method) {
        Ok(sign_in) => sign_in.end_session_url(id_token.as_ref(), &back).await,
        Err(_) => None,
    };
    let mut response = match href {
        Some(href) => {
            let content = SsoSignOut { method: method.method.name.clone(), href };
            page.bare_page(StatusCode::OK, Content::SsoSignOut(Box::new(content)))
        }
        None => see_other("/sign-in"),
    };
    append(&mut response, "", 0, https);
    Ok(response)
}

const fn name(https: bool) -> &'static str {
    if https { HTTPS_NAME } else { HTTP_NAME }
}

fn append(response: &mut Response, value: &str, max_age_s: i64, https: bool) {
    if let Some(mut header) = cookie::set(name(https), value, max_age_s, https) {
        header.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, header);
    }
}
