//! What was done is said once.
//!
//! The answer to a change leads to a page by an address that ends in `?done=..`. That alone is believed by nobody, since it
//! can be loaded again, kept and sent to others: the answer also leaves a cookie with the same word, and the page that says
//! it takes the cookie away. The cookie also carries whom the change was about, because a name stands in no address.

use super::cookie;
use crate::state::AppState;
use app::resume::{self, DONE};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

const COOKIE: &str = "rollcall-done";
/// Long enough to load the page, and to prove once more who this is.
const MAX_AGE_S: u32 = 300;
/// The name of the field that says whom the change was about.
const ABOUT: &str = "about";
/// The most characters of a name that the cookie holds; identity providers send longer ones than people read.
const ABOUT_MAX: usize = 100;

/// What was just done, if this address says it and the change before it said the same.
pub(super) fn done(headers: &HeaderMap, here: &str) -> Option<String> {
    let said = said(here)?;
    let (word, _) = parts(headers)?;
    (word == said).then_some(said)
}

/// Whom it was about, if the cookie names somebody.
pub(super) fn about(headers: &HeaderMap, here: &str) -> Option<String> {
    done(headers, here)?;
    let (_, about) = resume::parse(parts(headers)?.1).into_iter().find(|(name, _)| name == ABOUT)?;
    Some(about).filter(|about| !about.is_empty())
}

/// The word in the cookie, and what stands behind it.
fn parts(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = cookie::get(headers, COOKIE)?;
    Some(value.split_once('&').unwrap_or((value, "")))
}

/// The word in an address. Words are names and ids: what could not stand in a cookie is none.
fn said(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let (_, said) = resume::parse(query).into_iter().find(|(name, _)| name == DONE)?;
    let is_word = said.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_word && !said.is_empty()).then_some(said)
}

/// What an answer to a change tells; stands in its extensions until the cookie is written.
#[derive(Clone, Debug)]
struct Told(String);

/// On to a page that says what was done: `word` is its name.
pub(super) fn see_other(path: &str, word: &str) -> Response {
    telling(super::see_other(&address(path, word)), word)
}

/// On to a page that says what was done, and to whom.
pub(super) fn see_other_about(path: &str, word: &str, name: &str) -> Response {
    let mut about: String = name.chars().take(ABOUT_MAX).collect();
    if about.len() < name.len() {
        about.push('…');
    }
    let content = [word, "&", &resume::write(&[(ABOUT.to_owned(), about)])].concat();
    telling(super::see_other(&address(path, word)), &content)
}

/// On to sign in, then to a page that says what was done.
pub(super) fn sign_in(path: &str, word: &str) -> Response {
    telling(super::see_other(&resume::sign_in_path(&address(path, word))), word)
}

/// The address of a page that says what was done, if the answer that leads there is [`telling`] it.
pub(super) fn address(path: &str, word: &str) -> String {
    [path, if path.contains('?') { "&" } else { "?" }, DONE, "=", word].concat()
}

/// The answer to a change, with the word that a page will say later.
pub(super) fn telling(mut answer: Response, word: &str) -> Response {
    answer.extensions_mut().insert(Told(word.to_owned()));
    answer
}

/// Leaves the cookie with the answer to a change, and takes it away with the page that says it.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_said = request.method() == Method::GET
        && done(request.headers(), &crate::web::middleware::request_context::here(request.uri())).is_some();
    let mut response = next.run(request).await;
    let secure = if state.config.is_https() { "; Secure" } else { "" };
    let cookie = match response.extensions_mut().remove::<Told>() {
        Some(Told(word)) => format!("{COOKIE}={word}; Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Lax{secure}"),
        None if is_said && response.status() == StatusCode::OK => {
            format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}")
        }
        None => return response,
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn with(cookie: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        headers
    }

    #[test]
    fn an_address_alone_says_nothing() {
        let here = "/teams/acme/settings/members?done=removed";
        assert_eq!(done(&HeaderMap::new(), here), None);
        assert_eq!(done(&with("rollcall-done=renamed"), here), None);
        assert_eq!(done(&with("rollcall-done=removed"), "/teams/acme/settings/members"), None);
        assert_eq!(done(&with("a=b; rollcall-done=removed"), here).as_deref(), Some("removed"));
    }

    #[test]
    fn the_cookie_alone_names_somebody() {
        let here = "/teams/acme/settings/members?done=removed";
        for name in ["Ada Lovelace", "Łukasz; Path=/, \"x\"\r\n&about=Eve", "名前"] {
            let answer = see_other_about("/teams/acme/settings/members", "removed", name);
            assert_eq!(answer.headers()[header::LOCATION], here, "no name in the address");
            let Told(content) = answer.extensions().get::<Told>().unwrap();
            let is_octet = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=&".contains(&byte);
            assert!(content.bytes().all(is_octet), "RFC 6265, section 4.1.1: {content}");
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&format!("{COOKIE}={content}")).unwrap());
            assert_eq!(done(&headers, here).as_deref(), Some("removed"));
            assert_eq!(about(&headers, here).as_deref(), Some(name));
            assert_eq!(about(&headers, "/teams/acme/settings/members?done=renamed&about=Eve"), None);
        }
        assert_eq!(about(&with("rollcall-done=removed"), &[here, "&about=Eve"].concat()), None);
        let long = see_other_about("/x", "removed", &"名".repeat(10_000));
        assert!(long.extensions().get::<Told>().unwrap().0.len() < 1_000);
    }

    #[test]
    fn only_words_are_said() {
        for strange in ["?done=", "?done=a%3Bb", "?done=a%0Ab", "?done=%C3%A9", "?other=x", ""] {
            assert_eq!(said(&["/x", strange].concat()), None, "{strange}");
        }
        assert_eq!(said("/x?status=active&done=01a0cddd-5afc").as_deref(), Some("01a0cddd-5afc"));
    }
}
