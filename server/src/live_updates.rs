//! Who follows a team's log on an open page, and who tells them that there is something new.
//!
//! As long as somebody follows a team, one task watches its log: it hears at once what this process writes, and looks once
//! a second for what others wrote (the command line, or another process on the same PostgreSQL). It only says *that* there
//! is something; each follower reads by itself, so nobody who writes ever waits for somebody who reads.

use domain::id::{MemberId, TeamId};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::Store;
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{MissedTickBehavior, interval, sleep},
};

/// The most pages of one session that follow something: browsers open six connections to a server over HTTP/1.1.
pub const A_SESSION: usize = 4;
/// The most pages of one person in a team, in whatever browsers: one alone must not take the team's places.
pub const A_PERSON: usize = 8;
/// The most pages of one team.
pub const A_TEAM: usize = 200;
/// How often the log is looked at for what others wrote.
const LOOK: Duration = Duration::from_secs(1);
/// From one word of something new to the next.
const BETWEEN: Duration = Duration::from_millis(200);

/// Everybody who follows something. Cloning shares it.
#[derive(Clone, Debug)]
pub struct LiveUpdates(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    teams: Mutex<HashMap<TeamId, Followed>>,
    closing: watch::Sender<bool>,
}

#[derive(Debug)]
struct Followed {
    news: watch::Sender<u64>,
    watcher: AbortHandle,
    /// How many pages of each session.
    sessions: HashMap<String, usize>,
    /// How many pages of each person.
    people: HashMap<MemberId, usize>,
}

/// The place of one follower; free again when it is dropped.
#[derive(Debug)]
pub struct Subscription {
    live: LiveUpdates,
    team: TeamId,
    session: String,
    person: MemberId,
}

/// Why a page gets no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeError {
    /// So many pages of this session follow the team already.
    Session,
    /// So many pages of this person follow the team already.
    Person,
    /// So many pages follow the team already.
    Team,
    /// The server stops.
    Closing,
}

/// What a follower hears.
#[derive(Debug)]
pub struct LiveEvent {
    news: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
}

impl Default for LiveUpdates {
    fn default() -> Self {
        Self(Arc::new(Inner { teams: Mutex::default(), closing: watch::Sender::new(false) }))
    }
}

impl LiveUpdates {
    /// A place for one more page of this person in this session, which follows the team.
    ///
    /// # Errors
    /// [`SubscribeError`].
    pub fn sit(
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
        let followed = teams.entry(team.clone()).or_insert_with(|| Followed::new(store.clone(), team.clone()));
        let of_session = followed.sessions.get(session).copied().unwrap_or_default();
        let of_team: usize = followed.sessions.values().sum();
        if of_session >= A_SESSION {
            return Err(SubscribeError::Session);
        }
        let of_person = followed.people.get(person).copied().unwrap_or_default();
        if of_person >= A_PERSON {
            return Err(SubscribeError::Person);
        }
        if of_team >= A_TEAM {
            return Err(SubscribeError::Team);
        }
        followed.sessions.insert(session.to_owned(), of_session + 1);
        followed.people.insert(person.clone(), of_person + 1);
        let seat = Subscription {
            live: self.clone(),
            team: team.clone(),
            session: session.to_owned(),
            person: person.clone(),
        };
        Ok((seat, LiveEvent { news: followed.news.subscribe(), closing: self.0.closing.subscribe() }))
    }

    /// Ends everybody's following: the server stops.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// How many follow the team.
    pub fn followers(&self, team: &TeamId) -> usize {
        self.teams().get(team).map_or(0, |followed| followed.sessions.values().sum())
    }

    fn teams(&self) -> MutexGuard<'_, HashMap<TeamId, Followed>> {
        self.0.teams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Followed {
    fn new(store: Store, team: TeamId) -> Self {
        let news = watch::Sender::new(0);
        let watcher = tokio::spawn(watch_log(store, team, news.clone())).abort_handle();
        Self { news, watcher, sessions: HashMap::new(), people: HashMap::new() }
    }
}

impl LiveEvent {
    /// Waits until there is something new. `false`: the server stops, or nobody writes any more.
    pub async fn next(&mut self) -> bool {
        tokio::select! {
            news = self.news.changed() => news.is_ok(),
            _ = self.closing.wait_for(|closing| *closing) => false,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut teams = self.live.teams();
        let Some(followed) = teams.get_mut(&self.team) else { return };
        one_less(&mut followed.sessions, &self.session);
        one_less(&mut followed.people, &self.person);
        if followed.sessions.is_empty() {
            followed.watcher.abort();
            teams.remove(&self.team);
        }
    }
}

fn one_less<K: Eq + Hash>(pages: &mut HashMap<K, usize>, of: &K) {
    match pages.get_mut(of) {
        Some(pages) if *pages > 1 => *pages -= 1,
        _ => {
            pages.remove(of);
        }
    }
}

async fn watch_log(store: Store, team: TeamId, news: watch::Sender<u64>) {
    let listener = store.subscribe(&team);
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut newest = None;
    loop {
        let told = tokio::select! {
            () = listener.changed() => true,
            _ = looks.tick() => false,
        };
        // A database that is away has nothing new to tell.
        let found = store.log_newest(&team).await.ok();
        // The first look too: something may have been written since the first page was.
        let is_new = found.is_some() && found != newest;
        newest = found.or(newest);
        if told || is_new {
            news.send_modify(|times| *times += 1);
            sleep(BETWEEN).await;
        }
    }
}
