//! Request bodies that the handler does not read to their end.
//!
//! A response that is sent before the body was read (invalid key, too many requests, body too large) would be lost. hyper closes
//! a connection with an unread body, and closing a socket with unread data resets it, so that the client loses the response too
//! (RFC 9112, section 9.6). So the rest of a body is kept beside the request. Once the response is sent, the client sees its end,
//! and the rest is read and dropped, up to a limit.

use super::{
    Drain,
    phase::{ConnectionPhase, InRequest},
};
use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, header},
};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    time::{Instant, Sleep, sleep_until, timeout_at},
};

/// The connection stays open for a rest of this size, because it is mostly on its way already.
const SMALL: u64 = 64 * 1024;

/// The body took too long to arrive.
#[derive(Debug)]
struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body took too long to arrive")
    }
}

impl Error for TooSlow {}

/// Whether reading the body timed out.
pub fn is_timeout(error: &axum::Error) -> bool {
    let mut error: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = error {
        if cause.is::<TooSlow>() {
            return true;
        }
        error = cause.source();
    }
    false
}

/// The body of a request. When it is dropped, the unread rest moves to `slot`.
struct Lent {
    body: Option<Body>,
    slot: Arc<Mutex<Option<Rest>>>,
    deadline: Instant,
    timer: Option<Pin<Box<Sleep>>>,
    was_polled: bool,
    is_late: bool,
}

/// The unread rest of a body.
#[derive(Debug)]
struct Rest {
    body: Body,
    /// Whether the handler has polled the body. Then a client that waits for "100 Continue" has received it.
    was_polled: bool,
    is_late: bool,
}

/// The place to which the rest of a lent body returns.
#[derive(Clone, Debug)]
pub(super) struct RestSlot(Arc<Mutex<Option<Rest>>>);

/// The body that a request may read within `time`, and the place to which its rest returns. `None`: it is empty.
pub(super) fn lend(body: Body, time: Duration) -> (Body, Option<RestSlot>) {
    if body.is_end_stream() {
        return (body, None);
    }
    let slot = Arc::new(Mutex::new(None));
    let deadline = Instant::now() + time;
    let lent = Lent { body: Some(body), slot: slot.clone(), deadline, timer: None, was_polled: false, is_late: false };
    (Body::new(lent), Some(RestSlot(slot)))
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let Some(body) = this.body.as_mut() else { return Poll::Ready(None) };
        this.was_polled = true;
        let frame = Pin::new(body).poll_frame(cx);
        match frame {
            Poll::Ready(Some(Ok(_))) => {}
            // The body or the connection has ended, so there is no rest.
            Poll::Ready(_) => this.body = None,
            Poll::Pending => {
                let deadline = this.deadline;
                let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                if timer.as_mut().poll(cx).is_ready() {
                    this.is_late = true;
                    return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
                }
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) else { return };
        let rest = Rest { body, was_polled: self.was_polled, is_late: self.is_late };
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(rest);
    }
}

impl RestSlot {
    /// Sets `Connection: close` in the response if the rest may not arrive, or not soon. A client that waits for "100 Continue"
    /// sends no body after another response, and its next bytes must not be taken for the body.
    pub(super) fn add_close_header(&self, answer: &mut HeaderMap, expects: bool) {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(rest) = slot.as_ref() else { return };
        let is_small = rest.body.size_hint().exact().is_some_and(|bytes| bytes <= SMALL);
        if !is_small || rest.is_late || (expects && !rest.was_polled) {
            answer.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    fn take(&self) -> Option<Rest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The body of a response. Once it is sent, the unread rest of the request is drained.
#[derive(Debug)]
pub(super) struct DrainedResponse {
    body: Body,
    request: InRequest,
    slot: Option<RestSlot>,
    closes: bool,
    drain: Drain,
}

impl DrainedResponse {
    /// `closes`: the response has `Connection: close`.
    pub(super) fn new(body: Body, request: InRequest, slot: Option<RestSlot>, closes: bool, drain: Drain) -> Self {
        Self { body, request, slot, closes, drain }
    }
}

impl HttpBody for DrainedResponse {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for DrainedResponse {
    fn drop(&mut self) {
        let Some(rest) = self.slot.as_ref().and_then(RestSlot::take) else { return };
        // `None` while the process is shutting down.
        let Ok(runtime) = Handle::try_current() else { return };
        let phase = self.request.phase();
        phase.begin_drain();
        if self.closes {
            phase.end();
        }
        runtime.spawn(drain(rest.body, self.drain, phase.clone()));
    }
}

/// Reads and discards the rest of a body.
async fn drain(mut body: Body, limits: Drain, phase: Arc<ConnectionPhase>) {
    let end = Instant::now() + limits.total;
    let mut bytes = 0_usize;
    // hyper does not signal the end of a body of known length that ends after the response.
    while bytes <= limits.bytes && !body.is_end_stream() {
        let frame = timeout_at(end.min(Instant::now() + limits.idle), body.frame()).await;
        let Ok(Some(Ok(frame))) = frame else { break };
        bytes = bytes.saturating_add(frame.data_ref().map_or(0, Bytes::len));
    }
    // hyper closes the connection of a body that is dropped before its end.
    drop(body);
    phase.end_drain();
}
