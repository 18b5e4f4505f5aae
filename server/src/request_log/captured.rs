//! What is put aside of a request while it is answered: bytes as they came, nothing that was read or written anew.

use super::{RecordId, RequestNotes};
use axum::{
    body::Bytes,
    http::{HeaderValue, Method, Uri},
};
use domain::{UnixMs, id::TeamId, key::KeyId, scim_client::RequestOrigin, scim_operation::ScimOperation};
use std::net::IpAddr;

/// The longest body that is kept whole.
pub(super) const BODY: usize = 16 * 1024;
/// The longest answer to a successful read that is kept whole: such answers are many, and hold what is there anyway.
pub(super) const READ_ANSWER: usize = 4 * 1024;

/// Whose key it was.
#[derive(Clone, Debug)]
pub(crate) struct RequestSource {
    pub(crate) team: TeamId,
    pub(crate) key: KeyId,
    pub(crate) key_name: String,
    pub(crate) origin: RequestOrigin,
}

/// A request that was answered.
#[derive(Debug)]
pub(super) struct CapturedRequest {
    pub(super) id: RecordId,
    pub(super) caller: RequestSource,
    pub(super) at: UnixMs,
    pub(super) address: Option<IpAddr>,
    pub(super) user_agent: Option<BodySnippet<HeaderValue>>,
    pub(super) method: Method,
    /// As it was sent.
    pub(super) uri: BodySnippet<Uri>,
    /// As the routes see it.
    pub(super) route: BodySnippet<Uri>,
    pub(super) operation: ScimOperation,
    /// 0: it was not answered.
    pub(super) status: u16,
    pub(super) micros: u64,
    /// What the log says was wrong, where that is not what the answer says.
    pub(super) detail: Option<&'static str>,
    pub(super) recorded: RequestNotes,
    pub(super) request: StoredBody,
    pub(super) answer: StoredBody,
}

impl CapturedRequest {
    /// Did it only read, and well? Such requests are the first that go unrecorded when there are too many.
    pub(super) fn is_plain_read(&self) -> bool {
        is_plain_read(self.operation, self.status, self.recorded.changed)
    }

    /// How many bytes of bodies it holds.
    pub(super) fn bytes(&self) -> usize {
        self.request.head.len() + self.answer.head.len()
    }
}

pub(super) fn is_plain_read(operation: ScimOperation, status: u16, changed: bool) -> bool {
    (1..400).contains(&status) && !changed && !operation.is_change()
}

/// A part of a request, copied: what came over the network is a part of a larger buffer, all of which it would keep in
/// memory for as long as it waits.
#[derive(Clone, Debug)]
pub(super) struct BodySnippet<T>(T);

impl BodySnippet<Uri> {
    pub(super) fn uri(uri: &Uri) -> Self {
        Self(Uri::try_from(uri.to_string()).unwrap_or_default())
    }
}

impl BodySnippet<HeaderValue> {
    /// `None`: it is not text, which no value of a header is that was received.
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
    /// How many bytes the whole body has.
    pub(super) whole: usize,
}

impl StoredBody {
    /// The body, up to `most` bytes of it: a copy, because the bytes of a request are a part of a larger buffer, all of
    /// which they would keep in memory.
    pub(super) fn of(body: &Bytes, most: usize) -> Self {
        let head = body.get(..most.min(body.len())).unwrap_or_default();
        Self { head: Bytes::copy_from_slice(head), whole: body.len() }
    }

    /// Nothing of the body.
    pub(super) fn nothing_of(body: &Bytes) -> Self {
        Self { head: Bytes::new(), whole: body.len() }
    }
}
