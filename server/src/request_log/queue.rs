//! What is not written down yet: in memory, bounded, and the least worth keeping goes first.

use crate::rate_limit::RateLimit;
use crate::request_log::captured::CapturedRequest;
use domain::{UnixMs, key::KeyId};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;

/// The most requests that wait.
const ROOM: usize = 4_096;
/// The most bytes of bodies that wait; beyond it requests wait without theirs.
const BYTES: usize = 8 * 1024 * 1024;
/// So many requests are worth being written down before their time.
pub(super) const BATCH: usize = 256;
/// While more than these wait, answers to reads are left out.
const BUSY: usize = 64;
/// The rows that may be written in a second, for reads; counted as one a millisecond.
const ROWS_A_SECOND: i64 = 1_000;

/// Takes requests in and keeps them until they are written down. Cloning shares the memory.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    queue: Mutex<Queue>,
    has_batch: Notify,
    /// Requests that were left out since somebody looked.
    unrecorded: AtomicU64,
    /// Refused keys: whoever knows no more than a key's id must not be able to fill the log.
    refused: RateLimit,
    /// Refused because there were too many: one a second says it all.
    throttled: RateLimit,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<CapturedRequest>,
    /// Of bodies.
    bytes: usize,
    /// How many of those that wait are plain reads.
    reads: usize,
    /// Rows that may still be written, as of `counted_at`. Below zero when there was too much that must not be left out.
    rows: i64,
    counted_at: Option<UnixMs>,
}

/// Which requests of a key are recorded only now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampled {
    /// Those with a key that opens nothing: 60 at once, then one a second.
    Refused,
    /// Those beyond the rate limit: one a second.
    Throttled,
}

/// How much of a request there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaptureLevel {
    /// All of it.
    Whole,
    /// Without its answer.
    WithoutAnswer,
    /// Without bodies.
    WithoutBodies,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// Nothing was recorded yet.
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            queue: Mutex::default(),
            has_batch: Notify::new(),
            unrecorded: AtomicU64::new(0),
            refused: RateLimit::new(60, 60),
            throttled: RateLimit::new(60, 1),
        }))
    }

    /// Shall this one of the requests that come in masses be recorded?
    pub(super) fn should_sample(&self, sampled: Sampled, key: &KeyId, now: UnixMs) -> bool {
        let limit = match sampled {
            Sampled::Refused => &self.0.refused,
            Sampled::Throttled => &self.0.throttled,
        };
        let its_turn = limit.take(key, now).is_ok();
        if !its_turn {
            self.leave_out();
        }
        its_turn
    }

    /// Asks for room for one more. `None`: there is none, and it is counted as left out.
    ///
    /// Plain reads go first: they get no room beyond what can be written, and one that waits gives its place to a request
    /// that changed something or was refused.
    pub(super) fn room(&self, is_plain_read: bool, now: UnixMs) -> Option<CaptureLevel> {
        let mut queue = self.queue();
        queue.count_to(now);
        let is_full = queue.waiting.len() >= ROOM;
        let has_room = if is_plain_read { !is_full && queue.rows > 0 } else { !is_full || queue.drop_a_read() };
        if !has_room || is_full {
            self.leave_out();
        }
        if !has_room {
            return None;
        }
        queue.rows = (queue.rows - 1).max(-ROWS_A_SECOND);
        Some(match queue.bytes {
            bytes if bytes > BYTES => CaptureLevel::WithoutBodies,
            _ if is_plain_read && queue.waiting.len() > BUSY => CaptureLevel::WithoutAnswer,
            _ => CaptureLevel::Whole,
        })
    }

    /// Takes one in, after [`Recorder::room`].
    pub(super) fn add(&self, seen: CapturedRequest) {
        let mut queue = self.queue();
        queue.bytes += seen.bytes();
        queue.reads += usize::from(seen.is_plain_read());
        queue.waiting.push_back(seen);
        let has_batch = queue.waiting.len() >= BATCH;
        drop(queue);
        if has_batch {
            self.0.has_batch.notify_one();
        }
    }

    /// Gives the oldest out: up to [`BATCH`] of them.
    pub(super) fn take(&self) -> Vec<CapturedRequest> {
        let mut queue = self.queue();
        let end = queue.waiting.len().min(BATCH);
        let batch: Vec<_> = queue.waiting.drain(..end).collect();
        for seen in &batch {
            queue.forget(seen);
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

    /// How many requests were left out since this was last asked.
    pub(super) fn take_unrecorded(&self) -> u64 {
        self.0.unrecorded.swap(0, Ordering::Relaxed)
    }

    /// Counts requests that could not be written down.
    pub(super) fn lose(&self, requests: usize) {
        self.0.unrecorded.fetch_add(requests as u64, Ordering::Relaxed);
    }

    fn leave_out(&self) {
        self.lose(1);
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn count_to(&mut self, now: UnixMs) {
        // At first, and after a clock was set back: a whole second's worth.
        let passed = match self.counted_at {
            Some(at) if now >= at => now - at,
            _ => ROWS_A_SECOND,
        };
        self.rows = self.rows.saturating_add(passed).min(ROWS_A_SECOND);
        self.counted_at = Some(now);
    }

    /// Drops the oldest plain read, if there is one.
    fn drop_a_read(&mut self) -> bool {
        if self.reads == 0 {
            return false;
        }
        let dropped =
            self.waiting.iter().position(CapturedRequest::is_plain_read).and_then(|at| self.waiting.remove(at));
        dropped.inspect(|seen| self.forget(seen)).is_some()
    }

    fn forget(&mut self, seen: &CapturedRequest) {
        self.bytes = self.bytes.saturating_sub(seen.bytes());
        self.reads = self.reads.saturating_sub(usize::from(seen.is_plain_read()));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::row::tests::seen, *};
    use domain::scim_operation::ScimOperation;

    fn fill(recorder: &Recorder, operation: ScimOperation, status: u16, tries: usize, now: UnixMs) -> usize {
        let read = crate::request_log::captured::is_plain_read(operation, status, false);
        let take = |_: &usize| {
            let room = recorder.room(read, now);
            if room.is_some() {
                recorder.add(seen(operation, status));
            }
            room.is_some()
        };
        (0..tries).filter(take).count()
    }

    /// How many wait, and how many of them are reads.
    fn waiting(recorder: &Recorder) -> (usize, usize) {
        let queue = recorder.queue();
        (queue.waiting.len(), queue.reads)
    }

    #[test]
    fn reads_end_at_a_thousand_a_second_and_changes_do_not() {
        let recorder = Recorder::new();
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 5_000, 0), 1_000);
        assert_eq!(recorder.take_unrecorded(), 4_000);
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
    fn what_matters_takes_the_place_of_reads_and_then_there_is_no_room() {
        let recorder = Recorder::new();
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 1_000, 0), 1_000);
        assert_eq!(fill(&recorder, ScimOperation::UserPatch, 200, ROOM, 0), ROOM);
        assert_eq!(waiting(&recorder), (ROOM, 0));
        assert_eq!(recorder.take_unrecorded(), 1_000);
        assert_eq!(fill(&recorder, ScimOperation::UserPatch, 200, 7, 0), 0);
        assert_eq!(fill(&recorder, ScimOperation::UserGet, 200, 7, 100_000), 0);
        assert_eq!(recorder.take_unrecorded(), 14);
        let mut taken = 0;
        loop {
            let batch = recorder.take().len();
            assert!(batch <= BATCH);
            if batch == 0 {
                break;
            }
            taken += batch;
        }
        assert_eq!(taken, ROOM);
        assert_eq!(recorder.queue().bytes, 0);
    }

    #[test]
    fn bodies_wait_only_while_there_is_memory() {
        let recorder = Recorder::new();
        assert_eq!(recorder.room(true, 0), Some(CaptureLevel::Whole));
        fill(&recorder, ScimOperation::UserPatch, 200, BUSY + 1, 0);
        assert_eq!(recorder.room(true, 0), Some(CaptureLevel::WithoutAnswer));
        assert_eq!(recorder.room(false, 0), Some(CaptureLevel::Whole));
        recorder.queue().bytes = BYTES + 1;
        assert_eq!(recorder.room(false, 0), Some(CaptureLevel::WithoutBodies));
    }

    #[test]
    fn what_is_refused_in_masses_is_recorded_now_and_then() {
        let recorder = Recorder::new();
        let (key, other) = (KeyId::new("a"), KeyId::new("b"));
        let turns = |sampled, key: &KeyId, now| (0..100).filter(|_| recorder.should_sample(sampled, key, now)).count();
        assert_eq!(turns(Sampled::Throttled, &key, 0), 1);
        assert_eq!(turns(Sampled::Throttled, &other, 0), 1);
        assert_eq!(turns(Sampled::Throttled, &key, 1_000), 1);
        assert_eq!(turns(Sampled::Refused, &key, 0), 60);
        assert_eq!(turns(Sampled::Refused, &key, 2_000), 2);
        assert!(recorder.take_unrecorded() > 0);
    }
}
