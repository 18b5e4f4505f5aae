//! A name for every request, in the answer and in every log line about it.

use axum::http::HeaderValue;

/// The request's name: `req_` and 16 hexadecimal digits. What a client sends as one is not believed.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// A new one.
    pub(super) fn new() -> Self {
        Self(format!("req_{:016x}", rand::random::<u64>()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the header `x-request-id`.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}
