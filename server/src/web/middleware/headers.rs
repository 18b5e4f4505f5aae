//! The headers of every response: what the page may load and do, and that nothing may store it.

use crate::config::Config;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Two years, as the preload lists require.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const FEATURES: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), fullscreen=(), \
     geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
);

/// The nonce that lets one inline script run (CSP level 3, section 4.2): 128 bits per response.
#[derive(Clone, Debug)]
pub(in crate::web) struct Nonce(String);

impl Nonce {
    pub(in crate::web) fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    pub(in crate::web) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The resources that a response may load.
#[derive(Clone, Debug)]
pub(in crate::web) enum ContentPolicy {
    /// A page with scripts.
    Live(Nonce),
    Static,
}

impl ContentPolicy {
    /// The `Content-Security-Policy`. It has no `'unsafe-inline'` and no other origins.
    fn policy(&self) -> Option<HeaderValue> {
        let scripts = match self {
            ContentPolicy::Live(nonce) => format!("script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'; ", nonce.as_str()),
            ContentPolicy::Static => String::new(),
        };
        HeaderValue::from_maybe_shared(format!(
            "default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
             manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ))
        .ok()
    }
}

/// Sets the headers. A response with `Cache-Control` keeps it. Every other response gets `no-store`.
pub(in crate::web) fn set(headers: &mut HeaderMap, content: Option<&ContentPolicy>, config: &Config) {
    let policy = content.and_then(ContentPolicy::policy).unwrap_or(NOTHING);
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
