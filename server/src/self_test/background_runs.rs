//! Self-tests that a member started on a page. They run in the background of the server, one at a time for each team. The result
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

/// Upper bound of the teams in memory. The oldest run that has ended is removed first.
const REMEMBERED: usize = 200;

#[derive(Clone, Debug)]
pub struct SelfTests(Arc<Inner>);

/// The parts of the server that a run needs.
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
    pub(crate) fn new(handles: SelfTestHandles) -> Self {
        let stopping = watch::Sender::new(false);
        Self(Arc::new(Inner { handles, runs: Mutex::default(), tasks: Mutex::default(), stopping }))
    }

    /// The team's last run, with its steps so far.
    pub fn last(&self, team: &TeamId) -> Option<TestRun> {
        self.runs().get(team).cloned()
    }

    /// Starts a run as `actor`, whose name is `by`.
    ///
    /// # Errors
    /// [`Conflict::SelfTestRunning`], [`Conflict::PublicUrl`], and the errors of creating the key. Then there is no run.
    pub async fn start(&self, team: &TeamRow, actor: Actor, by: &str) -> Result<(), Error> {
        let SelfTestHandles { store, secrets, clock, public_url, .. } = &self.0.handles;
        let server = Own::new(public_url).map_err(|error| Conflict::PublicUrl(error.to_string()))?;
        let before = self.reserve(&team.id, by, clock.now())?;
        let run = BackgroundRun { tests: self.clone(), team: team.clone(), actor: actor.clone() };
        let service = Service::new(store, secrets, clock, actor);
        let begin = async {
            // Only one runs at a time, so any other data is left over.
            self.clean_up().sweep(Some(&team.id), UnixMs::MAX).await.map_err(Error::from)?;
            service.self_test_begin(&team.slug, rand::random()).await
        };
        let key = match begin.await {
            Ok(key) => key,
            Err(failure) => {
                self.restore(&team.id, before);
                return Err(failure);
            }
        };
        self.update(&team.id, |run| run.key = Some(key.record.id.clone()));
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(run.play(server, key));
        Ok(())
    }

    /// The removal of the data of runs.
    pub(crate) fn clean_up(&self) -> CleanUp<'_> {
        let SelfTestHandles { store, secrets, clock, write_queue, .. } = &self.0.handles;
        CleanUp { store, secrets, clock, write_queue }
    }

    /// Interrupts the current runs, and waits until their data is removed.
    pub async fn stop(&self) {
        self.0.stopping.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }

    /// Registers a run of the team, and returns the previous one.
    fn reserve(&self, team: &TeamId, by: &str, now: UnixMs) -> Result<Option<TestRun>, Error> {
        let mut runs = self.runs();
        if runs.get(team).is_some_and(|run| run.state == TestState::Running) || *self.0.stopping.borrow() {
            return Err(Conflict::SelfTestRunning.into());
        }
        if runs.len() >= REMEMBERED {
            let finished = runs.iter().filter(|(_, run)| run.state != TestState::Running);
            let oldest = finished.min_by_key(|(_, run)| run.since).map(|(team, _)| team.clone());
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

    fn restore(&self, team: &TeamId, before: Option<TestRun>) {
        match before {
            Some(run) => self.runs().insert(team.clone(), run),
            None => self.runs().remove(team),
        };
    }

    /// Changes the team's run, and notifies its open pages.
    fn update(&self, team: &TeamId, change: impl FnOnce(&mut TestRun)) {
        if let Some(run) = self.runs().get_mut(team) {
            change(run);
        }
        self.0.handles.store.notify(team);
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<TeamId, TestRun>> {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct BackgroundRun {
    tests: SelfTests,
    team: TeamRow,
    actor: Actor,
}

impl BackgroundRun {
    async fn play(self, server: Own, key: NewScimKey) {
        let test = SelfTest::new(&server, &key);
        let update = |change: &mut dyn FnMut(&mut TestRun)| self.tests.update(&self.team.id, change);
        let mut on_step = |step: &RunStep| {
            update(&mut |run| {
                run.steps.push(model_step(step));
                run.has_arrived |= step.arrived;
            })
        };
        let mut stopping = self.tests.0.stopping.subscribe();
        let state = tokio::select! {
            () = test.play(&mut on_step) => TestState::Completed,
            () = tokio::time::sleep(LIMIT) => TestState::TimedOut,
            _ = stopping.wait_for(|stopping| *stopping) => TestState::Interrupted,
        };
        let leftovers = self.tests.clean_up().end(&self.team, &key.record, self.actor.clone()).await;
        update(&mut |run| {
            run.state = state;
            run.leftover.clone_from(&leftovers);
        });
    }
}

fn model_step(step: &RunStep) -> TestStep {
    let outcome = match &step.outcome {
        StepOutcome::Passed => TestOutcome::Passed,
        StepOutcome::Failed(fault) => TestOutcome::Failed(fault.cause, fault.detail.clone()),
        StepOutcome::Skipped => TestOutcome::Skipped,
    };
    TestStep { script: step.script.to_owned(), name: step.name.to_owned(), outcome }
}
