//! Logs, on stderr: what happened, without a secret in any line.

mod queue;

use self::queue::{Lines, Queue};
use std::{
    io::{self, IsTerminal as _},
    sync::LazyLock,
    thread,
    time::Duration,
};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt as _, registry::LookupSpan, util::SubscriberInitExt as _,
};

/// The environment variable with the filter, such as `debug` or `server=debug,sqlx=warn`.
pub const FILTER: &str = "ROLLCALL_LOG";
/// The metric with the number of log lines that were dropped, because stderr was not read fast enough.
pub const DROPPED: &str = "rollcall_log_lines_dropped_total";

/// Log lines that wait for stderr take this much memory at most, in bytes: a few thousand lines.
const QUEUE_LIMIT: usize = 1024 * 1024;
/// How long the end of the program waits for stderr.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);
/// How long a panic waits for stderr. The program usually goes on after it.
const PANIC_FLUSH_LIMIT: Duration = Duration::from_millis(100);

static QUEUE: LazyLock<Queue> = LazyLock::new(|| Queue::new(QUEUE_LIMIT, DROPPED));

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Human-readable.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts logging. Without a filter in the environment, `default` holds ("info", "off"). Calling it twice does nothing
/// the second time.
///
/// # Errors
/// The filter in the environment cannot be read: one line for the operator.
pub fn init(format: LogFormat, default: &str) -> Result<(), String> {
    let filter = std::env::var(FILTER).ok().filter(|filter| !filter.is_empty());
    let filter = filter.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("{FILTER} isn't a valid log filter: {error}"))?;
    let queue: &'static Queue = &QUEUE;
    // Where someone else logs already, that is as good.
    if tracing_subscriber::registry().with(filter).with(layer(format, Lines(queue))).try_init().is_err() {
        return Ok(());
    }
    let writer = thread::Builder::new().name("log-writer".to_owned());
    let started = writer.spawn(move || queue.write(io::stderr(), |_, count| log_dropped(format, count)));
    started.map(|_| ()).map_err(|error| format!("can't create threads: {error}"))
}

fn layer<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}

/// Writes the line about missing lines, past the queue and past the filter.
fn log_dropped(format: LogFormat, count: u64) {
    let direct = tracing_subscriber::registry().with(LevelFilter::ERROR).with(layer(format, io::stderr));
    tracing::subscriber::with_default(direct, || {
        tracing::error!("{count} lines were dropped because stderr wasn't read fast enough");
    });
}

/// How many log lines were dropped since the start.
pub fn dropped() -> u64 {
    QUEUE.dropped()
}

/// Waits until stderr has every log line, but not for long: stderr may be read by no one.
pub fn flush() {
    QUEUE.flush(FLUSH_LIMIT);
}

/// Flushes when it is dropped, so also when a panic ends the program.
#[derive(Debug)]
pub struct FlushOnDrop;

impl Drop for FlushOnDrop {
    fn drop(&mut self) {
        flush();
    }
}

/// From now on a panic becomes a log line like any other failure.
pub fn log_panics() {
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, reason = panic.payload_as_str().unwrap_or_default(), "panicked");
    QUEUE.flush(PANIC_FLUSH_LIMIT);
}
