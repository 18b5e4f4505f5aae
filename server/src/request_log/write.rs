//! Writing the record down, in batches.

use super::{Recorder, queue::BATCH, row::row};
use crate::request_log::captured::CapturedRequest;
use std::{future::Future, pin::Pin, time::Duration};
use store::{ScimRequest, Store, StoreError};
use tokio::time::{Instant, MissedTickBehavior};

/// How often what waits is written down. Whoever follows the log on a page waits no longer than this for a request.
const TICK: Duration = Duration::from_millis(250);
/// From one full batch to the next: a thousand rows a second, so that changes find the database free.
const BETWEEN: Duration = Duration::from_millis(BATCH as u64);
/// So many are written in one transaction: a change that comes meanwhile waits for these, and not for a whole batch.
const TOGETHER: usize = 32;
/// How long a database that is away is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the log may say that there were too many requests.
const WARNING: Duration = Duration::from_secs(60);

/// Writes requests down until `shutdown` is over, then what is left. To be spawned once, beside the server; to be awaited
/// after the last request.
pub async fn run(recorder: Recorder, store: Store, shutdown: impl Future<Output = ()>) {
    let recorder = &recorder;
    let mut losses = Losses::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => {}
            () = recorder.batch() => {}
        }
        losses.report(recorder);
        let batch = recorder.take();
        if batch.is_empty() {
            continue;
        }
        let is_full = batch.len() == BATCH;
        let next = Instant::now() + BETWEEN;
        let is_over = write_patiently(recorder, &store, batch, shutdown.as_mut()).await;
        if is_over {
            break;
        }
        if is_full {
            // What came meanwhile may be a batch already, without another word.
            ticks.reset_after(next.saturating_duration_since(Instant::now()));
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }
    flush(recorder, &store).await;
    losses.report(recorder);
}

/// Writes down everything that waits.
pub(crate) async fn flush(recorder: &Recorder, store: &Store) {
    loop {
        let batch = recorder.take();
        if batch.is_empty() {
            break;
        }
        let rows = rows(recorder, batch).await;
        if let Err(error) = store.scim_requests_add(&rows).await {
            lose(recorder, rows.len(), &error);
        }
    }
}

/// Writes a batch, again and again while the database is away. Returns whether `shutdown` is over.
async fn write_patiently(
    recorder: &Recorder,
    store: &Store,
    batch: Vec<CapturedRequest>,
    mut shutdown: Pin<&mut impl Future<Output = ()>>,
) -> bool {
    let rows = rows(recorder, batch).await;
    let mut left = rows.chunks(TOGETHER);
    let Some(mut now) = left.next() else { return false };
    let mut is_over = false;
    let mut said = false;
    loop {
        match store.scim_requests_add(now).await {
            Ok(()) => match left.next() {
                Some(next) => now = next,
                None => return is_over,
            },
            Err(StoreError::Unavailable(error) | StoreError::Serialization(error)) if !is_over => {
                if !said {
                    tracing::warn!(error, "requests of identity providers wait to be written down");
                    said = true;
                }
                tokio::select! {
                    () = &mut shutdown => is_over = true,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
            Err(error) => {
                lose(recorder, now.len() + left.map(<[_]>::len).sum::<usize>(), &error);
                return is_over;
            }
        }
    }
}

/// Reading and redacting takes its time, which no other task shall wait for.
async fn rows(recorder: &Recorder, batch: Vec<CapturedRequest>) -> Vec<ScimRequest> {
    let requests = batch.len();
    let rows = tokio::task::spawn_blocking(move || batch.into_iter().map(row).collect::<Vec<_>>()).await;
    rows.unwrap_or_else(|error| {
        tracing::error!(%error, requests, "requests of identity providers couldn't be redacted, and aren't recorded");
        recorder.lose(requests);
        Vec::new()
    })
}

fn lose(recorder: &Recorder, requests: usize, error: &StoreError) {
    tracing::warn!(%error, requests, "requests of identity providers couldn't be written down");
    recorder.lose(requests);
}

/// What was left out, for the operator.
#[derive(Default)]
struct Losses {
    /// Since the last warning.
    requests: u64,
    warned_at: Option<Instant>,
}

impl Losses {
    fn report(&mut self, recorder: &Recorder) {
        let lost = recorder.take_unrecorded();
        metrics::counter!("rollcall_scim_requests_unrecorded_total").increment(lost);
        self.requests += lost;
        let is_due = self.warned_at.is_none_or(|at| at.elapsed() >= WARNING);
        if self.requests > 0 && is_due {
            tracing::warn!(
                requests = self.requests,
                "more SCIM requests than can be recorded: some are missing in Activity"
            );
            *self = Self { requests: 0, warned_at: Some(Instant::now()) };
        }
    }
}
