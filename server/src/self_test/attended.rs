//! Self-tests that are started on a page: they run in the background of the server, one at a time for each team. What came
//! of the last one is kept in memory.

use super::{Outcome, SelfTest, Step};
use crate::{
    outbound::{Own, OwnError},
    provisioning::{
        Actor, NewScimKey, Service,
        directory::{Provider, Refused},
    },
    state::AppState,
    store::TeamRow,
};
use app::{
    failure::Failure,
    model::{TestFault, TestOutcome, TestRun, TestState, TestStep},
};
use domain::{
    MINUTE, UnixMs,
    id::TeamId,
    key::{self, Expiry, ScimKey},
    role::Role,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// The longest that a run may take.
const LIMIT: Duration = Duration::from_secs(120);
/// A key of a test that is older belongs to one that was cut off.
const LEFT_AFTER: UnixMs = 10 * MINUTE;
/// So many teams are remembered; the oldest run that ended is forgotten first.
const REMEMBERED: usize = 200;

/// The runs of this server. Cloning shares them.
#[derive(Clone, Debug)]
pub struct SelfTests(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    runs: Mutex<HashMap<TeamId, TestRun>>,
    tasks: Mutex<JoinSet<()>>,
    stopping: watch::Sender<bool>,
}

/// Why none was started. `Display` is the sentence that people read.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// One runs already.
    #[error("A self-test of this team is running already.")]
    Running,
    /// The public URL cannot be asked.
    #[error("The public URL cannot be tested: {0}.")]
    Address(#[from] OwnError),
    /// It got no key.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Default for SelfTests {
    fn default() -> Self {
        Self(Arc::new(Inner { runs: Mutex::default(), tasks: Mutex::default(), stopping: watch::Sender::new(false) }))
    }
}

impl SelfTests {
    /// The team's last run, as far as it got.
    pub fn last(&self, team: &TeamId) -> Option<TestRun> {
        self.runs().get(team).cloned()
    }

    /// Starts one, for `by`, who is `actor`.
    ///
    /// # Errors
    /// See [`NotStarted`]: then nothing was made.
    pub async fn start(&self, state: &AppState, team: &TeamRow, actor: Actor, by: &str) -> Result<(), NotStarted> {
        let server = Own::new(&state.config.public_url)?;
        let before = self.reserve(&team.id, by, state.clock.now())?;
        let attended = Attended { tests: self.clone(), state: state.clone(), team: team.clone(), actor: actor.clone() };
        attended.tidy(&server).await;
        let mark = rand::random::<u32>();
        let service = Service::new(&state.store, &state.secrets, &state.clock, actor);
        let made = match service.key_generate(&team.slug, &key::self_test_name(mark), Expiry::Days90).await {
            Ok(made) => made,
            Err(failure) => {
                self.give_back(&team.id, before);
                return Err(failure.into());
            }
        };
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(attended.run(server, made));
        Ok(())
    }

    /// Interrupts those that run, and waits until what they made is removed.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }

    /// Takes the team's place, and gives what stood there.
    fn reserve(&self, team: &TeamId, by: &str, now: UnixMs) -> Result<Option<TestRun>, NotStarted> {
        let mut runs = self.runs();
        if runs.get(team).is_some_and(|run| run.state == TestState::Going) || *self.0.stopping.borrow() {
            return Err(NotStarted::Running);
        }
        if runs.len() >= REMEMBERED {
            let ended = runs.iter().filter(|(_, run)| run.state != TestState::Going);
            let oldest = ended.min_by_key(|(_, run)| run.since).map(|(team, _)| team.clone());
            oldest.and_then(|team| runs.remove(&team));
        }
        let run = TestRun { since: now, by: by.to_owned(), steps: Vec::new(), state: TestState::Going, left: None };
        Ok(runs.insert(team.clone(), run))
    }

    fn give_back(&self, team: &TeamId, before: Option<TestRun>) {
        match before {
            Some(run) => self.runs().insert(team.clone(), run),
            None => self.runs().remove(team),
        };
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<TeamId, TestRun>> {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One run in the background.
struct Attended {
    tests: SelfTests,
    state: AppState,
    team: TeamRow,
    actor: Actor,
}

impl Attended {
    async fn run(self, server: Own, made: NewScimKey) {
        let test = SelfTest::new(&server, made.key.expose(), mark(&made.listed));
        let mut told = |step: &Step| self.note(|run| run.steps.push(shown(step)));
        let mut stopping = self.tests.0.stopping.subscribe();
        let ended = tokio::select! {
            () = test.play(&mut told) => TestState::Ended,
            () = tokio::time::sleep(LIMIT) => TestState::TimedOut,
            _ = stopping.wait_for(|stopping| *stopping) => TestState::Interrupted,
        };
        let left = self.clean_up(&test, &made.listed).await;
        self.note(|run| {
            run.state = ended;
            run.left = left;
        });
    }

    /// Removes what runs left behind that were cut off by a crash. What cannot be removed now is tried again next time.
    async fn tidy(&self, server: &Own) {
        let now = self.state.clock.now();
        let Ok(stored) = self.state.store.authentication_data(&self.team.id, now).await else { return };
        for key in stored.keys.iter().filter(|key| is_left(key, now)) {
            self.clean_up(&SelfTest::new(server, "", mark(key)), key).await;
        }
    }

    /// Removes people and groups, then the key. Returns what may still be there.
    async fn clean_up(&self, test: &SelfTest<'_>, made: &ScimKey) -> Option<String> {
        let by = Provider {
            key_id: made.id.clone(),
            key_name: made.name.clone(),
            ceiling: Role::SuperAdmin,
            address: None,
            request: None,
        };
        let cleaned = test.clean_up(&self.state.store, self.state.directory(), &self.team.id, &by).await;
        let mut left = Vec::new();
        if let Err(why) = cleaned {
            let why = match why {
                Refused::Scim(error) => error.to_string(),
                Refused::Store(error) => error.to_string(),
            };
            tracing::error!(team = self.team.slug, why, "people or groups of a self-test may be left");
            left.push(format!(
                "People or groups whose names have {} may be left: remove them under Members.",
                mark(made)
            ));
        }
        if let Err(failure) = self.revoke(made).await {
            tracing::error!(team = self.team.slug, %failure, "the key of a self-test could not be revoked");
            left.push(format!("The key “{}” could not be revoked: revoke it.", made.name));
        }
        (!left.is_empty()).then(|| left.join(" "))
    }

    /// In the name of who started the test; should they have lost their role meanwhile, the key must go all the same.
    async fn revoke(&self, made: &ScimKey) -> Result<(), Failure> {
        let revoke = async |actor| {
            let service = Service::new(&self.state.store, &self.state.secrets, &self.state.clock, actor);
            service.key_revoke(&self.team.slug, &made.id, &made.name).await
        };
        match revoke(self.actor.clone()).await {
            Ok(()) | Err(Failure::KeyEnded) => Ok(()),
            Err(_) => match revoke(Actor::Operator).await {
                Err(Failure::KeyEnded) => Ok(()),
                other => other,
            },
        }
    }

    /// Notes it, and tells the pages that are open.
    fn note(&self, change: impl FnOnce(&mut TestRun)) {
        if let Some(run) = self.tests.runs().get_mut(&self.team.id) {
            change(run);
        }
        self.state.store.tell(&self.team.id);
    }
}

/// Was this key's test cut off? None takes so long.
pub fn is_left(key: &ScimKey, now: UnixMs) -> bool {
    key::is_self_test(&key.name) && key.status(now).is_usable() && now - key.created_at > LEFT_AFTER
}

/// What the names of a run have in common: the end of its key's.
fn mark(key: &ScimKey) -> &str {
    key.name.rsplit(' ').next().unwrap_or_default()
}

fn shown(step: &Step) -> TestStep {
    let outcome = match &step.outcome {
        Outcome::Passed => TestOutcome::Passed,
        Outcome::Failed(fault) => TestOutcome::Failed(
            match fault.cause {
                super::Cause::NoAnswer => TestFault::NoAnswer,
                super::Cause::InFront => TestFault::InFront,
                super::Cause::Key => TestFault::Key,
                super::Cause::Wrong => TestFault::Wrong,
            },
            fault.said.clone(),
        ),
        Outcome::Skipped => TestOutcome::Skipped,
    };
    TestStep { script: step.script.to_owned(), name: step.name.to_owned(), outcome }
}
