//! Failed sign-ins, counted by person and by address.

use super::{Store, StoreError, run::sql};
use domain::UnixMs;

/// What is known of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Failures since the last success.
    pub failures: i64,
    /// The last failure.
    pub last_at: UnixMs,
    /// No try is looked at before this time.
    pub blocked_until: Option<UnixMs>,
}

impl Store {
    /// What is known of a key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_load(&self, key: &str) -> Result<Option<Throttle>, StoreError> {
        let row = sql("SELECT failures, last_at, blocked_until FROM throttle WHERE throttle_key = $1")
            .text(key)
            .brief()
            .first(&self.reader)
            .await?;
        row.map(|row| {
            Ok(Throttle {
                failures: row.number("failures")?,
                last_at: row.number("last_at")?,
                blocked_until: row.maybe_number("blocked_until")?,
            })
        })
        .transpose()
    }

    /// Counts one more failure. Returns how many there are now: counting and reading are one statement, so that
    /// parallel tries cannot share a number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_fail(
        &self,
        key: &str,
        now: UnixMs,
        blocked_until: Option<UnixMs>,
    ) -> Result<i64, StoreError> {
        let row = sql("INSERT INTO throttle (throttle_key, failures, last_at, blocked_until) VALUES ($1, 1, $2, $3) \
             ON CONFLICT (throttle_key) DO UPDATE SET failures = throttle.failures + 1, \
             last_at = excluded.last_at, blocked_until = excluded.blocked_until RETURNING failures")
        .text(key)
        .number(now)
        .maybe_number(blocked_until)
        .first(&self.writer)
        .await?;
        row.map_or(Ok(0), |row| row.number("failures"))
    }

    /// Forgets a key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_clear(&self, key: &str) -> Result<(), StoreError> {
        sql("DELETE FROM throttle WHERE throttle_key = $1").text(key).run(&self.writer).await?;
        Ok(())
    }

    /// Forgets every key whose last failure is older than `before`. Returns how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_portions(|| {
            sql("DELETE FROM throttle WHERE throttle_key IN \
                 (SELECT throttle_key FROM throttle WHERE last_at < $1 ORDER BY last_at LIMIT $2) AND last_at < $1")
            .number(before)
        })
        .await
    }
}
