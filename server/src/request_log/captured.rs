//! Captured requests: copies of their bytes, neither parsed nor redacted.

use super::RequestNotes;
use crate::caller::Caller;
use axum::{
    body::Bytes,
    http::{HeaderValue, Method, Uri},
};
use domain::{UnixMs, scim_operation::ScimOperation};
use std::sync::Arc;

/// Upper bound of a stored body, in bytes.
pub(super) const MAX_BODY: usize = 16 * 1024;
/// Upper bound of the stored response to a successful read. These are frequent, and contain what the database holds anyway.
pub(super) const MAX_READ_RESPONSE: usize = 4 * 1024;

/// A completed request.
#[derive(Debug)]
pub(super) struct CapturedRequest {
    pub(super) id: Arc<str>,
    pub(super) caller: Caller,
    pub(super) at: UnixMs,
    pub(super) user_agent: Option<BodySnippet<HeaderValue>>,
    pub(super) method: Method,
    /// As sent by the client.
    pub(super) uri: BodySnippet<Uri>,
    /// As the router sees it.
    pub(super) route: BodySnippet<Uri>,
    pub(super) operation: ScimOperation,
    /// 0: there was no response.
    pub(super) status: u16,
    pub(super) micros: u64,
    /// The error for the log, if it differs from that of the response.
    pub(super) detail: Option<&'static str>,
    pub(super) notes: RequestNotes,
    pub(super) request: StoredBody,
    pub(super) response: StoredBody,
}

impl CapturedRequest {
    /// Whether it is a successful read. Under load, these are dropped from the log first.
    pub(super) fn is_plain_read(&self) -> bool {
        is_plain_read(self.operation, self.status, self.notes.changed)
    }

    /// The bytes of its bodies.
    pub(super) fn bytes(&self) -> usize {
        self.request.head.len() + self.response.head.len()
    }
}

pub(super) fn is_plain_read(operation: ScimOperation, status: u16, changed: bool) -> bool {
    (1..400).contains(&status) && !changed && !operation.is_change()
}

/// A copy of a part of a request. The original is a slice of a larger network buffer, which it would keep in memory.
#[derive(Clone, Debug)]
pub(super) struct BodySnippet<T>(T);

impl BodySnippet<Uri> {
    pub(super) fn uri(uri: &Uri) -> Self {
        Self(Uri::try_from(uri.to_string()).unwrap_or_default())
    }
}

impl BodySnippet<HeaderValue> {
    /// `None`: the value is not valid in a header. Received values always are.
    pub(super) fn header(value: &HeaderValue) -> Option<Self> {
        HeaderValue::from_bytes(value.as_bytes()).ok().map(Self)
    }
}

impl<T> std::ops::Deref for BodySnippet<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A body, or the start of one.
#[derive(Clone, Debug, Default)]
pub(super) struct StoredBody {
    pub(super) head: Bytes,
    /// The size of the whole body in bytes.
    pub(super) total_bytes: usize,
}

impl StoredBody {
    /// A copy of the first `max` bytes. See [`BodySnippet`] for the reason of the copy.
    pub(super) fn of(body: &Bytes, max: usize) -> Self {
        let head = body.get(..max.min(body.len())).unwrap_or_default();
        Self { head: Bytes::copy_from_slice(head), total_bytes: body.len() }
    }

    /// The size of the body without its bytes.
    pub(super) fn size_only(body: &Bytes) -> Self {
        Self { head: Bytes::new(), total_bytes: body.len() }
    }
}
