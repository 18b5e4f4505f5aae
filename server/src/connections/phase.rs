//! The phase of a connection, shared with the table that may close it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use tokio::{sync::Notify, time::Instant};

/// It waits for a request, or for the rest of its headers.
const WAITING: u64 = 0;
/// A request is being read or answered.
const BUSY: u64 = 1;
/// The answer was made, and perhaps not yet sent.
const SENDING: u64 = 2;
/// It was closed to make room.
const CLOSED: u64 = 3;
/// The bits of the phase; above them is the number of requests that came.
const PHASE: u64 = 3;
const ONE_REQUEST: u64 = 4;

/// The state of one connection. Its task and its streams change it; the table of all connections reads it.
#[derive(Debug)]
pub(super) struct ConnectionPhase {
    /// ConnectionPhase and number of requests in one, so that they change together.
    state: AtomicU64,
    /// Since when it waits, in microseconds after `start`.
    waiting_since: AtomicU64,
    start: Instant,
    /// Whether the rest of an unread body is being drained.
    drains: AtomicBool,
    /// Shall the client be shown the end of what is sent, once everything is?
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
    /// A connection that waits for its first request. `start` is the same for all that are compared.
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

    /// A request came. `None`: the connection was closed just before.
    pub(super) fn begin(self: &Arc<Self>) -> Option<InRequest> {
        let next = |state: u64| (state & !PHASE).wrapping_add(ONE_REQUEST) | BUSY;
        let begun = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| (state & PHASE != CLOSED).then(|| next(state)));
        Some(InRequest { phase: self.clone(), state: next(begun.ok()?) })
    }

    /// Everything was sent. `true`: and so the connection waits from now on.
    pub(super) fn sent(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        if state & PHASE != SENDING {
            return false;
        }
        self.waits_from_now();
        self.becomes(state, WAITING)
    }

    /// How many requests came, if it waits for the next.
    pub(super) fn waits_after(&self) -> Option<u64> {
        self.requests().filter(|_| !self.drains.load(Ordering::Acquire))
    }

    /// The order in which waiting connections are closed to make room: first those that are only there so that an answer
    /// arrives, then those that never sent a whole request, then those that wait the longest. `None`: it does not wait.
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

    /// Closes it, if it still waits.
    pub(super) fn close(&self) -> bool {
        let state = self.state.load(Ordering::Acquire);
        let closed = state & PHASE == WAITING && self.becomes(state, CLOSED);
        if closed {
            self.changed.notify_one();
        }
        closed
    }

    /// Waits for something that the connection's task has to look at. `true`: it was closed.
    pub(super) async fn changed(&self) -> bool {
        self.changed.notified().await;
        self.state.load(Ordering::Acquire) & PHASE == CLOSED
    }

    /// The rest of a body is read from now on: that has limits of its own.
    pub(super) fn drains(&self) {
        self.drains.store(true, Ordering::Release);
    }

    /// It was read. The connection's task has to look, because nothing else might wake it, and time counts again.
    pub(super) fn drained(&self) {
        self.drains.store(false, Ordering::Release);
        self.changed.notify_one();
    }

    /// From now on, the client shall be shown the end of what is sent, as soon as everything is.
    pub(super) fn end(&self) {
        self.ends.store(true, Ordering::Release);
    }

    /// Shall the client be shown the end?
    pub(super) fn ends(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }

    /// `false`: something else happened since `state` was read.
    fn becomes(&self, state: u64, phase: u64) -> bool {
        let new = state & !PHASE | phase;
        self.state.compare_exchange(state, new, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    fn waits_from_now(&self) {
        let since = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.waiting_since.store(since, Ordering::Release);
    }
}

impl InRequest {
    /// The connection's state.
    pub(super) fn phase(&self) -> &Arc<ConnectionPhase> {
        &self.phase
    }
}

impl Drop for InRequest {
    fn drop(&mut self) {
        // Nothing is done where hyper has read the next request already.
        self.phase.becomes(self.state, SENDING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Arc<ConnectionPhase> {
        Arc::new(ConnectionPhase::new(Instant::now()))
    }

    #[tokio::test]
    async fn only_idle_connections_are_closed() {
        let phase = waiting();
        let request = phase.begin().unwrap();
        assert!(!phase.close(), "a request is being answered");
        drop(request);
        assert!(!phase.close(), "its answer is being sent");
        assert!(phase.sent() && !phase.sent());
        assert!(phase.close());
        assert!(phase.changed().await, "its task learns it");
        assert!(phase.begin().is_none(), "and takes no request any more");
    }

    #[tokio::test]
    async fn connections_without_a_request_are_closed_first() {
        let (new, old) = (waiting(), waiting());
        drop(old.begin());
        assert_eq!(old.rank(), None);
        old.sent();
        assert!(new.rank() < old.rank());
        old.drains();
        assert!(old.rank() < new.rank() && old.waits_after().is_none(), "but first who only drains");
        old.drained();
        assert!(new.rank() < old.rank() && old.waits_after().is_some());
    }
}
