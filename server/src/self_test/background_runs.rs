//! Self-tests that are started on a page: they run in the background of the server, one at a time for each team. What came
//! of the last one is kept in memory.

use super::{CleanUp, LIMIT, RunStep, SelfTest, StepOutcome};
use crate::{
    outbound::{Own, OwnError},
    service::{Actor, NewScimKey, Service},
    state::AppState,
};
use app::model::{TestOutcome, TestRun, TestState, TestStep};
use domain::Error;
use domain::{UnixMs, id::TeamId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::TeamRow;
use tokio::{sync::watch, task::JoinSet};

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
    #[error("A self-test is already running for this team.")]
    Running,
    /// The public URL cannot be asked.
    #[error("The public URL can't be tested: {0}.")]
    Address(#[from] OwnError),
    /// It got no key.
    #[error(transparent)]
    Failed(#[from] Error),
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
        let service = Service::new(&state.store, &state.secrets, &state.clock, actor);
        let began = async {
            // Only one runs at a time: what is there of another was left behind.
            CleanUp::of(state).sweep(Some(&team.id), UnixMs::MAX).await.map_err(Error::from)?;
            service.self_test_begin(&team.slug, rand::random()).await
        };
        let made = match began.await {
            Ok(made) => made,
            Err(failure) => {
                self.give_back(&team.id, before);
                return Err(failure.into());
            }
        };
        self.note(state, &team.id, |run| run.key = Some(made.listed.id.clone()));
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
        let run = TestRun {
            since: now,
            by: by.to_owned(),
            steps: Vec::new(),
            state: TestState::Going,
            left: None,
            key: None,
            arrived: false,
        };
        Ok(runs.insert(team.clone(), run))
    }

    fn give_back(&self, team: &TeamId, before: Option<TestRun>) {
        match before {
            Some(run) => self.runs().insert(team.clone(), run),
            None => self.runs().remove(team),
        };
    }

    /// Notes it, and tells the pages that are open.
    fn note(&self, state: &AppState, team: &TeamId, change: impl FnOnce(&mut TestRun)) {
        if let Some(run) = self.runs().get_mut(team) {
            change(run);
        }
        state.store.tell(team);
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
        let test = SelfTest::new(&server, &made);
        let note = |change: &mut dyn FnMut(&mut TestRun)| self.tests.note(&self.state, &self.team.id, change);
        let mut told = |step: &RunStep| {
            note(&mut |run| {
                run.steps.push(shown(step));
                run.arrived |= step.arrived;
            })
        };
        let mut stopping = self.tests.0.stopping.subscribe();
        let ended = tokio::select! {
            () = test.play(&mut told) => TestState::Ended,
            () = tokio::time::sleep(LIMIT) => TestState::TimedOut,
            _ = stopping.wait_for(|stopping| *stopping) => TestState::Interrupted,
        };
        let left = CleanUp::of(&self.state).end(&self.team, &made.listed, self.actor.clone()).await;
        note(&mut |run| {
            run.state = ended;
            run.left.clone_from(&left);
        });
    }
}

fn shown(step: &RunStep) -> TestStep {
    let outcome = match &step.outcome {
        StepOutcome::Passed => TestOutcome::Passed,
        StepOutcome::Failed(fault) => TestOutcome::Failed(fault.cause, fault.said.clone()),
        StepOutcome::Skipped => TestOutcome::Skipped,
    };
    TestStep { script: step.script.to_owned(), name: step.name.to_owned(), outcome }
}
