//! The queue of captured requests: in memory and bounded. When it is full, the least valuable requests are dropped first.

use crate::{rate_limit::RateLimit, request_log::captured::CapturedRequest};
use domain::{UnixMs, key::KeyId};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// Upper bound of the queued requests.
const MAX_WAITING: usize = 4_096;
/// Upper bound of the queued body bytes. Beyond it, requests are queued without bodies.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;
/// The size of a batch. A full batch is written before the next tick.
pub(super) const BATCH: usize = 256;
/// The queue length above which responses to reads are not captured.
const BUSY: usize = 64;
/// The rows per second at which reads are captured, refilled at one per millisecond.
const ROWS_PER_SECOND: i64 = 1_000;

/// Queues captured requests until they are written. Cloning shares the queue.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: Mutex<Queue>,
    has_batch: Notify,
    /// Requests that were dropped since the last report.
    dropped: AtomicU64,
    /// Unusable keys, because a client that knows only a key's id must not fill the log.
    refused: RateLimit,
    /// Requests beyond the rate limit. One per second is enough.
    throttled: RateLimit,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<CapturedRequest>,
    /// The bytes of queued bodies.
    bytes: usize,
    /// The count of queued plain reads.
    reads: usize,
    /// Rows that may be written, as of `refilled_at`. Requests that must be recorded can make it negative.
    rows: i64,
    refilled_at: Option<UnixMs>,
}

/// Frequent requests of a key, of which only samples are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampled {
    /// Those with an unusable key: 60 at once, then one per second.
    Refused,
    /// Those beyond the rate limit: one per second.
    Throttled,
}

/// How much of a request is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaptureLevel {
    Whole,
    WithoutResponse,
    WithoutBodies,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// Creates an empty queue.
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            queue: Mutex::default(),
            has_batch: Notify::new(),
            dropped: AtomicU64::new(0),
            refused: RateLimit::new(60, 60),
            throttled: RateLimit::new(60, 1),
        }))
    }

    /// Whether this request is one of the recorded samples.
    pub(super) fn should_sample(&self, sampled: Sampled, key: &KeyId, now: UnixMs) -> bool {
        let limit = match sampled {
            Sampled::Refused => &self.0.refused,
            Sampled::Throttled => &self.0.throttled,
        };
        let is_sampled = limit.take(key, now).is_ok();
        if !is_sampled {
            self.drop_one();
        }
        is_sampled
    }

    /// Reserves a place in the queue. `None`: the queue is full, and the request counts as dropped.
    ///
    /// Plain reads are dropped first: they get no place beyond the rate of rows, and a queued one gives its place to a request that
    /// changed something or failed.
    pub(super) fn capture_level(&self, is_plain_read: bool, now: UnixMs) -> Option<CaptureLevel> {
        let mut queue = self.queue();
        queue.refill(now);
        let is_full = queue.waiting.len() >= MAX_WAITING;
        let has_room = if is_plain_read { !is_full && queue.rows > 0 } else { !is_full || queue.drop_read() };
        if !has_room || is_full {
            self.drop_one();
        }
        if !has_room {
            return None;
        }
        queue.rows = (queue.rows - 1).max(-ROWS_PER_SECOND);
        Some(match queue.bytes {
            bytes if bytes > MAX_BODY_BYTES => CaptureLevel::WithoutBodies,
            _ if is_plain_read && queue.waiting.len() > BUSY => CaptureLevel::WithoutResponse,
            _ => CaptureLevel::Whole,
        })
    }

    /// Adds a request, after [`Recorder::capture_level`].
    pub(super) fn add(&self, captured: CapturedRequest) {
        let mut queue = self.queue();
        queue.bytes += captured.bytes();
        queue.reads += usize::from(captured.is_plain_read());
        queue.waiting.push_back(captured);
        let has_batch = queue.waiting.len() >= BATCH;
        drop(queue);
        if has_batch {
            self.0.has_batch.notify_one();
        }
    }

    /// Removes and returns the oldest requests, at most [`BATCH`].
    pub(super) fn take(&self) -> Vec<CapturedRequest> {
        let mut queue = self.queue();
        let end = queue.waiting.len().min(BATCH);
        let batch: Vec<_> = queue.waiting.drain(..end).collect();
        for captured in &batch {
            queue.forget(captured);
        }
        batch
    }

    /// Drops everything that waits.
    pub(crate) fn clear(&self) {
        while !self.take().is_empty() {}
    }

    /// Waits until a batch is full.
    pub(super) async fn batch(&self) {
        self.0.has_batch.notified().await;
    }

    /// The count of dropped requests since the last call.
    pub(super) fn take_dropped(&self) -> u64 {
        self.0.dropped.swap(0, Ordering::Relaxed)
    }

    /// Counts requests that were not written.
    pub(super) fn count_dropped(&self, requests: usize) {
        self.0.dropped.fetch_add(requests as u64, Ordering::Relaxed);
    }

    fn drop_one(&self) {
        self.count_dropped(1);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn refill(&mut self, now: UnixMs) {
        // The first time, and after a clock was set back, it is refilled for a whole second.
        let passed = match self.refilled_at {
            Some(at) if now >= at => now - at,
            _ => ROWS_PER_SECOND,
        };
        self.rows = self.rows.saturating_add(passed).min(ROWS_PER_SECOND);
        self.refilled_at = Some(now);
    }

    /// Drops the oldest plain read, if there is one.
    fn drop_read(&mut self) -> bool {
        if self.reads == 0 {
            return false;
        }
        let read = self.waiting.iter().position(CapturedRequest::is_plain_read).and_then(|at| self.waiting.remove(at));
        read.inspect(|captured| self.forget(captured)).is_some()
    }

    fn forget(&mut self, captured: &CapturedRequest) {
        self.bytes = self.bytes.saturating_sub(captured.bytes());
        self.reads = self.reads.saturating_sub(usize::from(captured.is_plain_read()));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::row::tests::captured, *};
    use domain::scim_operation::ScimOperation;

    fn fill(recorder: &Recorder, operation: ScimOperation, status: u16, tries: usize, now: UnixMs) -> usize {
        let read = crate::request_log::captured::is_plain_read(operation, status, false);
        let take = |_: &usize| {
            let level = recorder.capture_level(read, now);
            if level.is_some() {
                recorder.add(captured(operation, status));
            }
            level.is_some()
        };
        (0..tries).filter(take).count()
    }

    /// The count of queued requests, and of reads among them.
    fn waiting(recorder: &Recorder) -> (usize, usize) {
        let queue = recorder.queue();
        (queue.waiting.len(), queue.reads)
    }

    #[test]
    fn reads_are_limited_to_a_thousand_per_second_and_changes_are_not() {
        let recorder = Recorder::new();
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 5_000, 0), 1_000);
        assert_eq!(recorder.take_dropped(), 4_000);
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 5_000, 100), 100);
        assert_eq!(fill(&recorder, ScimOperation::UserCreate, 201, 200, 100), 200);
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 404, 200, 100), 200);
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 10, 300), 0, "changes took their place");
        assert_eq!(
            fill(&recorder, ScimOperation::UserGet, 200, 10_000, 100_000),
            1_000,
            "no more than a second's worth"
        );
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 10_000, 99_000), 1_000, "a clock that was set back");
    }

    #[test]
    fn changes_replace_queued_reads_until_the_queue_is_full() {
        let recorder = Recorder::new();
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 1_000, 0), 1_000);
        assert_eq!(fill(&recorder, ScimOperation::UserPatch, 200, MAX_WAITING, 0), MAX_WAITING);
        assert_eq!(waiting(&recorder), (MAX_WAITING, 0));
        assert_eq!(recorder.take_dropped(), 1_000);
        assert_eq!(fill(&recorder, ScimOperation::UserPatch, 200, 7, 0), 0);
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 7, 100_000), 0);
        assert_eq!(recorder.take_dropped(), 14);
        let mut count = 0;
        loop {
            let batch = recorder.take().len();
            assert!(batch <= BATCH);
            if batch == 0 {
                break;
            }
            count += batch;
        }
        assert_eq!(count, MAX_WAITING);
        assert_eq!(recorder.queue().bytes, 0);
    }

    #[test]
    fn bodies_are_captured_within_the_memory_limit() {
        let recorder = Recorder::new();
        assert_eq!(recorder.capture_level(true, 0), Some(CaptureLevel::Whole));
        fill(&recorder, ScimOperation::UserPatch, 200, BUSY + 1, 0);
        assert_eq!(recorder.capture_level(true, 0), Some(CaptureLevel::WithoutResponse));
        assert_eq!(recorder.capture_level(false, 0), Some(CaptureLevel::Whole));
        recorder.queue().bytes = MAX_BODY_BYTES + 1;
        assert_eq!(recorder.capture_level(false, 0), Some(CaptureLevel::WithoutBodies));
    }

    #[test]
    fn rejected_requests_are_sampled() {
        let recorder = Recorder::new();
        let (key, other) = (KeyId::new("a"), KeyId::new("b"));
        let samples =
            |sampled, key: &KeyId, now| (0..100).filter(|_| recorder.should_sample(sampled, key, now)).count();
        assert_eq!(samples(Sampled::Throttled, &key, 0), 1);
        assert_eq!(samples(Sampled::Throttled, &other, 0), 1);
        assert_eq!(samples(Sampled::Throttled, &key, 1_000), 1);
        assert_eq!(samples(Sampled::Refused, &key, 0), 60);
        assert_eq!(samples(Sampled::Refused, &key, 2_000), 2);
        assert!(recorder.take_dropped() > 0);
    }
}
