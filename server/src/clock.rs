//! The only place that reads the clock. Everything else receives the time.

use domain::UnixMs;

/// The source of the time. Tests set their own.
#[derive(Clone)]
pub struct Clock(std::sync::Arc<dyn Fn() -> UnixMs + Send + Sync>);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let now = time::OffsetDateTime::now_utc();
            (now.unix_timestamp_nanos() / 1_000_000) as UnixMs
        })
    }

    /// A clock for tests.
    pub fn from_fn(now: impl Fn() -> UnixMs + Send + Sync + 'static) -> Self {
        Self(std::sync::Arc::new(now))
    }

    /// The current time, in milliseconds since the Unix epoch.
    pub fn now(&self) -> UnixMs {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
