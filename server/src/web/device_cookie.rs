//! The device cookie: see [`crate::auth::device`].

use super::cookie;
use crate::auth::device::{DeviceCookie, LIFETIME, cookie_name};
use axum::{
    http::{HeaderMap, header},
    response::Response,
};

/// The cookie in a request.
pub(super) fn of(headers: &HeaderMap, https: bool) -> DeviceCookie {
    cookie::get(headers, cookie_name(https)).map(|value| DeviceCookie::new(&value)).unwrap_or_default()
}

/// Sets the cookie in the response to a sign-in.
pub(super) fn set(response: &mut Response, device: &DeviceCookie, https: bool) {
    if let Some(mut header) = cookie::set(cookie_name(https), device.value(), LIFETIME / 1000, https) {
        header.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, header);
    }
}
