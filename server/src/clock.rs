//! The one place that reads the clock. Everything else is given the time.

use domain::UnixMs;

/// Where the time comes from; tests set their own.
#[derive(Clone)]
pub struct Clock(std::sync::Arc<dyn Fn() -> UnixMs + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let now = time::OffsetDateTime::now_utc();
            (now.unix_timestamp_nanos() / 1_000_000) as UnixMs
        })
    }

    /// A clock of one's own.
    pub fn from_fn(now: impl Fn() -> UnixMs + Send + Sync + 'static) -> Self {
        Self(std::sync::Arc::new(now))
    }

    /// Now, in milliseconds since the Unix epoch.
    pub fn now(&self) -> UnixMs {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
