//! Live updates: open pages subscribe to a team's log.
//!
//! A team with subscribers has one task that watches its log. The store notifies it of each commit of this process, and it polls
//! once a second for those of others (the command line, or another process on the same PostgreSQL). It only signals that there are
//! new entries. Each subscriber reads them by itself, so that no writer waits for a reader.

use domain::id::{MemberId, TeamId};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::Store;
use tokio::{
    sync::{Notify, watch},
    task::AbortHandle,
    time::{MissedTickBehavior, interval, sleep},
};

/// Upper bound of the subscriptions of one session, because browsers open six connections to a server over HTTP/1.1.
pub const A_SESSION: usize = 4;
/// Upper bound of the subscriptions of one member in a team, so that one member cannot use up those of the team.
pub const A_PERSON: usize = 8;
/// Upper bound of the subscriptions of one team.
pub const A_TEAM: usize = 200;
/// The time between two polls for entries of other processes.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The shortest time between two signals.
const MIN_INTERVAL: Duration = Duration::from_millis(200);

/// All subscriptions. Cloning shares them.
#[derive(Clone, Debug)]
pub struct LiveUpdates(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    teams: Mutex<HashMap<TeamId, TeamSubscriptions>>,
    closing: watch::Sender<bool>,
}

#[derive(Debug)]
struct TeamSubscriptions {
    changes: watch::Sender<u64>,
    /// Wakes the watcher.
    written: Arc<Notify>,
    watcher: AbortHandle,
    /// The count of subscriptions of each session.
    sessions: HashMap<String, usize>,
    /// The count of subscriptions of each member.
    people: HashMap<MemberId, usize>,
}

/// One subscription. Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    live: LiveUpdates,
    team: TeamId,
    session: String,
    person: MemberId,
}

/// Why a page cannot subscribe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeError {
    /// The session has [`A_SESSION`] subscriptions.
    Session,
    /// The member has [`A_PERSON`] subscriptions.
    Person,
    /// The team has [`A_TEAM`] subscriptions.
    Team,
    /// The server stops.
    Closing,
}

/// The signals for one subscriber.
#[derive(Debug)]
pub struct LiveEvent {
    changes: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
}

impl LiveUpdates {
    /// Without subscriptions, and listening to the store's commits.
    pub(crate) fn new(store: &Store) -> Self {
        let live = Self(Arc::new(Inner { teams: Mutex::default(), closing: watch::Sender::new(false) }));
        // Weak, because the tasks of the subscriptions hold the store.
        let inner = Arc::downgrade(&live.0);
        store.on_commit(move |team| {
            if let Some(inner) = inner.upgrade()
                && let Some(subscriptions) = Self(inner).teams().get(team)
            {
                subscriptions.written.notify_one();
            }
        });
        live
    }

    /// Subscribes a page of this member in this session to the team.
    ///
    /// # Errors
    /// [`SubscribeError`].
    pub fn subscribe(
        &self,
        store: &Store,
        team: &TeamId,
        person: &MemberId,
        session: &str,
    ) -> Result<(Subscription, LiveEvent), SubscribeError> {
        if *self.0.closing.borrow() {
            return Err(SubscribeError::Closing);
        }
        let mut teams = self.teams();
        let subscriptions =
            teams.entry(team.clone()).or_insert_with(|| TeamSubscriptions::new(store.clone(), team.clone()));
        let session_count = subscriptions.sessions.get(session).copied().unwrap_or_default();
        let team_count: usize = subscriptions.sessions.values().sum();
        if session_count >= A_SESSION {
            return Err(SubscribeError::Session);
        }
        let member_count = subscriptions.people.get(person).copied().unwrap_or_default();
        if member_count >= A_PERSON {
            return Err(SubscribeError::Person);
        }
        if team_count >= A_TEAM {
            return Err(SubscribeError::Team);
        }
        subscriptions.sessions.insert(session.to_owned(), session_count + 1);
        subscriptions.people.insert(person.clone(), member_count + 1);
        let subscription = Subscription {
            live: self.clone(),
            team: team.clone(),
            session: session.to_owned(),
            person: person.clone(),
        };
        Ok((
            subscription,
            LiveEvent { changes: subscriptions.changes.subscribe(), closing: self.0.closing.subscribe() },
        ))
    }

    /// Ends all subscriptions when the server stops.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// The count of subscriptions to the team.
    pub fn subscriptions(&self, team: &TeamId) -> usize {
        self.teams().get(team).map_or(0, |subscriptions| subscriptions.sessions.values().sum())
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, TeamSubscriptions>> {
        self.0.teams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TeamSubscriptions {
    fn new(store: Store, team: TeamId) -> Self {
        let (changes, written) = (watch::Sender::new(0), Arc::new(Notify::new()));
        let watcher = tokio::spawn(watch_log(store, team, Arc::clone(&written), changes.clone())).abort_handle();
        Self { changes, written, watcher, sessions: HashMap::new(), people: HashMap::new() }
    }
}

impl LiveEvent {
    /// Waits for new entries. `false`: the server stops.
    pub async fn next(&mut self) -> bool {
        tokio::select! {
            changes = self.changes.changed() => changes.is_ok(),
            _ = self.closing.wait_for(|closing| *closing) => false,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut teams = self.live.teams();
        let Some(subscriptions) = teams.get_mut(&self.team) else { return };
        decrement(&mut subscriptions.sessions, &self.session);
        decrement(&mut subscriptions.people, &self.person);
        if subscriptions.sessions.is_empty() {
            subscriptions.watcher.abort();
            teams.remove(&self.team);
        }
    }
}

fn decrement<K: Eq + Hash>(pages: &mut HashMap<K, usize>, of: &K) {
    match pages.get_mut(of) {
        Some(pages) if *pages > 1 => *pages -= 1,
        _ => {
            pages.remove(of);
        }
    }
}

async fn watch_log(store: Store, team: TeamId, written: Arc<Notify>, changes: watch::Sender<u64>) {
    let mut polls = interval(POLL_INTERVAL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut newest = None;
    loop {
        let is_own = tokio::select! {
            () = written.notified() => true,
            _ = polls.tick() => false,
        };
        // An unavailable database has no new entries.
        let entry = store.log_newest(&team).await.ok();
        // Also at the first poll, because an entry may have been written since the page was rendered.
        let is_new = entry.is_some() && entry != newest;
        newest = entry.or(newest);
        if is_own || is_new {
            changes.send_modify(|times| *times += 1);
            sleep(MIN_INTERVAL).await;
        }
    }
}
