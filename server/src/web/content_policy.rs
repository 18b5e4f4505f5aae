//! The Content Security Policy of a page.

use axum::http::HeaderValue;

/// The number used once that lets one inline script run (CSP level 3, section 4.2): 128 bits for each response.
#[derive(Clone, Debug)]
pub(super) struct Nonce(String);

impl Nonce {
    pub(super) fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a response may load.
#[derive(Clone, Debug)]
pub(super) enum ContentPolicy {
    /// A page with scripts.
    Live(Nonce),
    /// A page with scripts, and with a form that is sent to this origin.
    LiveWithForm(Nonce, String),
    /// A page without scripts.
    Static,
}

impl ContentPolicy {
    /// The header `Content-Security-Policy`. No `'unsafe-inline'`, no other origins.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let scripts = match self {
            ContentPolicy::Live(nonce) | ContentPolicy::LiveWithForm(nonce, _) => {
                format!("script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'; ", nonce.as_str())
            }
            ContentPolicy::Static => String::new(),
        };
        let form_target = match self {
            ContentPolicy::LiveWithForm(_, origin) => origin,
            _ => "'self'",
        };
        HeaderValue::from_maybe_shared(format!(
            "default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
             manifest-src 'self'; form-action {form_target}; base-uri 'none'; frame-ancestors 'none'"
        ))
        .ok()
    }
}
