//! The background tasks of the server.

use super::metrics;
use crate::{
    last_used, request_log,
    scim_api::instances::Instance,
    service::{Actor, Service},
    state::AppState,
};
use domain::{DAY, key::SELF_TEST_LIFE};
use std::time::Duration;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::MissedTickBehavior};

/// The interval of deleting expired rows.
const SWEEP: Duration = Duration::from_secs(3600);
/// The retention of failed sign-ins.
const THROTTLE_KEPT: domain::UnixMs = DAY;

/// The retention of ended keys and of tombstones, which let a deleted member return with the same id: see
/// `docs/decisions/retention.md`.
const ENDED_KEPT: domain::UnixMs = 365 * DAY;
/// The interval of checks for unfinished work.
const FINISH: Duration = Duration::from_secs(5);
/// The interval of checks of SQLite's file.
const TEND: Duration = Duration::from_secs(1);

/// The tasks beside the server.
pub(super) struct Background {
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

/// Starts the tasks. `admin` is the listener for metrics.
pub(super) fn start(state: &AppState, instance: Instance, admin: Option<TcpListener>) -> Background {
    let (stop, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    tasks.spawn(last_used::run(
        state.last_used.clone(),
        state.store.clone(),
        state.clock.clone(),
        until_dropped(stopped.clone()),
    ));
    tasks.spawn(instance.run(state.clone(), until_dropped(stopped.clone())));
    tasks.spawn(request_log::run(state.recorder.clone(), state.store.clone(), until_dropped(stopped.clone())));
    tasks.spawn(every(SWEEP, state.clone(), until_dropped(stopped.clone()), sweep));
    tasks.spawn(every(FINISH, state.clone(), until_dropped(stopped.clone()), finish));
    tasks.spawn(every(TEND, state.clone(), until_dropped(stopped.clone()), tend_file));
    if let Some(listener) = admin {
        tasks.spawn(metrics::serve(listener, metrics::record(), until_dropped(stopped)));
    }
    Background { stop, tasks }
}

impl Background {
    /// Ends the tasks, each after its current work. Call it after the response to the last request.
    pub(super) async fn stop(self) {
        drop(self.stop);
        self.tasks.join_all().await;
    }
}

/// Completes when the sender is dropped.
async fn until_dropped(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Runs a job in intervals until `shutdown` completes, which interrupts the job. A transaction in progress is then rolled back.
async fn every<F: Future<Output = ()>>(
    time: Duration,
    state: AppState,
    shutdown: impl Future<Output = ()>,
    work: impl Fn(AppState) -> F,
) {
    let mut ticks = tokio::time::interval(time);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            _ = ticks.tick() => {}
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = work(state.clone()) => {}
        }
    }
}

/// Checks that SQLite's file still exists, and runs its checkpoints. The check logs a lost file, and `/readyz` reports it.
async fn tend_file(state: AppState) {
    if let Err(error) = state.store.tend_file().await {
        tracing::debug!(%error, "the checkpoint failed");
    }
}

/// Continues interrupted work of several transactions: deleted teams, and the members of groups with a new role.
async fn finish(state: AppState) {
    let service = Service::new(&state.store, &state.secrets, &state.clock, Actor::Operator);
    let teams = service.teams_remove_deleted().await;
    let service = Service::new(&state.store, &state.secrets, &state.clock, Actor::Rollcall);
    if let Err(failure) = teams.and(service.groups_recount_unfinished().await) {
        tracing::debug!(%failure, "unfinished work is retried later");
    }
}

/// Deletes expired rows: sessions, failed sign-ins, tombstones, ended keys, old activity and requests.
async fn sweep(state: AppState) {
    let now = state.clock.now();
    let retention = i64::from(state.config.activity_days) * DAY;
    let requests_kept = i64::from(state.config.request_days) * DAY;
    let swept = async {
        let repaired = state.store.future_times_repair(now).await?;
        if repaired > 0 {
            tracing::warn!(repaired, "corrected times in the future, which a wrong clock had written");
        }
        let sessions = state.store.sessions_sweep(now).await?;
        let throttles = state.store.throttle_sweep(now - THROTTLE_KEPT).await?;
        let entries = state.store.activity_sweep(now - retention).await?;
        let requests = state.store.scim_requests_sweep(now - requests_kept).await?;
        state.store.scim_hours_sweep(now - 2 * DAY).await?;
        state.store.tombstones_sweep(now - ENDED_KEPT).await?;
        state.store.keys_sweep(now - ENDED_KEPT).await?;
        state.store.sso_responses_sweep(now).await?;
        state.self_tests().clean_up().sweep(None, now - SELF_TEST_LIFE).await?;
        Ok::<_, store::StoreError>((sessions, throttles, entries, requests))
    };
    match swept.await {
        Ok((sessions, throttles, entries, requests)) => {
            tracing::debug!(sessions, throttles, entries, requests, "deleted expired data");
        }
        Err(error) => tracing::warn!(%error, "couldn't delete expired data; retrying in an hour"),
    }
}
