//! What the server does beside answering.

use super::metrics;
use crate::{
    scim::{instances::Instance, last_used, record},
    self_test::CleanUp,
    state::AppState,
};
use domain::{DAY, key::SELF_TEST_LIFE};
use std::time::Duration;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::MissedTickBehavior};

/// How often what is over is deleted.
const SWEEP: Duration = Duration::from_secs(3600);
/// A failed sign-in is forgotten after this long.
const THROTTLE_KEPT: domain::UnixMs = DAY;

/// The tasks beside the server.
pub(super) struct Background {
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

/// Starts them. `admin` is where metrics are served.
pub(super) fn start(state: &AppState, instance: Instance, admin: Option<TcpListener>) -> Background {
    let (stop, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    tasks.spawn(last_used::run(state.clone(), over(stopped.clone())));
    tasks.spawn(instance.run(state.clone(), over(stopped.clone())));
    tasks.spawn(record::run(state.clone(), over(stopped.clone())));
    tasks.spawn(sweep(state.clone(), over(stopped.clone())));
    if let Some(listener) = admin {
        tasks.spawn(metrics::serve(listener, metrics::record(), over(stopped)));
    }
    Background { stop, tasks }
}

impl Background {
    /// Ends them, each after what it is doing; to be called when the last request was answered.
    pub(super) async fn stop(self) {
        drop(self.stop);
        self.tasks.join_all().await;
    }
}

/// Ends when the sender is gone.
async fn over(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Deletes what is over, from time to time: sessions, failed sign-ins, old activity and requests.
async fn sweep(state: AppState, shutdown: impl Future<Output = ()>) {
    let mut ticks = tokio::time::interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            _ = ticks.tick() => sweep_once(&state).await,
        }
    }
}

async fn sweep_once(state: &AppState) {
    let now = state.clock.now();
    let kept = i64::from(state.config.activity_days) * DAY;
    let requests_kept = i64::from(state.config.request_days) * DAY;
    let swept = async {
        let sessions = state.store.sessions_sweep(now).await?;
        let throttles = state.store.throttle_sweep(now - THROTTLE_KEPT).await?;
        let entries = state.store.activity_sweep(now - kept).await?;
        let requests = state.store.scim_requests_sweep(now - requests_kept).await?;
        state.store.scim_hours_sweep(now - 2 * DAY).await?;
        CleanUp::of(state).sweep(None, now - SELF_TEST_LIFE).await?;
        Ok::<_, crate::store::StoreError>((sessions, throttles, entries, requests))
    };
    match swept.await {
        Ok((sessions, throttles, entries, requests)) => {
            tracing::debug!(sessions, throttles, entries, requests, "deleted what was over");
        }
        Err(error) => tracing::warn!(%error, "what is over could not be deleted; it is tried again in an hour"),
    }
}
