//! The headers of every response: what the page may load and do, and that nothing may store it.

use crate::{config::Config, web::content_policy::ContentPolicy};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Two years, as the preload lists require.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const FEATURES: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), fullscreen=(), \
     geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
);

/// Sets the headers. A response with `Cache-Control` keeps it. Every other response gets `no-store`.
pub(in crate::web) fn set(headers: &mut HeaderMap, content: Option<&ContentPolicy>, config: &Config) {
    let policy = content.and_then(ContentPolicy::header).unwrap_or(NOTHING);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let same_origin = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), same_origin.clone());
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), same_origin);
    headers.insert(HeaderName::from_static("permissions-policy"), FEATURES);
    if config.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
