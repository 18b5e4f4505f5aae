//! Permits for the database's writer. Changes of different teams alternate, so a team with a long backlog delays another team's
//! change by the transaction that is running and by one turn of each team that waits, never by the backlog.
//!
//! SQLite has one writer, so one turn is taken at a time. On PostgreSQL several are, but never two of one lane: changes to one
//! team wait for its row anyway, and those that wait here hold no connection. What is not a change to a team (sessions, the
//! request log) takes no turn: it waits in the pool, where at most one turn per connection is ahead of it.

use crate::StoreError;
use domain::id::TeamId;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// How long a change waits for its turn. With the pool's own limit and the database's this stays below the time limit of a
/// request (30 s).
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose turn it is. A team has two lanes, so that its admins do not wait behind its identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WriteLane {
    /// Changes by pages and the command line: the team's slug.
    Page(String),
    /// Changes by identity providers.
    Directory(TeamId),
}

/// Hands out turns. Cloning shares them.
#[derive(Clone)]
pub(crate) struct WriteScheduler {
    state: Arc<Mutex<State>>,
    /// How long a change waits for its turn.
    patience: Duration,
}

struct State {
    free: usize,
    lanes: HashMap<WriteLane, Waiting>,
    /// The lanes that have someone waiting and no one at the writer: the first is next.
    order: VecDeque<WriteLane>,
}

/// A lane that is at the writer, or has someone waiting.
#[derive(Default)]
struct Waiting {
    is_served: bool,
    waiting: VecDeque<oneshot::Sender<WritePermit>>,
}

/// The right to write, until it is dropped.
pub(crate) struct WritePermit {
    scheduler: WriteScheduler,
    /// None: it was handed on.
    lane: Option<WriteLane>,
}

impl WriteScheduler {
    /// As many turns at once as `width`.
    pub(crate) fn new(width: usize) -> Self {
        let state = State { free: width, lanes: HashMap::new(), order: VecDeque::new() };
        Self { state: Arc::new(Mutex::new(state)), patience: PATIENCE }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] after 5 s.
    pub(crate) async fn acquire(&self, lane: WriteLane) -> Result<WritePermit, StoreError> {
        match tokio::time::timeout(self.patience, self.wait(lane)).await {
            Ok(Some(turn)) => Ok(turn),
            Ok(None) => Err(StoreError::Fault("a turn at the writer was lost".into())),
            Err(_) => {
                let seconds = self.patience.as_secs();
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

    /// Gives free turns to the lanes that wait, one each. Those who do not wait any longer are passed over.
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

    /// The turn, if it is there already.
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
    async fn teams_alternate_whatever_their_backlogs() {
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
    async fn whoever_stops_waiting_is_passed_over() {
        let scheduler = WriteScheduler::new(1);
        let lane = page("a");
        let first = scheduler.acquire(lane.clone()).await.unwrap();
        let (mut gone, mut there) = (enter(&scheduler, &lane), enter(&scheduler, &lane));
        assert!(now(&mut gone).await.is_none() && now(&mut there).await.is_none());
        drop(gone);
        drop(first);
        drop(now(&mut there).await.expect("the one who still waits"));
        // A turn that no one took up passes on.
        let first = scheduler.acquire(lane.clone()).await.unwrap();
        let mut gone = enter(&scheduler, &lane);
        assert!(now(&mut gone).await.is_none());
        drop(first);
        drop(gone);
        let mut next = enter(&scheduler, &lane);
        assert!(now(&mut next).await.is_some());
        assert!(scheduler.state().order.is_empty());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_and_nothing_is_left_behind() {
        let scheduler = WriteScheduler { patience: Duration::ZERO, ..WriteScheduler::new(1) };
        let first = scheduler.acquire(page("a")).await.unwrap();
        assert!(matches!(scheduler.acquire(page("b")).await, Err(StoreError::Unavailable(_))));
        drop(first);
        assert!(scheduler.state().lanes.is_empty() && scheduler.state().free == 1);
    }
}
