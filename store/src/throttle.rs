//! Failed sign-ins by account, by browser and by address.

use crate::{Store, StoreError, db::statement::sql, retry};
use domain::UnixMs;

/// The state of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Failures since the last success, or since the start of a window.
    pub failures: i64,
    /// The time of the last failure, or the start of a window.
    pub last_at: UnixMs,
    /// Every attempt before this time is rejected.
    pub blocked_until: Option<UnixMs>,
}

/// A new failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Under a key whose failures expire after some time without another one.
    Since {
        /// The key.
        key: String,
        /// Failures before this time have expired.
        forgotten: UnixMs,
        /// Every attempt before this time is rejected.
        blocked_until: Option<UnixMs>,
    },
    /// Under a key that counts from the first failure of a window.
    Window {
        /// The key.
        key: String,
        /// A window that began at this time or earlier has ended.
        over: UnixMs,
    },
}

const SINCE: &str = "INSERT INTO throttle (throttle_key, failures, last_at, blocked_until) VALUES ($1, 1, $2, $4) \
     ON CONFLICT (throttle_key) DO UPDATE SET \
     failures = CASE WHEN throttle.last_at < $3 THEN 1 ELSE throttle.failures + 1 END, \
     last_at = excluded.last_at, blocked_until = excluded.blocked_until RETURNING failures, last_at, blocked_until";
/// A window that begins in the future comes from a wrong clock.
const WINDOW: &str = "INSERT INTO throttle (throttle_key, failures, last_at) VALUES ($1, 1, $2) \
     ON CONFLICT (throttle_key) DO UPDATE SET \
     failures = CASE WHEN throttle.last_at <= $3 OR throttle.last_at > $2 THEN 1 ELSE throttle.failures + 1 END, \
     last_at = CASE WHEN throttle.last_at <= $3 OR throttle.last_at > $2 THEN excluded.last_at ELSE throttle.last_at END \
     RETURNING failures, last_at, blocked_until";

impl Store {
    /// The state of a key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_load(&self, key: &str) -> Result<Option<Throttle>, StoreError> {
        let row = sql("SELECT failures, last_at, blocked_until FROM throttle WHERE throttle_key = $1")
            .text(key)
            .inline()
            .first(&self.reader)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Counts a failure under each key in one transaction, and returns the new states. Counting and reading are one
    /// statement, so that parallel attempts cannot get the same number. Every call has the same order of keys, because
    /// on PostgreSQL two calls that lock the same keys in different orders would deadlock.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_count(&self, failures: &[Failed], now: UnixMs) -> Result<Vec<Throttle>, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            let mut throttles = Vec::with_capacity(failures.len());
            for failed in failures {
                let statement = match failed {
                    Failed::Since { key, forgotten, blocked_until } => {
                        sql(SINCE).text(key).number(now).number(*forgotten).opt_number(*blocked_until)
                    }
                    Failed::Window { key, over } => sql(WINDOW).text(key).number(now).number(*over),
                };
                let row = statement.first(&mut *tx).await?;
                let row = row.ok_or_else(|| StoreError::Fault("a counter was not returned".into()))?;
                throttles.push(read(&row)?);
            }
            tx.commit().await?;
            Ok(throttles)
        })
    }

    /// Deletes the keys of `cleared`, and subtracts one failure from those of `withdrawn`, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_settle(&self, cleared: &[&str], withdrawn: &[&str]) -> Result<(), StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            for key in withdrawn {
                sql("UPDATE throttle SET failures = failures - 1, blocked_until = NULL WHERE throttle_key = $1 AND failures > 0")
                    .text(key)
                    .run(&mut *tx)
                    .await?;
            }
            for key in cleared {
                sql("DELETE FROM throttle WHERE throttle_key = $1").text(key).run(&mut *tx).await?;
            }
            tx.commit().await
        })
    }

    /// Counts a failure. Returns the new number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_fail(
        &self,
        key: &str,
        now: UnixMs,
        blocked_until: Option<UnixMs>,
    ) -> Result<i64, StoreError> {
        let failed = Failed::Since { key: key.to_owned(), forgotten: UnixMs::MIN, blocked_until };
        Ok(self.throttle_count(&[failed], now).await?.first().map_or(0, |throttle| throttle.failures))
    }

    /// Deletes a key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_clear(&self, key: &str) -> Result<(), StoreError> {
        self.throttle_settle(&[key], &[]).await
    }

    /// Deletes every key whose last failure is older than `before`. Returns their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM throttle WHERE throttle_key IN \
                 (SELECT throttle_key FROM throttle WHERE last_at < $1 ORDER BY last_at LIMIT $2) AND last_at < $1")
            .number(before)
        })
        .await
    }
}

fn read(row: &crate::db::row::Row) -> Result<Throttle, StoreError> {
    Ok(Throttle {
        failures: row.number("failures")?,
        last_at: row.number("last_at")?,
        blocked_until: row.opt_number("blocked_until")?,
    })
}
