//! Cookies other than the session's. All have the same attributes.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use time::Duration;

pub(super) fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}

/// The names of the request's cookies.
pub(super) fn names(headers: &HeaderMap) -> Vec<String> {
    CookieJar::from_headers(headers).iter().map(|cookie| cookie.name().to_owned()).collect()
}

/// `Set-Cookie` for this value, which browsers keep for `max_age_s` seconds. 0 removes the cookie. Values are percent-encoded.
pub(super) fn set(name: &str, value: &str, max_age_s: i64, https: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .max_age(Duration::seconds(max_age_s))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https);
    HeaderValue::from_str(&cookie.build().encoded().to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; rollcall-theme=dark".parse().unwrap());
        headers.append(header::COOKIE, "b=2".parse().unwrap());
        assert_eq!(get(&headers, "rollcall-theme").as_deref(), Some("dark"));
        assert_eq!(get(&headers, "b").as_deref(), Some("2"));
        assert_eq!(get(&headers, "rollcall"), None);
        assert_eq!(get(&headers, "theme"), None);
    }

    #[test]
    fn a_value_is_escaped_and_can_be_read_again() {
        for value in ["removed", "a; Domain=evil.test", "名前\r\n, \"x\"%&="] {
            let header = set("rollcall-done", value, 300, true).unwrap();
            let text = header.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap();
            assert_eq!(attributes, " HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=300");
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, pair.parse().unwrap());
            assert_eq!(get(&headers, "rollcall-done").as_deref(), Some(value));
        }
    }
}
