//! Failed sign-ins, counted by account, by browser and by address.

use crate::{Store, StoreError, db::statement::sql, retry};
use domain::UnixMs;

/// What is known of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Failures since the last success; of a window: since it began.
    pub failures: i64,
    /// The last failure; of a window: when it began.
    pub last_at: UnixMs,
    /// No try is looked at before this time.
    pub blocked_until: Option<UnixMs>,
}

/// One more failure, to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Under a key that forgets its failures after some time without another.
    Since {
        /// The key.
        key: String,
        /// Failures from before this time are forgotten.
        forgotten: UnixMs,
        /// No try is looked at before this time.
        blocked_until: Option<UnixMs>,
    },
    /// Under a key that counts from the first failure of a window on.
    Window {
        /// The key.
        key: String,
        /// A window that began at this time or earlier is over.
        over: UnixMs,
    },
}

const SINCE: &str = "INSERT INTO throttle (throttle_key, failures, last_at, blocked_until) VALUES ($1, 1, $2, $4) \
     ON CONFLICT (throttle_key) DO UPDATE SET \
     failures = CASE WHEN throttle.last_at < $3 THEN 1 ELSE throttle.failures + 1 END, \
     last_at = excluded.last_at, blocked_until = excluded.blocked_until RETURNING failures, last_at, blocked_until";
/// A window that begins in the future was written by a clock that was wrong.
const WINDOW: &str = "INSERT INTO throttle (throttle_key, failures, last_at) VALUES ($1, 1, $2) \
     ON CONFLICT (throttle_key) DO UPDATE SET \
     failures = CASE WHEN throttle.last_at <= $3 OR throttle.last_at > $2 THEN 1 ELSE throttle.failures + 1 END, \
     last_at = CASE WHEN throttle.last_at <= $3 OR throttle.last_at > $2 THEN excluded.last_at ELSE throttle.last_at END \
     RETURNING failures, last_at, blocked_until";

impl Store {
    /// What is known of a key.
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

    /// Counts one more failure under each key, all in one transaction, and returns what is known of each afterwards. Counting
    /// and reading are one statement, so that parallel tries cannot share a number. The keys' order is the same in every call,
    /// because on PostgreSQL two calls that lock the same keys in another order would wait for each other.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_count(&self, failures: &[Failed], now: UnixMs) -> Result<Vec<Throttle>, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            let mut counted = Vec::with_capacity(failures.len());
            for failed in failures {
                let statement = match failed {
                    Failed::Since { key, forgotten, blocked_until } => {
                        sql(SINCE).text(key).number(now).number(*forgotten).opt_number(*blocked_until)
                    }
                    Failed::Window { key, over } => sql(WINDOW).text(key).number(now).number(*over),
                };
                let row = statement.first(&mut *tx).await?;
                let row = row.ok_or_else(|| StoreError::Fault("a counter was not returned".into()))?;
                counted.push(read(&row)?);
            }
            tx.commit().await?;
            Ok(counted)
        })
    }

    /// Forgets the keys of `cleared`, and takes one failure back from those of `taken_back`: all in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_settle(&self, cleared: &[&str], taken_back: &[&str]) -> Result<(), StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            for key in taken_back {
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

    /// Counts one more failure. Returns how many there are now.
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

    /// Forgets a key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn throttle_clear(&self, key: &str) -> Result<(), StoreError> {
        self.throttle_settle(&[key], &[]).await
    }

    /// Forgets every key whose last failure is older than `before`. Returns how many.
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
