//! Logs on stderr. No line contains a secret.

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
/// The metric with the count of log lines that were dropped because stderr was not read fast enough.
pub const DROPPED: &str = "rollcall_log_lines_dropped_total";

/// Upper bound of the memory of queued log lines, in bytes: a few thousand lines.
const QUEUE_LIMIT: usize = 1024 * 1024;
/// How long the end of the program waits for stderr.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);
/// How long a panic waits for stderr. The program usually continues after it.
const PANIC_FLUSH_LIMIT: Duration = Duration::from_millis(100);

static QUEUE: LazyLock<Queue> = LazyLock::new(|| Queue::new(QUEUE_LIMIT, DROPPED));

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Human-readable.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts logging. Without a filter in the environment, `default` applies ("info", "off"). A second call has no effect.
///
/// # Errors
/// The filter in the environment is invalid: one line for the operator.
pub fn init(format: LogFormat, default: &str) -> Result<(), String> {
    let filter = std::env::var(FILTER).ok().filter(|filter| !filter.is_empty());
    let filter = filter.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("{FILTER} isn't a valid log filter: {error}"))?;
    let queue: &'static Queue = &QUEUE;
    // If there is a logger already, it is as good.
    if tracing_subscriber::registry().with(filter).with(layer(format, Lines(queue))).try_init().is_err() {
        return Ok(());
    }
    let writer = thread::Builder::new().name("log-writer".to_owned());
    let result = writer.spawn(move || queue.write(io::stderr(), |_, count| log_dropped(format, count)));
    result.map(|_| ()).map_err(|error| format!("can't create threads: {error}"))
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

/// Writes a line about dropped lines, past the queue and the filter.
fn log_dropped(format: LogFormat, count: u64) {
    let direct = tracing_subscriber::registry().with(LevelFilter::ERROR).with(layer(format, io::stderr));
    tracing::subscriber::with_default(direct, || {
        tracing::error!("{count} lines were dropped because stderr wasn't read fast enough");
    });
}

/// The count of log lines that were dropped since the start.
pub fn dropped() -> u64 {
    QUEUE.dropped()
}

/// Waits until stderr has every log line, but not for long, because nothing may read stderr.
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

/// Logs each panic as a line like any other failure.
pub fn log_panics() {
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, reason = panic.payload_as_str().unwrap_or_default(), "panicked");
    QUEUE.flush(PANIC_FLUSH_LIMIT);
}
