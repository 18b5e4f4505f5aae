//! Slots that teams share: each team uses at most its share at a time, and waiting teams take turns.

use domain::id::TeamId;
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// The number of slots, and the share of each team.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotLimits {
    /// Slots of all teams together.
    pub(crate) total: u64,
    /// Slots of one team.
    pub(crate) per_team: u64,
    /// Upper bound of the waiting requests of one team.
    pub(crate) queue: usize,
}

/// The team has as many waiting requests as it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// Slots of one kind: threads, readers or bytes. Cloning shares them.
#[derive(Clone)]
pub(crate) struct TeamQueue {
    limits: SlotLimits,
    state: Arc<Mutex<State>>,
}

struct State {
    free: u64,
    /// The teams that hold or await a slot.
    teams: HashMap<TeamId, Team>,
    /// The teams that wait, in the order of their turns.
    turns: VecDeque<TeamId>,
}

#[derive(Default)]
struct Team {
    in_use: u64,
    waiting: VecDeque<Waiter>,
}

struct Waiter {
    amount: u64,
    reply: oneshot::Sender<Permit>,
}

/// Slots that are held until this is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    queue: TeamQueue,
    team: TeamId,
    amount: u64,
}

impl fmt::Debug for TeamQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TeamQueue").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl TeamQueue {
    pub(crate) fn new(limits: SlotLimits) -> Self {
        let state = State { free: limits.total, teams: HashMap::new(), turns: VecDeque::new() };
        Self { limits, state: Arc::new(Mutex::new(state)) }
    }

    /// Waits for `amount` slots. A team that requests more than its share gets its share. A request that stops waiting loses
    /// its turn.
    ///
    /// # Errors
    /// [`QueueFull`], at once.
    pub(crate) async fn take(&self, team: &TeamId, amount: u64) -> Result<Permit, QueueFull> {
        let amount = amount.min(self.limits.per_team).min(self.limits.total);
        let reply = match self.enter(team, amount)? {
            Entered::Served(permit) => return Ok(permit),
            Entered::Queued(reply) => reply,
        };
        // A request that leaves the queue makes room for those behind it.
        let _guard = QueueGuard(self);
        // The sender is dropped only with the waiter, after the receiver is gone.
        reply.await.map_err(|_| QueueFull)
    }

    fn enter(&self, team: &TeamId, amount: u64) -> Result<Entered, QueueFull> {
        let mut state = self.state();
        let state = &mut *state;
        if !state.teams.contains_key(team) {
            state.teams.insert(team.clone(), Team::default());
        }
        let Some(team_state) = state.teams.get_mut(team) else { return Err(QueueFull) };
        let fits = amount <= state.free && team_state.in_use + amount <= self.limits.per_team;
        if fits && state.turns.is_empty() {
            team_state.in_use += amount;
            state.free -= amount;
            return Ok(Entered::Served(self.permit(team, amount)));
        }
        if team_state.waiting.len() >= self.limits.queue {
            team_state.waiting.retain(|waiter| !waiter.reply.is_closed());
            if team_state.waiting.len() >= self.limits.queue {
                return Err(QueueFull);
            }
        }
        let (sender, receiver) = oneshot::channel();
        if team_state.waiting.is_empty() && !state.turns.contains(team) {
            state.turns.push_back(team.clone());
        }
        team_state.waiting.push_back(Waiter { amount, reply: sender });
        // Teams that wait for their own share keep no other team waiting.
        self.serve(state);
        Ok(Entered::Queued(receiver))
    }

    /// Gives free slots to waiting requests, one per team in turn.
    fn serve(&self, state: &mut State) {
        // The count of successive teams whose own share is used up.
        let mut passed_over = 0;
        while passed_over < state.turns.len() {
            let Some(name) = state.turns.pop_front() else { return };
            let Some(team) = state.teams.get_mut(&name) else { continue };
            while team.waiting.front().is_some_and(|waiter| waiter.reply.is_closed()) {
                team.waiting.pop_front();
            }
            let Some(Waiter { amount, .. }) = team.waiting.front() else {
                if team.in_use == 0 {
                    state.teams.remove(&name);
                }
                continue;
            };
            if team.in_use + amount > self.limits.per_team {
                state.turns.push_back(name);
                passed_over += 1;
                continue;
            }
            if *amount > state.free {
                // It keeps its turn, so that small requests of others cannot delay a large one indefinitely.
                state.turns.push_front(name);
                return;
            }
            let Some(Waiter { amount, reply }) = team.waiting.pop_front() else { continue };
            match reply.send(self.permit(&name, amount)) {
                Ok(()) => {
                    team.in_use += amount;
                    state.free -= amount;
                }
                // The request no longer waits. It holds no slot, so there is nothing to return.
                Err(mut permit) => permit.amount = 0,
            }
            // It gets its next turn after the others, unless it leaves the queue.
            state.turns.push_back(name);
            passed_over = 0;
        }
    }

    fn permit(&self, team: &TeamId, amount: u64) -> Permit {
        Permit { queue: self.clone(), team: team.clone(), amount }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Entered {
    Served(Permit),
    Queued(oneshot::Receiver<Permit>),
}

/// A request in the queue. Dropping it lets those behind it pass.
struct QueueGuard<'a>(&'a TeamQueue);

impl Drop for QueueGuard<'_> {
    fn drop(&mut self) {
        self.0.serve(&mut self.0.state());
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.amount == 0 {
            return;
        }
        let mut state = self.queue.state();
        let state = &mut *state;
        state.free += self.amount;
        if let Some(team) = state.teams.get_mut(&self.team) {
            team.in_use -= self.amount;
            if team.in_use == 0 && team.waiting.is_empty() {
                state.teams.remove(&self.team);
            }
        }
        self.queue.serve(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{pin::pin, task::Poll};

    fn queue_of(total: u64, per_team: u64) -> TeamQueue {
        TeamQueue::new(SlotLimits { total, per_team, queue: 3 })
    }

    fn team(name: &str) -> TeamId {
        TeamId::new(name)
    }

    /// Whether the future is pending.
    async fn waits<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())).await
    }

    #[tokio::test]
    async fn a_team_cannot_use_more_than_its_share() {
        let queue = queue_of(3, 2);
        let (a, b) = (team("a"), team("b"));
        let _first = queue.take(&a, 1).await.unwrap();
        let second = queue.take(&a, 1).await.unwrap();
        let mut third = pin!(queue.take(&a, 1));
        assert!(waits(&mut third).await);
        let _other = queue.take(&b, 1).await.unwrap();
        drop(second);
        third.await.unwrap();
    }

    #[tokio::test]
    async fn teams_take_turns() {
        let queue = queue_of(1, 1);
        let permit = queue.take(&team("c"), 1).await.unwrap();
        let served = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for name in ["a", "a", "a", "b"] {
            let (own, served) = (queue.clone(), Arc::clone(&served));
            tasks.push(tokio::spawn(async move {
                let permit = own.take(&team(name), 1).await.unwrap();
                served.lock().unwrap().push(name);
                drop(permit);
            }));
            // In the order of the list.
            while queue.state().teams.values().map(|team| team.waiting.len()).sum::<usize>() < tasks.len() {
                tokio::task::yield_now().await;
            }
        }
        drop(permit);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*served.lock().unwrap(), ["a", "b", "a", "a"]);
        assert!(queue.state().teams.is_empty() && queue.state().turns.is_empty(), "nothing is remembered");
    }

    #[tokio::test]
    async fn canceled_requests_do_not_count_in_the_bounded_queue_of_a_team() {
        let queue = queue_of(2, 1);
        let a = team("a");
        let permit = queue.take(&a, 1).await.unwrap();
        let mut requests: Vec<_> = (0..3).map(|_| Box::pin(queue.take(&a, 1))).collect();
        for one in &mut requests {
            assert!(waits(one).await);
        }
        assert_eq!(queue.take(&a, 1).await.err(), Some(QueueFull));
        queue.take(&team("b"), 1).await.unwrap();
        drop(requests.remove(0));
        let mut last = Box::pin(queue.take(&a, 1));
        assert!(waits(&mut last).await, "there is room again");
        drop(requests);
        drop(permit);
        last.await.unwrap();
        assert!(queue.state().teams.is_empty());
    }

    #[tokio::test]
    async fn a_request_that_stops_waiting_blocks_no_other() {
        let queue = queue_of(10, 10);
        let _held = queue.take(&team("a"), 4).await.unwrap();
        let (b, c) = (team("b"), team("c"));
        let mut large = Box::pin(queue.take(&b, 8));
        assert!(waits(&mut large).await);
        let mut small = Box::pin(queue.take(&c, 1));
        assert!(waits(&mut small).await, "the large one keeps its turn");
        drop(large);
        small.await.unwrap();
        assert_eq!(queue.state().free, 6);
    }

    #[tokio::test]
    async fn a_request_for_more_than_the_share_gets_the_share() {
        let queue = queue_of(100, 30);
        let permit = queue.take(&team("a"), 1_000).await.unwrap();
        assert_eq!((permit.amount, queue.state().free), (30, 70));
        drop(permit);
        assert_eq!(queue.state().free, 100);
    }
}
