//! Changes of many rows in batches, with pauses for other writers.

use crate::{
    Store, StoreError,
    db::statement::{Statement, sql},
    retry,
};
use domain::{MINUTE, UnixMs};
use std::time::{Duration, Instant};

/// The number of rows that one statement changes.
pub const BATCH_SIZE: i64 = 500;
/// The shortest pause: the time after which another process that waits for SQLite's lock tries again.
const MIN_PAUSE: Duration = Duration::from_millis(20);
const MAX_PAUSE: Duration = Duration::from_millis(500);
/// The largest accepted difference between the clocks of servers. A time further in the future comes from a wrong
/// clock.
pub(crate) const SKEW: UnixMs = 5 * MINUTE;

/// Lets other writers write for as long as the last batch took.
pub async fn pause(began: Instant) {
    tokio::time::sleep(began.elapsed().clamp(MIN_PAUSE, MAX_PAUSE)).await;
}

impl Store {
    /// Executes a statement until it changes fewer rows than its limit, which is its last value. Returns the number of
    /// changed rows.
    pub(crate) async fn in_batches(&self, statement: impl Fn() -> Statement) -> Result<u64, StoreError> {
        let mut changed = 0;
        loop {
            let began = Instant::now();
            let rows = statement().number(BATCH_SIZE).run(&self.writer).await?;
            changed += rows;
            if rows < BATCH_SIZE.cast_unsigned() {
                return Ok(changed);
            }
            pause(began).await;
        }
    }

    /// Deletes the tombstones of members who were deleted before a time, so that they cannot be restored any longer.
    /// Returns their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tombstones_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for row in sql(TEAMS_WITH_TOMBSTONES).number(before).all(&self.reader).await? {
            let team = row.text("team_id")?;
            loop {
                let began = Instant::now();
                let rows = self.tombstones_delete(&team, before).await?;
                deleted += rows;
                if rows < BATCH_SIZE.cast_unsigned() {
                    break;
                }
                pause(began).await;
            }
        }
        Ok(deleted)
    }

    /// Deletes a batch of a team's tombstones, and reduces the team's stored bytes.
    async fn tombstones_delete(&self, team: &str, before: UnixMs) -> Result<u64, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            // Locks the team first, as every change does.
            sql("UPDATE teams SET revision = revision + 1 WHERE id = $1").text(team).run(&mut *tx).await?;
            let rows = sql(TOMBSTONES).text(team).number(before).number(BATCH_SIZE).all(&mut *tx).await?;
            let mut bytes = 0;
            for row in &rows {
                bytes += row.number("bytes")?;
            }
            sql("UPDATE teams SET stored_bytes = stored_bytes - $2 WHERE id = $1")
                .text(team)
                .number(bytes)
                .run(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(rows.len() as u64)
        })
    }

    /// Deletes the keys that ended before a time. Returns their number.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn keys_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| sql(ENDED_KEYS).number(before)).await
    }

    /// Repairs the effects of a wrong clock. Times in the future become `now`. Sessions and failed sign-ins from the
    /// future are deleted, because they would count until that time. Returns the number of repaired rows.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn future_times_repair(&self, now: UnixMs) -> Result<u64, StoreError> {
        let mut repaired = 0;
        for statement in DELETIONS {
            repaired += self.in_batches(|| sql(statement).number(now + SKEW)).await?;
        }
        for statement in REPAIRS {
            repaired += self.in_batches(|| sql(statement).number(now).number(now + SKEW)).await?;
        }
        Ok(repaired)
    }
}

/// The teams with members who were deleted before `$1`.
const TEAMS_WITH_TOMBSTONES: &str = "SELECT DISTINCT team_id FROM members WHERE status = 'deleted' AND updated_at < $1";

/// Deletes up to `$3` tombstones of team `$1` that are older than `$2`.
const TOMBSTONES: &str = "DELETE FROM members WHERE team_id = $1 AND id IN (SELECT id FROM members WHERE team_id = $1 \
                          AND status = 'deleted' AND updated_at < $2 LIMIT $3) \
                          RETURNING CAST(octet_length(document) AS BIGINT) AS bytes";

/// Deletes up to `$2` keys that ended before `$1`.
const ENDED_KEYS: &str = "DELETE FROM scim_keys WHERE (team_id, id) IN \
                          (SELECT team_id, id FROM scim_keys WHERE COALESCE(revoked_at, expires_at) < $1 LIMIT $2)";

/// What [`Store::future_times_repair`] changes: `$1` the time now, `$2` the latest possible time, `$3` the most rows.
const REPAIRS: [&str; 4] = [
    "UPDATE scim_keys SET last_used_at = $1 WHERE (team_id, id) IN (SELECT team_id, id FROM scim_keys WHERE last_used_at > $2 LIMIT $3)",
    "UPDATE members SET last_sign_in_at = $1 WHERE (team_id, id) IN (SELECT team_id, id FROM members WHERE last_sign_in_at > $2 LIMIT $3)",
    "UPDATE sessions SET last_seen_at = $1 WHERE id IN (SELECT id FROM sessions WHERE last_seen_at > $2 LIMIT $3)",
    // Ids of requests sort by time, and the next one has to come after.
    "UPDATE scim_connections SET at = $1, request_id = '', failing_since = CASE WHEN failing_since > $1 THEN $1 \
     ELSE failing_since END WHERE team_id IN (SELECT team_id FROM scim_connections WHERE at > $2 LIMIT $3)",
];
/// What it deletes: `$1` the latest possible time, `$2` the most rows.
const DELETIONS: [&str; 2] = [
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE created_at > $1 LIMIT $2)",
    "DELETE FROM throttle WHERE throttle_key IN (SELECT throttle_key FROM throttle WHERE last_at > $1 LIMIT $2)",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;

    #[tokio::test]
    async fn expired_rows_are_found_by_indexes() {
        let plans = query_plans::of_a_new_database().await;
        let [_, sign_ins, seen, _] = REPAIRS;
        let [created, failures] = DELETIONS;
        for (statement, index) in [
            (TEAMS_WITH_TOMBSTONES, "members_tombstones"),
            (TOMBSTONES, "members_tombstones (team_id=? AND updated_at<?)"),
            (sign_ins, "members_signed_in (last_sign_in_at>?)"),
            (seen, "sessions_by_last_seen (last_seen_at>?)"),
            (created, "sessions_by_creation (created_at>?)"),
            (failures, "throttle_by_time (last_at>?)"),
            ("SELECT id FROM sessions WHERE last_seen_at <= $1 OR created_at <= $2 LIMIT $3", "sessions_by_creation"),
            ("SELECT id FROM teams WHERE deleted_at IS NOT NULL AND removal_at < $1", "teams_deleted"),
            ("SELECT id, team_id FROM groups WHERE recount_after IS NOT NULL AND recount_at < $1", "groups_recount"),
        ] {
            for plan in plans.of(statement).await {
                assert!(plan.contains(index), "{statement}\n{plan}");
            }
        }
    }
}
