//! The background task that writes the request log in batches.

use super::{Recorder, queue::BATCH, row::row};
use crate::request_log::captured::CapturedRequest;
use std::{future::Future, pin::Pin, time::Duration};
use store::{ScimRequest, Store, StoreError};
use tokio::time::{Instant, MissedTickBehavior};

/// The time between two writes, and so the longest delay of a request in an open log page.
const TICK: Duration = Duration::from_millis(250);
/// The time between two full batches: a thousand rows per second, so that changes find the database free.
const BATCH_INTERVAL: Duration = Duration::from_millis(BATCH as u64);
/// Upper bound of the rows of one transaction, because a change that arrives meanwhile waits for it.
const ROWS_PER_TRANSACTION: usize = 32;
/// The delay before a retry while the database is unavailable.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// The time between two warnings about dropped requests.
const WARNING: Duration = Duration::from_secs(60);

/// Writes captured requests until `shutdown` completes, then the rest. Spawn it once, and await it after the last request.
pub async fn run(recorder: Recorder, store: Store, shutdown: impl Future<Output = ()>) {
    let recorder = &recorder;
    let mut drop_report = DropReport::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => {}
            () = recorder.batch() => {}
        }
        drop_report.report(recorder);
        let batch = recorder.take();
        if batch.is_empty() {
            continue;
        }
        let is_full = batch.len() == BATCH;
        let next = Instant::now() + BATCH_INTERVAL;
        let is_shutdown = write_with_retries(recorder, &store, batch, shutdown.as_mut()).await;
        if is_shutdown {
            break;
        }
        if is_full {
            // The requests that arrived meanwhile may be a full batch, for which no notification comes.
            ticks.reset_after(next.saturating_duration_since(Instant::now()));
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }
    flush(recorder, &store).await;
    drop_report.report(recorder);
}

/// Writes all queued requests.
pub(crate) async fn flush(recorder: &Recorder, store: &Store) {
    loop {
        let batch = recorder.take();
        if batch.is_empty() {
            break;
        }
        let rows = rows(recorder, batch).await;
        if let Err(error) = store.scim_requests_add(&rows).await {
            report_failure(recorder, rows.len(), &error);
        }
    }
}

/// Writes a batch, and retries while the database is unavailable. Returns whether `shutdown` has completed.
async fn write_with_retries(
    recorder: &Recorder,
    store: &Store,
    batch: Vec<CapturedRequest>,
    mut shutdown: Pin<&mut impl Future<Output = ()>>,
) -> bool {
    let rows = rows(recorder, batch).await;
    let mut chunks = rows.chunks(ROWS_PER_TRANSACTION);
    let Some(mut chunk) = chunks.next() else { return false };
    let mut is_shutdown = false;
    let mut is_logged = false;
    loop {
        match store.scim_requests_add(chunk).await {
            Ok(()) => match chunks.next() {
                Some(next) => chunk = next,
                None => return is_shutdown,
            },
            Err(StoreError::Unavailable(error) | StoreError::Serialization(error)) if !is_shutdown => {
                if !is_logged {
                    tracing::warn!(error, "could not write requests of identity providers yet");
                    is_logged = true;
                }
                tokio::select! {
                    () = &mut shutdown => is_shutdown = true,
                    () = tokio::time::sleep(RETRY_DELAY) => {}
                }
            }
            Err(error) => {
                report_failure(recorder, chunk.len() + chunks.map(<[_]>::len).sum::<usize>(), &error);
                return is_shutdown;
            }
        }
    }
}

/// Builds the rows on a blocking thread, because parsing and redacting would delay other tasks.
async fn rows(recorder: &Recorder, batch: Vec<CapturedRequest>) -> Vec<ScimRequest> {
    let requests = batch.len();
    let rows = tokio::task::spawn_blocking(move || batch.into_iter().map(row).collect::<Vec<_>>()).await;
    rows.unwrap_or_else(|error| {
        tracing::error!(%error, requests, "could not redact requests of identity providers, so they are not recorded");
        recorder.count_dropped(requests);
        Vec::new()
    })
}

fn report_failure(recorder: &Recorder, requests: usize, error: &StoreError) {
    tracing::warn!(%error, requests, "could not write requests of identity providers");
    recorder.count_dropped(requests);
}

/// The warning about dropped requests, for the operator.
#[derive(Default)]
struct DropReport {
    /// The count since the last warning.
    requests: u64,
    warned_at: Option<Instant>,
}

impl DropReport {
    fn report(&mut self, recorder: &Recorder) {
        let dropped = recorder.take_dropped();
        metrics::counter!("rollcall_scim_requests_unrecorded_total").increment(dropped);
        self.requests += dropped;
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
