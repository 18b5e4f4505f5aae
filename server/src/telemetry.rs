//! Logs, on stderr: what happened, without a secret in any line.

use std::io::{self, IsTerminal as _};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// The environment variable with the filter, such as `debug` or `server=debug,sqlx=warn`.
pub const FILTER: &str = "ROLLCALL_LOG";

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
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
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("{FILTER} is not a log filter: {error}"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Where somebody else logs already, that is as good.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    Ok(())
}

/// From now on a panic becomes a log line like any other failure.
pub fn log_panics() {
    std::panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, reason = panic.payload_as_str().unwrap_or_default(), "panicked");
}
