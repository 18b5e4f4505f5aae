//! Self-tests that are started on a page: they run in the background of the server, one at a time for each team. What came
//! of the last one is kept in memory.

use super::{CleanUp, LIMIT, RunStep, SelfTest, StepOutcome};
use crate::{
    clock::Clock,
    outbound::Own,
    scim_sync::WriteQueue,
    secrets::Secrets,
    service::{Actor, NewScimKey, Service},
};
use app::model::{TestOutcome, TestRun, TestState, TestStep};
use domain::{Conflict, Error, UnixMs, id::TeamId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::{Store, TeamRow};
use tokio::{sync::watch, task::JoinSet};

/// So many teams are remembered; the oldest run that ended is forgotten first.
const REMEMBERED: usize = 200;

/// The runs of this server. Cloning shares them.
#[derive(Clone, Debug)]
pub struct SelfTests(Arc<Inner>);

/// What a run needs of the server.
#[derive(Clone, Debug)]
pub(crate) struct SelfTestHandles {
    pub(crate) store: Store,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) clock: Clock,
    pub(crate) write_queue: WriteQueue,
    pub(crate) public_url: String,
}

#[derive(Debug)]
struct Inner {
    handles: SelfTestHandles,
    runs: Mutex<HashMap<TeamId, TestRun>>,
    tasks: Mutex<JoinSet<()>>,
    stopping: watch::Sender<bool>,
}

impl SelfTests {
    /// Remembers no run yet.
    pub(crate) fn new(handles: SelfTestHandles) -> Self {
        let stopping = watch::Sender::new(false);
        Self(Arc::new(Inner { handles, runs: Mutex::default(), tasks: Mutex::default(), stopping }))
    }

    /// The team's last run, as far as it got.
    pub fn last(&self, team: &TeamId) -> Option<TestRun> {
        self.runs().get(team).cloned()
    }

    /// Starts one, for `by`, who is `actor`.
    ///
    /// # Errors
    /// [`Conflict::SelfTestRunning`], [`Conflict::PublicUrl`]; what making the key says. Then nothing was made.
    pub async fn start(&self, team: &TeamRow, actor: Actor, by: &str) -> Result<(), Error> {
        let SelfTestHandles { store, secrets, clock, public_url, .. } = &self.0.handles;
        let server = Own::new(public_url).map_err(|error| Conflict::PublicUrl(error.to_string()))?;
        let before = self.reserve(&team.id, by, clock.now())?;
        let run = BackgroundRun { tests: self.clone(), team: team.clone(), actor: actor.clone() };
        let service = Service::new(store, secrets, clock, actor);
        let began = async {
            // Only one runs at a time: what is there of another was left behind.
            self.clean_up().sweep(Some(&team.id), UnixMs::MAX).await.map_err(Error::from)?;
            service.self_test_begin(&team.slug, rand::random()).await
        };
        let made = match began.await {
            Ok(made) => made,
            Err(failure) => {
                self.give_back(&team.id, before);
                return Err(failure);
            }
        };
        self.note(&team.id, |run| run.key = Some(made.listed.id.clone()));
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(run.play(server, made));
        Ok(())
    }

    /// Removes what runs have made.
    pub(crate) fn clean_up(&self) -> CleanUp<'_> {
        let SelfTestHandles { store, secrets, clock, write_queue, .. } = &self.0.handles;
        CleanUp { store, secrets, clock, write_queue }
    }

    /// Interrupts those that run, and waits until what they made is removed.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }

    /// Takes the team's place, and gives what stood there.
    fn reserve(&self, team: &TeamId, by: &str, now: UnixMs) -> Result<Option<TestRun>, Error> {
        let mut runs = self.runs();
        if runs.get(team).is_some_and(|run| run.state == TestState::Running) || *self.0.stopping.borrow() {
            return Err(Conflict::SelfTestRunning.into());
        }
        if runs.len() >= REMEMBERED {
            let ended = runs.iter().filter(|(_, run)| run.state != TestState::Running);
            let oldest = ended.min_by_key(|(_, run)| run.since).map(|(team, _)| team.clone());
            oldest.and_then(|team| runs.remove(&team));
        }
        let run = TestRun {
            since: now,
            by: by.to_owned(),
            steps: Vec::new(),
            state: TestState::Running,
            leftover: None,
            key: None,
            has_arrived: false,
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
    fn note(&self, team: &TeamId, change: impl FnOnce(&mut TestRun)) {
        if let Some(run) = self.runs().get_mut(team) {
            change(run);
        }
        self.0.handles.store.notify(team);
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<TeamId, TestRun>> {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One run in the background.
struct BackgroundRun {
    tests: SelfTests,
    team: TeamRow,
    actor: Actor,
}

impl BackgroundRun {
    async fn play(self, server: Own, made: NewScimKey) {
        let test = SelfTest::new(&server, &made);
        let note = |change: &mut dyn FnMut(&mut TestRun)| self.tests.note(&self.team.id, change);
        let mut on_step = |step: &RunStep| {
            note(&mut |run| {
                run.steps.push(shown(step));
                run.has_arrived |= step.arrived;
            })
        };
        let mut stopping = self.tests.0.stopping.subscribe();
        let ended = tokio::select! {
            () = test.play(&mut on_step) => TestState::Completed,
            () = tokio::time::sleep(LIMIT) => TestState::TimedOut,
            _ = stopping.wait_for(|stopping| *stopping) => TestState::Interrupted,
        };
        let left = self.tests.clean_up().end(&self.team, &made.listed, self.actor.clone()).await;
        note(&mut |run| {
            run.state = ended;
            run.leftover.clone_from(&left);
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
