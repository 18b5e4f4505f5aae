//! Corrections to the session's cookie.
//!
//! `tower-sessions` removes the cookie whenever its session has ended, in a form that browsers ignore for `__Host-` names (it
//! lacks `Secure`). It also does so in a response to a request that was sent before the session got its new id, where it would
//! remove the new cookie. So the cookie is only removed at sign-out, because an old id is harmless.

use super::cookie;
use crate::{auth::session_store::cookie_name, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};

pub(super) async fn finish(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let signs_out = request.uri().path() == "/sign-out";
    let mut response = next.run(request).await;
    if response.headers().contains_key(header::SET_COOKIE) {
        finish_headers(response.headers_mut(), state.config.is_https(), signs_out);
    }
    response
}

fn finish_headers(headers: &mut HeaderMap, https: bool, signs_out: bool) {
    let (own, removal) = (format!("{}=", cookie_name(https)), format!("{}=;", cookie_name(https)));
    let mut cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    // The session's cookie comes first, because clients that read one cookie read the first.
    cookies.sort_by_key(|cookie| !cookie.as_bytes().starts_with(own.as_bytes()));
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        if !cookie.as_bytes().starts_with(removal.as_bytes()) {
            headers.append(header::SET_COOKIE, cookie);
        } else if signs_out && let Some(cookie) = cookie::set(cookie_name(https), "", 0, https) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finish(cookies: &[&'static str], https: bool, signs_out: bool) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        finish_headers(&mut headers, https, signs_out);
        headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn only_sign_out_removes_the_cookie_with_its_attributes() {
        let removal = "__Host-rollcall=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        assert_eq!(finish(&[removal], true, false), Vec::<String>::new());
        assert_eq!(
            finish(&[removal, "rollcall-theme=dark"], true, true),
            ["__Host-rollcall=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0", "rollcall-theme=dark"]
        );
        assert_eq!(
            finish(&["rollcall=; Path=/"], false, true),
            ["rollcall=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"]
        );
    }

    #[test]
    fn the_session_cookie_comes_first() {
        let (device, session) = ("__Host-rollcall-device=v1.x; Path=/", "__Host-rollcall=abc; Path=/");
        assert_eq!(finish(&[device, session], true, false), [session, device]);
    }

    #[test]
    fn a_cookie_with_a_new_id_is_unchanged() {
        let new = "__Host-rollcall=abc; HttpOnly; SameSite=Lax; Secure; Path=/";
        assert_eq!(finish(&[new], true, false), [new]);
    }
}
