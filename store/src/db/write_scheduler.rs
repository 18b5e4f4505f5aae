//! Permits for the database's writer. Changes of different teams alternate. A team with a long backlog delays another
//! team's change only by the running transaction and by one turn of each waiting team.
//!
//! SQLite has one writer, so there is one turn at a time. On PostgreSQL there are several, but never two of one lane.
//! Changes to one team wait for its row anyway, and waiting here needs no connection. Sessions and the request log take
//! no turn. They wait in the pool, where at most one turn per connection is ahead of them.

use crate::StoreError;
use domain::id::TeamId;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// The time that a change waits for its turn. Together with the limits of the pool and the database this is below the
/// time limit of a request (30 s).
const TURN_TIMEOUT: Duration = Duration::from_secs(5);

/// A queue of changes. A team has two lanes, so that its admins do not wait behind its identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WriteLane {
    /// Changes by pages and the command line, by the team's slug.
    Page(String),
    /// Changes by identity providers.
    Directory(TeamId),
}

/// Assigns turns. Clones share them.
#[derive(Clone)]
pub(crate) struct WriteScheduler {
    state: Arc<Mutex<State>>,
    /// The time that a change waits for its turn.
    timeout: Duration,
}

struct State {
    free: usize,
    lanes: HashMap<WriteLane, Lane>,
    /// The lanes with a waiting change and none at the writer, the next one first.
    order: VecDeque<WriteLane>,
}

/// A lane with a change at the writer or waiting.
#[derive(Default)]
struct Lane {
    is_served: bool,
    waiting: VecDeque<oneshot::Sender<WritePermit>>,
}

/// The right to write until it is dropped.
pub(crate) struct WritePermit {
    scheduler: WriteScheduler,
    /// `None` after the turn was passed on.
    lane: Option<WriteLane>,
}

impl WriteScheduler {
    /// A scheduler with `width` turns at once.
    pub(crate) fn new(width: usize) -> Self {
        let state = State { free: width, lanes: HashMap::new(), order: VecDeque::new() };
        Self { state: Arc::new(Mutex::new(state)), timeout: TURN_TIMEOUT }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] after 5 s.
    pub(crate) async fn acquire(&self, lane: WriteLane) -> Result<WritePermit, StoreError> {
        match tokio::time::timeout(self.timeout, self.wait(lane)).await {
            Ok(Some(turn)) => Ok(turn),
            Ok(None) => Err(StoreError::Fault("a turn at the writer was lost".into())),
            Err(_) => {
                let seconds = self.timeout.as_secs();
                Err(StoreError::Unavailable(format!("other changes kept the writer for {seconds} s")))
            }
        }
    }

    async fn wait(&self, lane: WriteLane) -> Option<WritePermit> {
        let (sender, turn) = oneshot::channel();
        {
            let mut state = self.state();
            let of_lane = state.lanes.entry(lane.clone()).or_default();
            of_lane.waiting.push_back(sender);
            if !of_lane.is_served && of_lane.waiting.len() == 1 {
                state.order.push_back(lane);
            }
            self.hand_out(&mut state);
        }
        turn.await.ok()
    }

    /// Gives free turns to the waiting lanes, one each. Cancelled changes are skipped.
    fn hand_out(&self, state: &mut State) {
        while state.free > 0 {
            let Some(lane) = state.order.pop_front() else { return };
            let Some(of_lane) = state.lanes.get_mut(&lane) else { continue };
            while let Some(sender) = of_lane.waiting.pop_front() {
                let turn = WritePermit { scheduler: self.clone(), lane: Some(lane.clone()) };
                match sender.send(turn) {
                    Ok(()) => {
                        of_lane.is_served = true;
                        break;
                    }
                    Err(mut turn) => turn.lane = None,
                }
            }
            if of_lane.is_served {
                state.free -= 1;
            } else {
                state.lanes.remove(&lane);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for WritePermit {
    fn drop(&mut self) {
        let Some(lane) = self.lane.take() else { return };
        let mut state = self.scheduler.state();
        state.free += 1;
        if let Some(of_lane) = state.lanes.get_mut(&lane) {
            of_lane.is_served = false;
            if of_lane.waiting.is_empty() {
                state.lanes.remove(&lane);
            } else {
                state.order.push_back(lane);
            }
        }
        self.scheduler.hand_out(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::Future, pin::Pin, task::Poll};

    type Entering = Pin<Box<dyn Future<Output = Result<WritePermit, StoreError>> + Send>>;

    fn enter(scheduler: &WriteScheduler, lane: &WriteLane) -> Entering {
        let (scheduler, lane) = (scheduler.clone(), lane.clone());
        Box::pin(async move { scheduler.acquire(lane).await })
    }

    /// The turn, if it is free.
    async fn now(entering: &mut Entering) -> Option<WritePermit> {
        std::future::poll_fn(|context| match entering.as_mut().poll(context) {
            Poll::Ready(turn) => Poll::Ready(Some(turn.unwrap())),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    fn page(slug: &str) -> WriteLane {
        WriteLane::Page(slug.to_owned())
    }

    #[tokio::test]
    async fn teams_alternate_with_any_backlog() {
        let scheduler = WriteScheduler::new(1);
        let (flood, other) = (page("flood"), page("other"));
        let first = scheduler.acquire(flood.clone()).await.unwrap();
        let mut backlog: Vec<_> = (0..50).map(|_| enter(&scheduler, &flood)).collect();
        for waiting in &mut backlog {
            assert!(now(waiting).await.is_none());
        }
        let mut single = enter(&scheduler, &other);
        assert!(now(&mut single).await.is_none());
        drop(first);
        let turn = now(&mut single).await.expect("the other team is next");
        assert!(now(&mut backlog[0]).await.is_none(), "one at a time");
        drop(turn);
        assert!(now(&mut backlog[0]).await.is_some(), "then the first of the backlog");
    }

    #[tokio::test]
    async fn one_lane_never_has_two_turns() {
        let scheduler = WriteScheduler::new(3);
        let (a, b) = (page("a"), page("b"));
        let first = scheduler.acquire(a.clone()).await.unwrap();
        let mut second = enter(&scheduler, &a);
        assert!(now(&mut second).await.is_none());
        let other = scheduler.acquire(b).await.unwrap();
        drop(first);
        assert!(now(&mut second).await.is_some());
        drop(other);
    }

    #[tokio::test]
    async fn cancelled_changes_are_skipped() {
        let scheduler = WriteScheduler::new(1);
        let lane = page("a");
        let first = scheduler.acquire(lane.clone()).await.unwrap();
        let (mut cancelled, mut there) = (enter(&scheduler, &lane), enter(&scheduler, &lane));
        assert!(now(&mut cancelled).await.is_none() && now(&mut there).await.is_none());
        drop(cancelled);
        drop(first);
        drop(now(&mut there).await.expect("the one who still waits"));
        // A turn that its receiver dropped passes to the next lane.
        let first = scheduler.acquire(lane.clone()).await.unwrap();
        let mut cancelled = enter(&scheduler, &lane);
        assert!(now(&mut cancelled).await.is_none());
        drop(first);
        drop(cancelled);
        let mut next = enter(&scheduler, &lane);
        assert!(now(&mut next).await.is_some());
        assert!(scheduler.state().order.is_empty());
    }

    #[tokio::test]
    async fn waiting_ends_after_the_timeout_and_leaves_no_state() {
        let scheduler = WriteScheduler { timeout: Duration::ZERO, ..WriteScheduler::new(1) };
        let first = scheduler.acquire(page("a")).await.unwrap();
        assert!(matches!(scheduler.acquire(page("b")).await, Err(StoreError::Unavailable(_))));
        drop(first);
        assert!(scheduler.state().lanes.is_empty() && scheduler.state().free == 1);
    }
}
