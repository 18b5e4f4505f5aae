//! The cost limits of one request of an identity provider, and of all requests of one team together.
//!
//! [`Budgets::of_request`] is the only place that creates a [`Budget`], after the key of a request is verified. Every function
//! whose work grows with the client's input takes one. A budget counts the rows that the request has read and the values that
//! it has compared. It also gives access to what teams share: threads for computing, readers of the database, and memory. Each
//! team has a share of these, so that one team's requests never delay others for long. Pages and sign-ins keep threads and
//! readers of their own.

mod limits;
mod team_queue;

pub use limits::{BudgetLimits, OverBudget};
pub(crate) use team_queue::{Permit, QueueFull, SlotLimits, TeamQueue};

use domain::id::TeamId;
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};
use store::LongReadPermit;
use tokio::{
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

/// Processing this many bytes takes less than a millisecond, so that it runs on the current thread.
pub(crate) const SMALL: usize = 32 * 1024;

/// The shared resources of all requests of a process. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Budgets(Arc<Shares>);

#[derive(Debug)]
struct Shares {
    limits: BudgetLimits,
    /// Threads for computing.
    compute: TeamQueue,
    /// Permits for long reads of the database.
    read: TeamQueue,
    /// Bytes.
    memory: TeamQueue,
}

/// The budget of one request. Cloning shares the counts.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Request>);

#[derive(Debug)]
struct Request {
    team: TeamId,
    shares: Arc<Shares>,
    rows: AtomicU64,
    comparisons: AtomicU64,
    /// The time limit, in milliseconds.
    time: AtomicU64,
    /// Set by the first piece of work that counts, because a request that looks up one row never reads the clock.
    deadline: OnceLock<Instant>,
    is_gone: AtomicBool,
    /// See [`Budget::after_change`].
    is_after_change: bool,
}

/// Memory that is counted until this is dropped.
#[derive(Debug, Default)]
pub struct MemoryPermit(Option<Permit>);

/// A request whose client waits for the response. Dropping it uses up the request's budget, so that the work for it stops, and the memory of its body is free.
#[derive(Debug)]
pub struct RequestGuard {
    budget: Budget,
    /// The memory of the body.
    memory: MemoryPermit,
}

impl Default for Budgets {
    fn default() -> Self {
        Self::new(BudgetLimits::default())
    }
}

impl Budgets {
    pub fn new(limits: BudgetLimits) -> Self {
        let cores = available_parallelism().map_or(2, usize::from) as u64;
        // One core is left for health checks, pages and sign-ins.
        let threads = cores.saturating_sub(1).max(1);
        let queue = limits.queue;
        Self(Arc::new(Shares {
            limits,
            compute: TeamQueue::new(SlotLimits { total: threads, per_team: threads.div_ceil(2).min(2), queue }),
            // Of SQLite's four long readers, one stays with pages.
            read: TeamQueue::new(SlotLimits { total: 3, per_team: 1, queue }),
            memory: TeamQueue::new(SlotLimits { total: limits.memory, per_team: limits.memory_of_team, queue }),
        }))
    }

    /// The budget of one request of a team. Call it only after verifying the request's key.
    pub fn of_request(&self, team: &TeamId) -> Budget {
        let time = u64::try_from(self.0.limits.time.as_millis()).unwrap_or(u64::MAX);
        Budget(Arc::new(Request {
            team: team.clone(),
            shares: Arc::clone(&self.0),
            rows: AtomicU64::new(0),
            comparisons: AtomicU64::new(0),
            time: AtomicU64::new(time),
            deadline: OnceLock::new(),
            is_gone: AtomicBool::new(false),
            is_after_change: false,
        }))
    }
}

impl Budget {
    /// The budget for the response to a committed change. It takes turns as any other, but is never rejected, because a client
    /// that gets an error would repeat the change.
    #[must_use]
    pub fn after_change(&self) -> Self {
        Self(Arc::new(Request {
            team: self.0.team.clone(),
            shares: Arc::clone(&self.0.shares),
            rows: AtomicU64::new(0),
            comparisons: AtomicU64::new(0),
            time: AtomicU64::new(self.0.time.load(Ordering::Relaxed)),
            deadline: OnceLock::new(),
            is_gone: AtomicBool::new(false),
            is_after_change: true,
        }))
    }

    /// The guard of the request, to Keep it until the response.
    pub fn guard(&self) -> RequestGuard {
        RequestGuard { budget: self.clone(), memory: MemoryPermit::default() }
    }

    /// Whether the client has disconnected.
    pub fn is_gone(&self) -> bool {
        self.0.is_gone.load(Ordering::Relaxed)
    }

    /// Gives a request of many operations more time. It has no effect after the first piece of work.
    pub fn extend(&self, time: Duration) {
        self.0.time.store(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Checks the limits. Call it before each piece of work of a few milliseconds.
    ///
    /// # Errors
    /// [`OverBudget::Gone`], [`OverBudget::Time`].
    pub fn check(&self) -> Result<(), OverBudget> {
        if self.0.is_after_change {
            return Ok(());
        }
        if self.is_gone() {
            return Err(OverBudget::Gone);
        }
        if Instant::now() > self.deadline() { Err(self.too_late()) } else { Ok(()) }
    }

    /// Counts rows that were read.
    ///
    /// # Errors
    /// [`OverBudget::Rows`], and as [`Budget::check`].
    pub fn rows(&self, read: usize) -> Result<(), OverBudget> {
        let most = self.0.shares.limits.rows;
        let before = self.0.rows.fetch_add(read as u64, Ordering::Relaxed);
        if before.saturating_add(read as u64) > most && !self.0.is_after_change {
            return Err(OverBudget::Rows(most));
        }
        self.check()
    }

    /// Counts values that filters compared: those that [`Budget::comparisons_left`] allowed.
    pub fn compared(&self, values: u64) {
        self.0.comparisons.fetch_add(values, Ordering::Relaxed);
    }

    /// The error of a filter that would compare more.
    pub fn too_many(&self) -> OverBudget {
        OverBudget::Comparisons(self.0.shares.limits.comparisons)
    }

    /// How many values filters may still compare.
    pub fn comparisons_left(&self) -> u64 {
        self.0.shares.limits.comparisons.saturating_sub(self.0.comparisons.load(Ordering::Relaxed))
    }

    /// Waits for the team's turn to read more than a few rows through an index. Keep the permit for the whole pass over the
    /// rows. A team makes one such pass at a time.
    ///
    /// # Errors
    /// [`OverBudget::Queue`], and as [`Budget::check`].
    pub async fn read(&self) -> Result<LongReadPermit, OverBudget> {
        let permit = self.place(&self.0.shares.read, 1, self.deadline()).await.and_then(|permit| self.in_time(permit));
        Ok(LongReadPermit::new(self.unless_refused(permit)?))
    }

    /// Computes on a separate thread, when it is the team's turn. The caller cuts work of more than some milliseconds into
    /// pieces, so that other teams get their turns in between. Work does not begin after its client has disconnected.
    ///
    /// # Errors
    /// The errors of `work`, [`OverBudget::Queue`], and as [`Budget::check`].
    pub async fn compute<T, E>(&self, work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<OverBudget> + Send + 'static,
    {
        let thread =
            self.place(&self.0.shares.compute, 1, self.deadline()).await.and_then(|permit| self.in_time(permit));
        let thread = self.unless_refused(thread)?;
        let budget = self.clone();
        let result = spawn_blocking(move || {
            // Held until the work ends, also if the client has disconnected.
            let _thread = thread;
            budget.check()?;
            work(&budget)
        });
        match result.await {
            Ok(result) => result,
            Err(failure) => match failure.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The process is shutting down.
                Err(_) => Err(OverBudget::Gone.into()),
            },
        }
    }

    /// As [`Budget::compute`], but runs work on few bytes ([`SMALL`]) on the current thread.
    ///
    /// # Errors
    /// As [`Budget::compute`].
    pub async fn compute_for<T, E>(
        &self,
        bytes: usize,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<OverBudget> + Send + 'static,
    {
        if bytes <= SMALL { work(self) } else { self.compute(work).await }
    }

    /// Counts memory of a request or response until the permit is dropped. Little memory ([`SMALL`]) is not counted, because the
    /// number of connections limits it. One request gets at most its team's share, even if it needs more, so that large
    /// resources can be read one after the other.
    ///
    /// # Errors
    /// [`OverBudget::Memory`] (after a short wait), [`OverBudget::Queue`], [`OverBudget::Gone`].
    pub async fn hold(&self, bytes: u64) -> Result<MemoryPermit, OverBudget> {
        if bytes <= SMALL as u64 {
            return Ok(MemoryPermit::default());
        }
        let until = Instant::now() + self.0.shares.limits.memory_wait;
        let permit = self.place(&self.0.shares.memory, bytes, until).await;
        Ok(MemoryPermit(self.unless_refused(permit.and_then(|permit| permit.ok_or(OverBudget::Memory)))?))
    }

    /// Slots of a queue. `None`: none became free in time.
    async fn place(&self, queue: &TeamQueue, amount: u64, until: Instant) -> Result<Option<Permit>, OverBudget> {
        if self.is_gone() {
            return Err(OverBudget::Gone);
        }
        match timeout_at(until, queue.take(&self.0.team, amount)).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            Ok(Err(QueueFull)) => Err(OverBudget::Queue(self.0.shares.limits.queue)),
            Err(_) => Ok(None),
        }
    }

    fn in_time(&self, permit: Option<Permit>) -> Result<Permit, OverBudget> {
        permit.ok_or_else(|| self.too_late())
    }

    /// Ignores a missing permit after a change.
    fn unless_refused(&self, permit: Result<Permit, OverBudget>) -> Result<Option<Permit>, OverBudget> {
        match permit {
            Err(_) if self.0.is_after_change => Ok(None),
            permit => permit.map(Some),
        }
    }

    fn deadline(&self) -> Instant {
        *self.0.deadline.get_or_init(|| Instant::now() + Duration::from_millis(self.0.time.load(Ordering::Relaxed)))
    }

    fn too_late(&self) -> OverBudget {
        OverBudget::Time(self.0.time.load(Ordering::Relaxed) / 1_000)
    }
}

impl MemoryPermit {
    /// Whether the memory was too little to count.
    pub fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl RequestGuard {
    /// Counts memory for the body, instead of what was counted before, until the response. See [`Budget::hold`].
    ///
    /// # Errors
    /// As [`Budget::hold`].
    pub async fn hold(&mut self, bytes: u64) -> Result<(), OverBudget> {
        self.memory = self.budget.hold(bytes).await?;
        Ok(())
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.budget.0.is_gone.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
