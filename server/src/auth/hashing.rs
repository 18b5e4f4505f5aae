//! The queue for hashing passwords, which is slow on purpose: a flood of sign-ins is refused after a short wait instead of
//! starving everybody.
//!
//! As many passwords are hashed at once as there are cores. Browsers that signed in before and sessions have a place of their
//! own beside that, so a flood from strangers does not reach them. One address, browser or session hashes one at a time, because
//! nobody is to fill the queue alone. Whoever hangs up leaves the queue.

use super::password::{self, HashError};
use secrecy::SecretString;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout_at,
};

/// The longest wait, for the sender's lane and for a place together.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// The most requests of one sender in its lane.
const LANE: usize = 64;
/// What one hashing takes, in microseconds, before one was measured.
const FIRST_GUESS: u64 = 30_000;
/// A single comparison counts for at most so much, because a machine that was suspended is no slow machine.
const LONGEST_COMPARISON: Duration = Duration::from_millis(250);

/// The queue was too long. Nothing was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Try again after so many seconds.
    pub seconds: i64,
}

/// Who wants a password hashed: one at a time each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Anybody at this address, by its [network](super::throttle::network).
    Address(std::net::IpAddr),
    /// A browser that signed in before, by the id in its cookie.
    Device(String),
    /// Somebody who is signed in, by the name of the sign-in.
    Session(String),
}

/// The queue. Cloning it is cheap, and makes no second one.
#[derive(Clone, Debug)]
pub struct Hashing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    strangers: Pool,
    known: Pool,
    lanes: Mutex<HashMap<Sender, Lane>>,
    longest_wait: Duration,
    /// What one comparison takes, in microseconds: the mean of the last ones, whoever asked for them.
    comparison: Arc<AtomicU64>,
}

/// Places for hashing, and who waits for one.
#[derive(Debug)]
struct Pool {
    places: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
    /// What one turn takes, in microseconds: the mean of the last ones.
    micros: Arc<AtomicU64>,
}

/// One sender's requests.
#[derive(Debug)]
struct Lane {
    one: Arc<Semaphore>,
    entered: usize,
}

/// A request that is in its sender's lane until it is dropped.
#[derive(Debug)]
struct Entered {
    inner: Arc<Inner>,
    sender: Sender,
}

/// A place for hashing, in the sender's lane.
#[derive(Debug)]
pub struct Turn {
    place: Arc<OwnedSemaphorePermit>,
    micros: Arc<AtomicU64>,
    comparison: Arc<AtomicU64>,
    lane: InLane,
}

/// The sender's lane. The next request of the sender begins when this is dropped.
#[derive(Debug)]
pub struct InLane {
    // In this order: the lane is given free before it is left.
    _one: OwnedSemaphorePermit,
    _entered: Entered,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(cores, LONGEST_WAIT)
    }
}

impl Hashing {
    /// A queue with so many places for strangers.
    pub fn new(places: usize, longest_wait: Duration) -> Self {
        let known = Pool::new((places / 2).max(1));
        let comparison = Arc::new(AtomicU64::new(FIRST_GUESS));
        let inner = Inner { strangers: Pool::new(places), known, lanes: Mutex::default(), longest_wait, comparison };
        Self(Arc::new(inner))
    }

    /// Waits for a turn. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`Busy`], when the wait is too long or is going to be.
    pub async fn turn(&self, sender: Sender) -> Result<Turn, Busy> {
        let inner = &self.0;
        let pool = match sender {
            Sender::Address(_) => &inner.strangers,
            Sender::Device(_) | Sender::Session(_) => &inner.known,
        };
        let end = tokio::time::Instant::now() + inner.longest_wait;
        let (one, entered) = inner.enter(sender).ok_or_else(|| pool.busy())?;
        let one = match timeout_at(end, one.acquire_owned()).await {
            Ok(Ok(one)) => one,
            _ => return Err(pool.busy()),
        };
        if pool.expected_wait() > inner.longest_wait {
            return Err(pool.busy());
        }
        let waits = Waits::begin(&pool.waiting);
        let place = match timeout_at(end, Arc::clone(&pool.places).acquire_owned()).await {
            Ok(Ok(place)) => Arc::new(place),
            _ => return Err(pool.busy()),
        };
        drop(waits);
        let (micros, comparison) = (Arc::clone(&pool.micros), Arc::clone(&inner.comparison));
        Ok(Turn { place, micros, comparison, lane: InLane { _one: one, _entered: entered } })
    }

    /// How many strangers wait for a place.
    pub fn waiting(&self) -> usize {
        self.0.strangers.waiting.load(Ordering::Relaxed)
    }

    /// How many requests wait for a place or have one.
    pub fn entered(&self) -> usize {
        self.0.lanes().values().map(|lane| lane.entered).sum()
    }

    /// Takes every place for strangers: for tests of what happens when there is none.
    pub async fn close(&self) -> Option<OwnedSemaphorePermit> {
        self.0.strangers.close().await
    }

    /// Takes every place for those who signed in before.
    pub async fn close_known(&self) -> Option<OwnedSemaphorePermit> {
        self.0.known.close().await
    }
}

impl Inner {
    /// Enters the sender's lane; none: it is full.
    fn enter(self: &Arc<Self>, sender: Sender) -> Option<(Arc<Semaphore>, Entered)> {
        let mut lanes = self.lanes();
        let lane = lanes.entry(sender.clone()).or_insert_with(|| Lane { one: Arc::new(Semaphore::new(1)), entered: 0 });
        if lane.entered >= LANE {
            return None;
        }
        lane.entered += 1;
        Some((Arc::clone(&lane.one), Entered { inner: Arc::clone(self), sender }))
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Sender, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut lanes = self.inner.lanes();
        if let Some(lane) = lanes.get_mut(&self.sender) {
            lane.entered -= 1;
            if lane.entered == 0 {
                lanes.remove(&self.sender);
            }
        }
    }
}

impl Pool {
    fn new(size: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(size)),
            size,
            waiting: AtomicUsize::new(0),
            micros: Arc::new(AtomicU64::new(FIRST_GUESS)),
        }
    }

    async fn close(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_many_owned(u32::try_from(self.size).ok()?).await.ok()
    }

    /// How long whoever comes now is going to wait.
    fn expected_wait(&self) -> Duration {
        let turns = self.waiting.load(Ordering::Relaxed) / self.size;
        Duration::from_micros(self.micros.load(Ordering::Relaxed).saturating_mul(turns as u64))
    }

    fn busy(&self) -> Busy {
        let seconds = i64::try_from(self.expected_wait().as_secs()).unwrap_or(i64::MAX);
        Busy { seconds: seconds.saturating_add(1) }
    }
}

/// Somebody who waits for a place, until it is dropped.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Turn {
    /// Gives the place to the next one, and stays in the lane.
    pub fn into_lane(self) -> InLane {
        self.lane
    }

    /// Compares the password with each of the hashes; with nobody's, if there is none.
    pub async fn compare(&self, plain: &SecretString, stored: Vec<String>) -> Vec<bool> {
        let (plain, comparison) = (plain.clone(), Arc::clone(&self.comparison));
        let compared = self.run(move |is_wanted| {
            let compare = |stored| {
                let since = Instant::now();
                let is_right = password::matches(&plain, stored);
                measure(&comparison, since.elapsed().min(LONGEST_COMPARISON));
                is_right
            };
            if stored.is_empty() {
                compare(None);
            }
            stored.iter().map(|stored| is_wanted() && compare(Some(stored))).collect()
        });
        compared.await.unwrap_or_default()
    }

    /// How long so many comparisons take on this machine at present: a quarter more than the mean, because they vary. It does
    /// not depend on what this turn compared.
    pub fn expected(&self, comparisons: usize) -> Duration {
        let mean = Duration::from_micros(self.comparison.load(Ordering::Relaxed));
        mean.saturating_mul(u32::try_from(comparisons).unwrap_or(u32::MAX)).saturating_mul(5) / 4
    }

    /// Hashes a password for the database, as a PHC string.
    ///
    /// # Errors
    /// [`HashError`], when the system has no randomness or no memory left.
    pub async fn hash(&self, plain: SecretString) -> Result<String, HashError> {
        self.run(move |_| password::hash_now(&plain)).await.unwrap_or(Err(HashError))
    }

    /// Runs slow work on a thread of its own. The place goes along, so that a caller who gives up does not let another one in
    /// early. The work can ask whether it is still wanted. `None` when it panicked.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static) -> Option<T> {
        let (place, micros) = (Arc::clone(&self.place), Arc::clone(&self.micros));
        let wanted = Arc::new(());
        let is_wanted = Arc::downgrade(&wanted);
        let done = tokio::task::spawn_blocking(move || {
            let since = Instant::now();
            let done = work(&|| is_wanted.strong_count() > 0);
            drop(place);
            measure(&micros, since.elapsed());
            done
        })
        .await
        .ok();
        drop(wanted);
        done
    }
}

/// Takes what was measured into the mean of the last ones.
fn measure(mean: &AtomicU64, took: Duration) {
    let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let before = mean.load(Ordering::Relaxed);
    mean.store((before.saturating_mul(7).saturating_add(took)) / 8, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough for whoever gets a place at once.
    const SHORT: Duration = Duration::from_millis(50);

    fn at(last: u8) -> Sender {
        Sender::Address([192, 0, 2, last].into())
    }

    fn queue(places: usize, wait: Duration) -> Hashing {
        Hashing::new(places, wait)
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_refused_with_whole_seconds() {
        let hashing = queue(1, SHORT);
        let first = hashing.turn(at(1)).await.unwrap();
        assert_eq!(hashing.turn(at(2)).await.unwrap_err(), Busy { seconds: 1 });
        drop(first);
        assert!(hashing.turn(at(2)).await.is_ok());
    }

    #[tokio::test]
    async fn a_queue_that_is_too_long_already_refuses_at_once() {
        let hashing = queue(1, Duration::from_secs(3600));
        let _first = hashing.turn(at(1)).await.unwrap();
        hashing.0.strangers.waiting.store(1_000_000, Ordering::Relaxed);
        let refused = hashing.turn(at(2)).await.unwrap_err();
        assert!(refused.seconds > 3600, "{refused:?}");
    }

    #[tokio::test]
    async fn one_address_has_one_turn_at_a_time() {
        let hashing = queue(4, SHORT);
        let first = hashing.turn(at(1)).await.unwrap();
        assert!(hashing.turn(at(1)).await.is_err());
        assert!(hashing.turn(at(2)).await.is_ok());
        let lane = first.into_lane();
        assert!(hashing.turn(at(1)).await.is_err(), "until it is answered");
        drop(lane);
        assert!(hashing.turn(at(1)).await.is_ok());
    }

    #[tokio::test]
    async fn who_signed_in_before_has_a_place_that_strangers_cannot_fill() {
        let hashing = queue(1, SHORT);
        let _stranger = hashing.turn(at(1)).await.unwrap();
        assert!(hashing.turn(Sender::Device("d".into())).await.is_ok());
        assert!(hashing.turn(Sender::Session("s".into())).await.is_ok());
        assert!(hashing.turn(at(2)).await.is_err());
    }

    #[tokio::test]
    async fn whoever_hangs_up_leaves_the_queue() {
        let hashing = queue(1, Duration::from_secs(3600));
        let first = hashing.turn(at(1)).await.unwrap();
        let waits = tokio::spawn({
            let hashing = hashing.clone();
            async move { hashing.turn(at(2)).await.is_ok() }
        });
        while hashing.0.strangers.waiting.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        waits.abort();
        assert!(waits.await.is_err());
        assert_eq!(hashing.0.strangers.waiting.load(Ordering::Relaxed), 0);
        assert_eq!(hashing.0.lanes().len(), 1);
        drop(first);
        assert_eq!(hashing.0.lanes().len(), 0);
    }

    #[tokio::test]
    async fn a_lane_has_an_end() {
        let hashing = queue(1, Duration::from_secs(3600));
        let entered: Vec<_> = (0..LANE).map(|_| hashing.0.enter(at(1)).unwrap()).collect();
        assert!(hashing.turn(at(1)).await.is_err());
        drop(entered);
        assert!(hashing.turn(at(1)).await.is_ok());
    }

    /// Whether a turn compared one hash or eight, eight are expected to take the same time afterwards.
    #[tokio::test]
    async fn the_time_of_a_comparison_is_measured() {
        let hashing = queue(1, LONGEST_WAIT);
        hashing.0.comparison.store(100_000, Ordering::Relaxed);
        let turn = hashing.turn(at(1)).await.unwrap();
        assert_eq!(turn.expected(8), Duration::from_secs(1));
        turn.compare(&SecretString::from("violet harbour 17 lamps"), Vec::new()).await;
        assert_ne!(turn.expected(8), Duration::from_secs(1));
        measure(&hashing.0.comparison, Duration::ZERO);
        assert!(turn.expected(8) < Duration::from_secs(2));
    }

    #[tokio::test]
    async fn each_hash_is_compared() {
        let turn = queue(1, LONGEST_WAIT).turn(at(1)).await.unwrap();
        let plain = SecretString::from("violet harbour 17 lamps");
        let stored = turn.hash(plain.clone()).await.unwrap();
        assert_eq!(turn.compare(&plain, vec![stored, "$argon2id$broken".into()]).await, [true, false]);
        assert_eq!(turn.compare(&plain, Vec::new()).await, [false; 0]);
    }
}
