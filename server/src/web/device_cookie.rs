//! The device cookie: see [`crate::auth::device`].

use super::cookie;
use crate::auth::device::{DeviceCookie, LIFETIME, cookie_name};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

/// What the browser sent of it.
pub(super) fn of(headers: &HeaderMap, https: bool) -> DeviceCookie {
    cookie::get(headers, cookie_name(https)).map(DeviceCookie::new).unwrap_or_default()
}

/// Leaves it with the answer to a sign-in.
pub(super) fn set(response: &mut Response, device: &DeviceCookie, https: bool) {
    let secure = if https { "; Secure" } else { "" };
    let (name, value, seconds) = (cookie_name(https), device.value(), LIFETIME / 1000);
    let header = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(mut header) = HeaderValue::from_str(&header) {
        header.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, header);
    }
}
