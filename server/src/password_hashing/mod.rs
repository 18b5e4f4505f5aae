//! The queue for hashing passwords. Hashing is slow by design, so a flood of sign-ins is rejected after a short wait instead of
//! blocking all others.
//!
//! As many passwords are hashed at once as there are cores. Browsers that signed in before and sessions have slots of their own.
//! So do addresses with a recent sign-in. A flood of strangers therefore does not reach them. One address, browser or session
//! hashes one password at a time, because none may fill the queue alone. A client that disconnects leaves the queue.

mod known_addresses;
pub mod password;
mod places;

use known_addresses::KnownAddresses;
use password::HashError;
use places::{FIRST_GUESS, HashingSlot, HashingSlots, measure};
use secrecy::SecretString;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout_at,
};

/// The longest wait, for the sender's turn and for a slot together.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// Upper bound of one sender's requests in its queue.
const MAX_QUEUED: usize = 64;
/// Upper bound of a measured comparison, because a suspended machine is not a slow machine.
const MAX_COMPARISON: Duration = Duration::from_millis(250);

/// The queue was too long. The attempt was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// When to retry, in seconds.
    pub seconds: i64,
}

/// The sender of a request: one hash at a time each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// A client address, by its [network](crate::auth::throttle::network).
    Address(IpAddr),
    /// A browser that signed in before, by the id in its cookie.
    Device(String),
    /// A signed-in member, by the name of the sign-in.
    Session(String),
}

/// The queue. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Hashing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    strangers: HashingSlots,
    /// For addresses with a recent sign-in.
    known_addresses: HashingSlots,
    /// For browsers that signed in before, and sessions.
    known_browsers: HashingSlots,
    recent_sign_ins: KnownAddresses,
    queues: Mutex<HashMap<Sender, SenderQueue>>,
    longest_wait: Duration,
    /// The duration of one comparison in microseconds: the mean of the recent ones of all senders.
    comparison: Arc<AtomicU64>,
}

#[derive(Debug)]
struct SenderQueue {
    one: Arc<Semaphore>,
    entered: usize,
}

/// A request in its sender's queue. Dropping it leaves the queue.
#[derive(Debug)]
struct Entered {
    inner: Arc<Inner>,
    sender: Sender,
}

/// A slot for hashing, in the sender's turn.
#[derive(Debug)]
pub struct HashingTurn {
    place: Arc<HashingSlot>,
    comparison: Arc<AtomicU64>,
    sender_turn: SenderTurn,
}

/// The sender's turn. Dropping it starts the sender's next request.
#[derive(Debug)]
pub struct SenderTurn {
    // The order matters: the turn is released before the queue is left.
    _one: OwnedSemaphorePermit,
    entered: Entered,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(cores, MAX_WAIT)
    }
}

impl Hashing {
    /// A queue with this many slots for strangers.
    pub fn new(places: usize, longest_wait: Duration) -> Self {
        let half = (places / 2).max(1);
        Self(Arc::new(Inner {
            strangers: HashingSlots::new(places),
            known_addresses: HashingSlots::new(half),
            known_browsers: HashingSlots::new(half),
            recent_sign_ins: KnownAddresses::default(),
            queues: Mutex::default(),
            longest_wait,
            comparison: Arc::new(AtomicU64::new(FIRST_GUESS)),
        }))
    }

    /// Waits for a turn. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`Busy`], if the wait is too long or is expected to be.
    pub async fn turn(&self, sender: Sender) -> Result<HashingTurn, Busy> {
        let inner = &self.0;
        let places = inner.places(&sender);
        let busy =
            || Busy { seconds: i64::try_from(places.expected_wait().as_secs()).unwrap_or(i64::MAX).saturating_add(1) };
        let end = tokio::time::Instant::now() + inner.longest_wait;
        let (one, entered) = inner.enter(sender).ok_or_else(busy)?;
        let one = match timeout_at(end, one.acquire_owned()).await {
            Ok(Ok(one)) => one,
            _ => return Err(busy()),
        };
        let place = places.take(end, inner.longest_wait).await.ok_or_else(busy)?;
        let comparison = Arc::clone(&inner.comparison);
        Ok(HashingTurn { place: Arc::new(place), comparison, sender_turn: SenderTurn { _one: one, entered } })
    }

    /// The count of requests that wait for a slot because of their address.
    pub fn waiting_count(&self) -> usize {
        self.0.strangers.waiting_count() + self.0.known_addresses.waiting_count()
    }

    /// The count of requests that wait for a slot or have one.
    pub fn entered(&self) -> usize {
        self.0.queues().values().map(|queue| queue.entered).sum()
    }

    /// Takes every slot for addresses, known or not, for tests of a full queue.
    pub async fn close(&self) -> impl Sized + use<> {
        (self.0.strangers.take_all().await, self.0.known_addresses.take_all().await)
    }

    /// Takes every slot for browsers and sessions that signed in before.
    pub async fn close_known(&self) -> impl Sized + use<> {
        self.0.known_browsers.take_all().await
    }
}

impl Inner {
    fn places(&self, sender: &Sender) -> &HashingSlots {
        match sender {
            Sender::Address(address) if self.recent_sign_ins.contains(address) => &self.known_addresses,
            Sender::Address(_) => &self.strangers,
            Sender::Device(_) | Sender::Session(_) => &self.known_browsers,
        }
    }

    /// Enters the sender's queue. `None`: it is full.
    fn enter(self: &Arc<Self>, sender: Sender) -> Option<(Arc<Semaphore>, Entered)> {
        let mut queues = self.queues();
        let queue = queues
            .entry(sender.clone())
            .or_insert_with(|| SenderQueue { one: Arc::new(Semaphore::new(1)), entered: 0 });
        if queue.entered >= MAX_QUEUED {
            return None;
        }
        queue.entered += 1;
        Some((Arc::clone(&queue.one), Entered { inner: Arc::clone(self), sender }))
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Sender, SenderQueue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut queues = self.inner.queues();
        if let Some(queue) = queues.get_mut(&self.sender) {
            queue.entered -= 1;
            if queue.entered == 0 {
                queues.remove(&self.sender);
            }
        }
    }
}

impl SenderTurn {
    /// Records that the password was right. From now on, the address is known.
    pub fn note_success(&self) {
        if let Sender::Address(address) = self.entered.sender {
            self.entered.inner.recent_sign_ins.add(address);
        }
    }
}

impl HashingTurn {
    /// Releases the slot, and keeps the sender's turn.
    pub fn release_slot(self) -> SenderTurn {
        self.sender_turn
    }

    /// Compares the password with each of the hashes, or with a placeholder if there is none.
    pub async fn compare(&self, plain: &SecretString, hashes: Vec<String>) -> Vec<bool> {
        let (plain, comparison) = (plain.clone(), Arc::clone(&self.comparison));
        let compared = self.run(move |is_wanted| {
            let compare = |hash| {
                let since = Instant::now();
                let is_right = password::matches(&plain, hash);
                measure(&comparison, since.elapsed().min(MAX_COMPARISON));
                is_right
            };
            if hashes.is_empty() {
                compare(None);
            }
            hashes.iter().map(|hash| is_wanted() && compare(Some(hash))).collect()
        });
        compared.await.unwrap_or_default()
    }

    /// The expected duration of this many comparisons on this machine: a quarter more than the mean, because durations vary. It
    /// does not depend on the comparisons of this turn.
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

    /// Runs slow work on a separate thread. The work keeps the slot, so that a canceled caller does not admit another one early.
    /// The work can check whether its result is still needed. `None`: it panicked.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static) -> Option<T> {
        let place = Arc::clone(&self.place);
        let interest = Arc::new(());
        let remaining_interest = Arc::downgrade(&interest);
        let result = tokio::task::spawn_blocking(move || {
            let since = Instant::now();
            let result = work(&|| remaining_interest.strong_count() > 0);
            place.measure(since.elapsed());
            drop(place);
            result
        })
        .await
        .ok();
        drop(interest);
        result
    }
}

#[cfg(test)]
mod tests;
