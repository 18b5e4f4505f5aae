//! The places in which passwords are hashed, and who waits for one.
//!
//! As long as everyone gets a place soon, anyone who came first gets the next one. In a flood the last one does: the first have
//! waited for so long that most of them are going to be refused anyway, and anyone who comes after the flood does not wait for it.

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

/// What one turn takes, in microseconds, before one was measured.
pub(super) const FIRST_GUESS: u64 = 30_000;
/// As long as the first to wait gets a place within this time, it is the next.
const SOON: Duration = Duration::from_millis(500);

/// HashingSlots, and who waits for one. Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct HashingSlots(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    size: usize,
    queue: Mutex<Queue>,
    /// What one turn takes, in microseconds: the mean of the last ones.
    micros: AtomicU64,
}

#[derive(Debug)]
struct Queue {
    free: usize,
    /// In the order in which they came.
    waiting: VecDeque<oneshot::Sender<HashingSlot>>,
}

/// A place. Someone else gets it when it is dropped. None: it was given back.
#[derive(Debug)]
pub(super) struct HashingSlot(Option<HashingSlots>);

impl HashingSlots {
    pub(super) fn new(size: usize) -> Self {
        let queue = Mutex::new(Queue { free: size, waiting: VecDeque::new() });
        Self(Arc::new(Inner { size, queue, micros: AtomicU64::new(FIRST_GUESS) }))
    }

    /// Waits for a place until `end`. `None`: there was none, or more came meanwhile than can be served within `longest`. Dropping
    /// the future leaves the queue.
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

    /// Every place.
    pub(super) async fn take_all(&self) -> Vec<HashingSlot> {
        let end = Instant::now() + Duration::from_secs(3600);
        let mut places = Vec::new();
        for _ in 0..self.0.size {
            places.extend(self.take(end, Duration::MAX).await);
        }
        places
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue().waiting.iter().filter(|waiting| !waiting.is_closed()).count()
    }

    /// How long the last of those who wait would wait if they got places in their order.
    pub(super) fn expected_wait(&self) -> Duration {
        self.wait_of(self.waiting())
    }

    fn wait_of(&self, waiting: usize) -> Duration {
        let turns = u64::try_from(waiting / self.0.size).unwrap_or(u64::MAX);
        Duration::from_micros(self.0.micros.load(Ordering::Relaxed).saturating_mul(turns))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Anyone who gets the place that is given back. `None`: no one waits, and it is free.
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
    /// Takes what one turn took into the mean of the last ones.
    pub(super) fn measure(&self, took: Duration) {
        if let Some(places) = &self.0 {
            measure(&places.0.micros, took);
        }
    }
}

impl Drop for HashingSlot {
    fn drop(&mut self) {
        let Some(places) = self.0.take() else { return };
        while let Some(next) = places.next() {
            match next.send(HashingSlot(Some(places.clone()))) {
                Ok(()) => return,
                // Anyone who waited has left.
                Err(mut returned) => returned.0 = None,
            }
        }
    }
}

/// Takes what was measured into the mean of the last ones.
pub(super) fn measure(mean: &AtomicU64, took: Duration) {
    let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let before = mean.load(Ordering::Relaxed);
    mean.store((before.saturating_mul(7).saturating_add(took)) / 8, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinHandle;

    const LONG: Duration = Duration::from_secs(3600);

    /// Someone who waits, with the number of those who do then.
    async fn waits(places: &HashingSlots, longest: Duration) -> JoinHandle<Option<HashingSlot>> {
        let (before, own) = (places.waiting(), places.clone());
        let one = tokio::spawn(async move { own.take(Instant::now() + LONG, longest).await });
        while places.waiting() == before && !one.is_finished() {
            tokio::task::yield_now().await;
        }
        one
    }

    async fn full(size: usize, turn: Duration) -> (HashingSlots, Vec<HashingSlot>) {
        let places = HashingSlots::new(size);
        places.0.micros.store(u64::try_from(turn.as_micros()).unwrap(), Ordering::Relaxed);
        let taken = places.take_all().await;
        assert_eq!(taken.len(), size);
        (places, taken)
    }

    #[tokio::test]
    async fn the_first_to_come_is_the_next_as_long_as_the_queue_is_short() {
        let (places, taken) = full(1, SOON / 2).await;
        let (first, second) = (waits(&places, LONG).await, waits(&places, LONG).await);
        drop(taken);
        let place = first.await.unwrap();
        assert!(place.is_some() && !second.is_finished());
        drop(place);
        assert!(second.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn in_a_flood_the_last_to_come_is_the_next() {
        let (places, taken) = full(1, SOON).await;
        let (first, second) = (waits(&places, LONG).await, waits(&places, LONG).await);
        drop(taken);
        let place = second.await.unwrap();
        assert!(place.is_some() && !first.is_finished());
        drop(place);
        assert!(first.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn whoever_cannot_be_served_in_time_is_refused_at_once() {
        let (places, _taken) = full(2, SOON).await;
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
        assert_eq!(places.waiting(), 5);
        assert_eq!(places.expected_wait(), longest);
    }

    #[tokio::test]
    async fn whoever_leaves_takes_no_place_along() {
        let (places, taken) = full(1, SOON).await;
        for _ in 0..3 {
            let one = waits(&places, LONG).await;
            one.abort();
            assert!(one.await.is_err());
        }
        assert_eq!(places.waiting(), 0);
        drop(taken);
        assert_eq!(places.queue().free, 1);
        let again = places.take_all().await;
        let one = waits(&places, LONG).await;
        drop(again);
        assert!(one.await.unwrap().is_some());
        assert_eq!(places.queue().free, 1);
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_asked() {
        let (places, _taken) = full(1, Duration::ZERO).await;
        assert!(places.take(Instant::now() + Duration::from_millis(20), LONG).await.is_none());
    }
}
