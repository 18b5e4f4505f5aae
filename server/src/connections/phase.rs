//! The phase of a connection, shared with the table that may close it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use tokio::{sync::Notify, time::Instant};

/// The connection waits for a request, or for the rest of its headers.
const WAITING: u64 = 0;
/// A request is being read or answered.
const BUSY: u64 = 1;
/// The response exists, but may not be sent yet.
const SENDING: u64 = 2;
/// The connection was closed to make room.
const CLOSED: u64 = 3;
/// The bits of the phase. The higher bits are the count of requests.
const PHASE: u64 = 3;
const ONE_REQUEST: u64 = 4;

/// The state of one connection. Its task and its stream change it. The table of all connections reads it.
#[derive(Debug)]
pub(super) struct ConnectionPhase {
    /// The phase and the count of requests in one value, so that they change together.
    state: AtomicU64,
    /// The start of the idle time, in microseconds after `start`.
    waiting_since: AtomicU64,
    start: Instant,
    /// Whether the rest of an unread body is being drained.
    drains: AtomicBool,
    /// Whether the client should see the end of the stream, once everything is sent.
    ends: AtomicBool,
    changed: Notify,
}

/// One request on a connection, from its headers to the end of its answer.
#[derive(Debug)]
pub(super) struct InRequest {
    phase: Arc<ConnectionPhase>,
    state: u64,
}

impl ConnectionPhase {
    /// The state of a connection that waits for its first request. All compared connections have the same `start`.
    pub(super) fn new(start: Instant) -> Self {
        let phase = Self {
            state: AtomicU64::new(WAITING),
            waiting_since: AtomicU64::new(0),
            start,
            drains: AtomicBool::new(false),
            ends: AtomicBool::new(false),
            changed: Notify::new(),
        };
        phase.waits_from_now();
        phase
    }

    /// Begins a request. `None`: the connection was just closed.
    pub(super) fn begin(self: &Arc<Self>) -> Option<InRequest> {
        let next = |state: u64| (state & !PHASE).wrapping_add(ONE_REQUEST) | BUSY;
        let begun = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| (state & PHASE != CLOSED).then(|| next(state)));
        Some(InRequest { phase: self.clone(), state: next(begun.ok()?) })
    }

    /// Marks everything as sent. Returns whether the connection waits from now on.
    pub(super) fn mark_sent(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        if state & PHASE != SENDING {
            return false;
        }
        self.waits_from_now();
        self.change_to(state, WAITING)
    }

    /// The count of requests, if the connection waits for the next.
    pub(super) fn waits_after(&self) -> Option<u64> {
        self.requests().filter(|_| !self.drains.load(Ordering::Acquire))
    }

    /// The order in which idle connections are closed to make room. First come those that only deliver a response, then those
    /// that never sent a whole request, then those with the longest idle time. `None`: the connection is not idle.
    pub(super) fn rank(&self) -> Option<(u8, u64)> {
        let order = match self.requests()? {
            _ if self.drains.load(Ordering::Acquire) => 0,
            0 => 1,
            _ => 2,
        };
        Some((order, self.waiting_since.load(Ordering::Acquire)))
    }

    fn requests(&self) -> Option<u64> {
        let state = self.state.load(Ordering::Acquire);
        (state & PHASE == WAITING).then_some(state / ONE_REQUEST)
    }

    /// Closes the connection if it still waits.
    pub(super) fn close(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        let closed = state & PHASE == WAITING && self.change_to(state, CLOSED);
        if closed {
            self.changed.notify_one();
        }
        closed
    }

    /// Waits for a change that concerns the connection's task. Returns whether the connection was closed.
    pub(super) async fn changed(&self) -> bool {
        self.changed.notified().await;
        self.state.load(Ordering::Acquire) & PHASE == CLOSED
    }

    /// Marks the start of draining a body, which has limits of its own.
    pub(super) fn begin_drain(&self) {
        self.drains.store(true, Ordering::Release);
    }

    /// Marks the end of draining. It wakes the connection's task, because nothing else might, and time counts again.
    pub(super) fn end_drain(&self) {
        self.drains.store(false, Ordering::Release);
        self.changed.notify_one();
    }

    /// Shows the client the end of the stream, as soon as everything is sent.
    pub(super) fn end(&self) {
        self.ends.store(true, Ordering::Release);
    }

    pub(super) fn ends(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }

    /// Changes the phase. `false`: the state has changed since `state` was read.
    fn change_to(&self, state: u64, phase: u64) -> bool {
        let new = state & !PHASE | phase;
        self.state.compare_exchange(state, new, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    fn waits_from_now(&self) {
        let since = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waiting_since.store(since, Ordering::Release);
    }
}

impl InRequest {
    pub(super) fn phase(&self) -> &Arc<ConnectionPhase> {
        &self.phase
    }
}

impl Drop for InRequest {
    fn drop(&mut self) {
        // Nothing happens if hyper has already read the next request.
        self.phase.change_to(self.state, SENDING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle_connection() -> Arc<ConnectionPhase> {
        Arc::new(ConnectionPhase::new(Instant::now()))
    }

    #[tokio::test]
    async fn only_idle_connections_are_closed() {
        let phase = idle_connection();
        let request = phase.begin().unwrap();
        assert!(!phase.close(), "a request is being answered");
        drop(request);
        assert!(!phase.close(), "its answer is being sent");
        assert!(phase.mark_sent() && !phase.mark_sent());
        assert!(phase.close());
        assert!(phase.changed().await, "its task learns it");
        assert!(phase.begin().is_none(), "and takes no request any more");
    }

    #[tokio::test]
    async fn connections_without_a_request_are_closed_first() {
        let (new, old) = (idle_connection(), idle_connection());
        drop(old.begin());
        assert_eq!(old.rank(), None);
        old.mark_sent();
        assert!(new.rank() < old.rank());
        old.begin_drain();
        assert!(old.rank() < new.rank() && old.waits_after().is_none(), "but first who only drains");
        old.end_drain();
        assert!(new.rank() < old.rank() && old.waits_after().is_some());
    }
}
