//! Flash messages: a notice that the next page shows once.
//!
//! The response to a change redirects to an address with `?done=NOTICE` and sets a cookie with the same notice. The page shows
//! the notice only if both agree, and removes the cookie. The address alone is not trusted, because it can be reloaded,
//! bookmarked and shared. The cookie also contains the name of the changed member, because an address must not contain names.

use super::{cookie, middleware::request_context};
use crate::state::AppState;
use app::{
    form_encoding,
    return_to::{self, DONE},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

const COOKIE: &str = "rollcall-done";
/// Long enough to load the page, and to verify before it.
const MAX_AGE_S: i64 = 300;
/// Upper bound of characters of a name in the cookie, because identity providers send names of any length.
const NAME_MAX: usize = 100;

/// A notice, and the name of the member that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flash {
    notice: String,
    name: Option<String>,
}

impl Flash {
    fn new(notice: &str) -> Self {
        Self { notice: notice.to_owned(), name: None }
    }

    fn about(notice: &str, name: &str) -> Self {
        let mut short: String = name.chars().take(NAME_MAX).collect();
        if short.len() < name.len() {
            short.push('…');
        }
        Self { notice: notice.to_owned(), name: Some(short) }
    }

    fn parse(headers: &HeaderMap) -> Option<Self> {
        let value = cookie::get(headers, COOKIE)?;
        Some(match value.split_once('&') {
            Some((notice, name)) => Self { notice: notice.to_owned(), name: Some(name.to_owned()) },
            None => Self { notice: value, name: None },
        })
    }

    fn value(&self) -> String {
        match &self.name {
            Some(name) => [&self.notice, "&", name].concat(),
            None => self.notice.clone(),
        }
    }
}

/// The notice that this address shows.
pub(super) fn notice(headers: &HeaderMap, address: &str) -> Option<String> {
    let notice = notice_of(address)?;
    (Flash::parse(headers)?.notice == notice).then_some(notice)
}

/// The name of the member that it concerns.
pub(super) fn about(headers: &HeaderMap, address: &str) -> Option<String> {
    notice(headers, address)?;
    Flash::parse(headers)?.name.filter(|name| !name.is_empty())
}

/// The notice in an address. Notices are names and ids.
fn notice_of(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let (_, notice) = form_encoding::parse(query).into_iter().find(|(name, _)| name == DONE)?;
    let is_name = notice.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_name && !notice.is_empty()).then_some(notice)
}

/// Redirects to a page that shows this notice.
pub(super) fn see_other(path: &str, notice: &str) -> Response {
    with_flash(super::see_other(&address(path, notice)), Flash::new(notice))
}

/// Redirects to a page that shows this notice about a member.
pub(super) fn see_other_about(path: &str, notice: &str, name: &str) -> Response {
    with_flash(super::see_other(&address(path, notice)), Flash::about(notice, name))
}

/// Redirects to sign-in, and from there to a page that shows this notice.
pub(super) fn sign_in(path: &str, notice: &str) -> Response {
    with_flash(super::see_other(&return_to::sign_in_path(&address(path, notice))), Flash::new(notice))
}

/// The address of a page that shows this notice, if the response with the redirect has it too: see [`with_notice`].
pub(super) fn address(path: &str, notice: &str) -> String {
    [path, if path.contains('?') { "&" } else { "?" }, DONE, "=", notice].concat()
}

/// Adds the notice to the response, for a later page.
pub(super) fn with_notice(response: Response, notice: &str) -> Response {
    with_flash(response, Flash::new(notice))
}

fn with_flash(mut response: Response, flash: Flash) -> Response {
    response.extensions_mut().insert(flash);
    response
}

/// Sets the cookie in the response to a change, and removes it with the page that shows the notice.
pub(super) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_shown = request.method() == Method::GET
        && notice(request.headers(), &request_context::page_path(request.uri())).is_some();
    let mut response = next.run(request).await;
    let https = state.config.is_https();
    let cookie = match response.extensions_mut().remove::<Flash>() {
        Some(flash) => cookie::set(COOKIE, &flash.value(), MAX_AGE_S, https),
        None if is_shown && response.status() == StatusCode::OK => cookie::set(COOKIE, "", 0, https),
        None => return response,
    };
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;

    fn with(cookie: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        headers
    }

    fn sent_back(response: &Response) -> HeaderMap {
        let flash = response.extensions().get::<Flash>().unwrap();
        let cookie = cookie::set(COOKIE, &flash.value(), MAX_AGE_S, true).unwrap();
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&pair).unwrap());
        headers
    }

    #[test]
    fn an_address_without_the_cookie_shows_no_notice() {
        let address = "/teams/acme/settings/members?done=removed";
        assert_eq!(notice(&HeaderMap::new(), address), None);
        assert_eq!(notice(&with("rollcall-done=renamed"), address), None);
        assert_eq!(notice(&with("rollcall-done=removed"), "/teams/acme/settings/members"), None);
        assert_eq!(notice(&with("a=b; rollcall-done=removed"), address).as_deref(), Some("removed"));
    }

    #[test]
    fn the_name_comes_only_from_the_cookie() {
        let page = "/teams/acme/settings/members?done=removed";
        for name in ["Ada Lovelace", "Łukasz; Path=/, \"x\"\r\n&about=Eve", "名前"] {
            let response = see_other_about("/teams/acme/settings/members", "removed", name);
            assert_eq!(response.headers()[header::LOCATION], page, "no name in the address");
            let headers = sent_back(&response);
            assert_eq!(notice(&headers, page).as_deref(), Some("removed"));
            assert_eq!(about(&headers, page).as_deref(), Some(name));
            assert_eq!(about(&headers, "/teams/acme/settings/members?done=renamed&about=Eve"), None);
        }
        assert_eq!(about(&with("rollcall-done=removed"), &[page, "&about=Eve"].concat()), None);
        let long = see_other_about("/x", "removed", &"名".repeat(10_000));
        assert!(sent_back(&long).values().next().unwrap().len() < 1_100, "100 characters, percent-encoded");
    }

    #[test]
    fn a_notice_must_have_the_form_of_a_name() {
        for strange in ["?done=", "?done=a%3Bb", "?done=a%0Ab", "?done=%C3%A9", "?other=x", ""] {
            assert_eq!(notice_of(&["/x", strange].concat()), None, "{strange}");
        }
        assert_eq!(notice_of("/x?status=active&done=01a0cddd-5afc").as_deref(), Some("01a0cddd-5afc"));
    }
}
