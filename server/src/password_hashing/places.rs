//! The slots in which passwords are hashed, and the requests that wait for one.
//!
//! While the queue is short, the first request in it gets the next slot. In a flood, the last one does, because the first ones
//! have waited so long that most will be rejected anyway. A request after the flood therefore does not wait for it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

/// The assumed duration of one turn in microseconds, before one was measured.
pub(super) const FIRST_GUESS: u64 = 30_000;
/// The queue is short while its first request gets a slot within this time.
const SOON: Duration = Duration::from_millis(500);

/// The slots and their queue. Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct HashingSlots(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    size: usize,
    queue: Mutex<Queue>,
    /// The duration of one turn in microseconds: the mean of the recent ones.
    micros: AtomicU64,
}

#[derive(Debug)]
struct Queue {
    free: usize,
    /// In the order of arrival.
    waiting: VecDeque<oneshot::Sender<HashingSlot>>,
}

/// A slot. Dropping it gives it to the next request. `None`: it was given back.
#[derive(Debug)]
pub(super) struct HashingSlot(Option<HashingSlots>);

impl HashingSlots {
    pub(super) fn new(size: usize) -> Self {
        let queue = Mutex::new(Queue { free: size, waiting: VecDeque::new() });
        Self(Arc::new(Inner { size, queue, micros: AtomicU64::new(FIRST_GUESS) }))
    }

    /// Waits for a slot until `end`. `None`: none became free, or more requests arrived meanwhile than can be served within
    /// `longest`. Dropping the future leaves the queue.
    pub(super) async fn take(&self, end: Instant, longest: Duration) -> Option<HashingSlot> {
        let receiver = {
            let mut queue = self.queue();
            if queue.free > 0 {
                queue.free -= 1;
                return Some(HashingSlot(Some(self.clone())));
            }
            let (sender, receiver) = oneshot::channel();
            queue.waiting.push_back(sender);
            queue.waiting.retain(|waiting| !waiting.is_closed());
            while self.wait_of(queue.waiting.len()) > longest {
                queue.waiting.pop_front();
            }
            receiver
        };
        timeout_at(end, receiver).await.ok()?.ok()
    }

    /// Takes every slot.
    pub(super) async fn take_all(&self) -> Vec<HashingSlot> {
        let end = Instant::now() + Duration::from_secs(3600);
        let mut places = Vec::new();
        for _ in 0..self.0.size {
            places.extend(self.take(end, Duration::MAX).await);
        }
        places
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.queue().waiting.iter().filter(|waiting| !waiting.is_closed()).count()
    }

    /// The expected wait of the last request in the queue if slots were given in order of arrival.
    pub(super) fn expected_wait(&self) -> Duration {
        self.wait_of(self.waiting_count())
    }

    fn wait_of(&self, waiting: usize) -> Duration {
        let turns = u64::try_from(waiting / self.0.size).unwrap_or(u64::MAX);
        Duration::from_micros(self.0.micros.load(Ordering::Relaxed).saturating_mul(turns))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request that gets the returned slot. `None`: no request waits, so the slot is free.
    fn next(&self) -> Option<oneshot::Sender<HashingSlot>> {
        let mut queue = self.queue();
        let is_flood = self.wait_of(queue.waiting.len()) > SOON;
        let next = if is_flood { queue.waiting.pop_back() } else { queue.waiting.pop_front() };
        if next.is_none() {
            queue.free += 1;
        }
        next
    }
}

impl HashingSlot {
    /// Adds the duration of one turn to the mean of the recent ones.
    pub(super) fn measure(&self, duration: Duration) {
        if let Some(places) = &self.0 {
            measure(&places.0.micros, duration);
        }
    }
}

impl Drop for HashingSlot {
    fn drop(&mut self) {
        let Some(places) = self.0.take() else { return };
        while let Some(next) = places.next() {
            match next.send(HashingSlot(Some(places.clone()))) {
                Ok(()) => return,
                // The waiting request has left.
                Err(mut returned) => returned.0 = None,
            }
        }
    }
}

/// Adds a measured duration to the mean of the recent ones.
pub(super) fn measure(mean: &AtomicU64, duration: Duration) {
    let duration = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let before = mean.load(Ordering::Relaxed);
    mean.store((before.saturating_mul(7).saturating_add(duration)) / 8, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinHandle;

    const LONG: Duration = Duration::from_secs(3600);

    /// Starts a request that waits for a slot.
    async fn waits(places: &HashingSlots, longest: Duration) -> JoinHandle<Option<HashingSlot>> {
        let (before, own) = (places.waiting_count(), places.clone());
        let one = tokio::spawn(async move { own.take(Instant::now() + LONG, longest).await });
        while places.waiting_count() == before && !one.is_finished() {
            tokio::task::yield_now().await;
        }
        one
    }

    async fn full(size: usize, turn: Duration) -> (HashingSlots, Vec<HashingSlot>) {
        let places = HashingSlots::new(size);
        places.0.micros.store(u64::try_from(turn.as_micros()).unwrap(), Ordering::Relaxed);
        let slots = places.take_all().await;
        assert_eq!(slots.len(), size);
        (places, slots)
    }

    #[tokio::test]
    async fn in_a_short_queue_the_first_request_is_next() {
        let (places, slots) = full(1, SOON / 2).await;
        let (first, second) = (waits(&places, LONG).await, waits(&places, LONG).await);
        drop(slots);
        let place = first.await.unwrap();
        assert!(place.is_some() && !second.is_finished());
        drop(place);
        assert!(second.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn in_a_flood_the_last_request_is_next() {
        let (places, slots) = full(1, SOON).await;
        let (first, second) = (waits(&places, LONG).await, waits(&places, LONG).await);
        drop(slots);
        let place = second.await.unwrap();
        assert!(place.is_some() && !first.is_finished());
        drop(place);
        assert!(first.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_request_that_cannot_be_served_in_time_is_rejected_at_once() {
        let (places, _slots) = full(2, SOON).await;
        let longest = SOON * 2;
        let first = waits(&places, longest).await;
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(waits(&places, longest).await);
        }
        let own = places.clone();
        let last = tokio::spawn(async move { own.take(Instant::now() + LONG, longest).await });
        assert!(first.await.unwrap().is_none(), "six are three turns");
        assert!(!last.is_finished());
        assert_eq!(places.waiting_count(), 5);
        assert_eq!(places.expected_wait(), longest);
    }

    #[tokio::test]
    async fn a_request_that_leaves_keeps_no_slot() {
        let (places, slots) = full(1, SOON).await;
        for _ in 0..3 {
            let one = waits(&places, LONG).await;
            one.abort();
            assert!(one.await.is_err());
        }
        assert_eq!(places.waiting_count(), 0);
        drop(slots);
        assert_eq!(places.queue().free, 1);
        let slots = places.take_all().await;
        let one = waits(&places, LONG).await;
        drop(slots);
        assert!(one.await.unwrap().is_some());
        assert_eq!(places.queue().free, 1);
    }

    #[tokio::test]
    async fn no_request_waits_longer_than_its_limit() {
        let (places, _slots) = full(1, Duration::ZERO).await;
        assert!(places.take(Instant::now() + Duration::from_millis(20), LONG).await.is_none());
    }
}
