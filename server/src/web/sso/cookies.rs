//! The cookies of sign-ins that are under way: see [`crate::sso::request`].

use crate::{
    sso::{
        pending_link::{self, PendingLink},
        request::{self, LIFETIME, MAX_REQUESTS, SsoRequest},
    },
    state::AppState,
    web::cookie,
};
use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use domain::UnixMs;

/// The sign-in with this id, from its cookie.
pub(super) fn find(state: &AppState, headers: &HeaderMap, id: &str) -> Option<SsoRequest> {
    let name = request::cookie_name(id, state.config.is_https());
    let sealed = cookie::get(headers, &name)?;
    SsoRequest::open(&state.secrets, &sealed).filter(|request| request.id == id)
}

/// Adds the cookie of a new sign-in. Beyond the maximum, the oldest sign-ins of the browser are given up.
pub(super) fn add(state: &AppState, headers: &HeaderMap, response: &mut Response, new: &SsoRequest) {
    let https = state.config.is_https();
    let mut present: Vec<(String, UnixMs)> = cookie::names(headers)
        .into_iter()
        .filter(|name| request::is_cookie(name, https))
        .map(|name| {
            let open = cookie::get(headers, &name).and_then(|sealed| SsoRequest::open(&state.secrets, &sealed));
            // A cookie that is not ours goes first.
            let at = open.map_or(0, |request| request.at);
            (name, at)
        })
        .collect();
    present.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    for (name, _) in present.into_iter().skip(MAX_REQUESTS - 1) {
        append(response, &name, "", 0, https);
    }
    let name = request::cookie_name(&new.id, https);
    append(response, &name, &new.seal(&state.secrets), LIFETIME / 1000, https);
}

/// The link that waits for the confirmation of its member.
pub(super) fn pending_link(state: &AppState, headers: &HeaderMap) -> Option<PendingLink> {
    let sealed = cookie::get(headers, pending_link::cookie_name(state.config.is_https()))?;
    PendingLink::open(&state.secrets, &sealed).filter(|link| link.is_open(state.clock.now()))
}

/// Keeps a link until its member confirms it, or removes it.
pub(super) fn set_pending_link(state: &AppState, response: &mut Response, link: Option<&PendingLink>) {
    let https = state.config.is_https();
    let (value, age) = link.map_or((String::new(), 0), |link| (link.seal(&state.secrets), 2 * LIFETIME / 1000));
    append(response, pending_link::cookie_name(https), &value, age, https);
}

/// Removes the cookie of a sign-in that has ended.
pub(super) fn remove(state: &AppState, response: &mut Response, id: &str) {
    let https = state.config.is_https();
    append(response, &request::cookie_name(id, https), "", 0, https);
}

fn append(response: &mut Response, name: &str, value: &str, max_age_s: i64, https: bool) {
    if let Some(mut header) = cookie::set(name, value, max_age_s, https) {
        header.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, header);
    }
}
