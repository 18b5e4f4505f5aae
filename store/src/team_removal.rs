//! Removing what belongs to a deleted team, a portion at a time. Anyone who is interrupted leaves the rest to the next.

use crate::{
    Store, StoreError,
    batches::{BATCH_SIZE, pause},
    db::statement::sql,
    retry,
};
use domain::{UnixMs, id::TeamId};
use std::time::{Duration, Instant};

/// How often a portion is tried again while the database is not available, and after how long.
const TRIES: u32 = 20;
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// A team that no one finds any longer. Its rows are removed by [`Store::team_remove`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedTeam {
    /// Which one it was.
    pub id: TeamId,
    /// How many members it had.
    pub members: i64,
}

/// What names its team, those that others refer to last: each statement removes up to `$2` rows of team `$1`. Email addresses,
/// invites, sign-ins and who is in a group go with their member.
const PARTS: [(Part, &str); 8] = [
    (Part::Other, "DELETE FROM scim_connections WHERE team_id = $1 AND $2 > 0"),
    (
        Part::Other,
        "DELETE FROM scim_hours WHERE team_id = $1 AND hour IN (SELECT hour FROM scim_hours WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Other,
        "DELETE FROM scim_requests WHERE team_id = $1 AND id IN (SELECT id FROM scim_requests WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Other,
        "DELETE FROM activity WHERE team_id = $1 AND id IN (SELECT id FROM activity WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Other,
        "DELETE FROM scim_keys WHERE team_id = $1 AND id IN (SELECT id FROM scim_keys WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Other,
        "DELETE FROM sso_methods WHERE team_id = $1 AND id IN (SELECT id FROM sso_methods WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Members,
        "DELETE FROM members WHERE team_id = $1 AND id IN (SELECT id FROM members WHERE team_id = $1 LIMIT $2)",
    ),
    (
        Part::Other,
        "DELETE FROM groups WHERE team_id = $1 AND id IN (SELECT id FROM groups WHERE team_id = $1 LIMIT $2)",
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Members,
    Other,
}

impl Store {
    /// Removes everything that belongs to a deleted team, and last the team. `progress` hears after every portion how many members
    /// are gone so far.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: not for a moment, but for ten seconds. What was removed is gone.
    pub async fn team_remove(
        &self,
        team: &TeamId,
        now: impl Fn() -> UnixMs,
        mut progress: impl FnMut(u64),
    ) -> Result<(), StoreError> {
        let mut members = 0;
        for (part, statement) in PARTS {
            let mut failures = 0;
            loop {
                let began = Instant::now();
                match self.team_remove_portion(team, now(), statement).await {
                    Ok(0) => break,
                    Ok(rows) => {
                        failures = 0;
                        if part == Part::Members {
                            members += rows;
                        }
                        progress(members);
                        pause(began).await;
                    }
                    Err(StoreError::Unavailable(_) | StoreError::Serialization(_) | StoreError::Unconfirmed(_))
                        if failures < TRIES =>
                    {
                        failures += 1;
                        tokio::time::sleep(RETRY_AFTER).await;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        let over = sql("DELETE FROM teams WHERE id = $1 AND deleted_at IS NOT NULL").text(team.as_str());
        over.run(&self.writer).await?;
        self.notifier.notify(team);
        Ok(())
    }

    async fn team_remove_portion(
        &self,
        team: &TeamId,
        now: UnixMs,
        statement: &'static str,
    ) -> Result<u64, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            // Of several who remove the same team, one at a time does.
            sql("UPDATE teams SET removal_at = $2 WHERE id = $1 AND deleted_at IS NOT NULL")
                .text(team.as_str())
                .number(now)
                .run(&mut *tx)
                .await?;
            let rows = sql(statement).text(team.as_str()).number(BATCH_SIZE).run(&mut *tx).await?;
            if rows == 0 {
                tx.rollback().await?;
            } else {
                tx.commit().await?;
            }
            Ok(rows)
        })
    }

    /// The deleted teams of which no one removed anything since a time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn teams_left_deleted(&self, since: UnixMs) -> Result<Vec<TeamId>, StoreError> {
        let rows = sql("SELECT id FROM teams WHERE deleted_at IS NOT NULL AND removal_at < $1")
            .number(since)
            .all(&self.reader)
            .await?;
        rows.iter().map(|row| Ok(TeamId::new(row.text("id")?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::statement::Fetch as _;

    #[tokio::test]
    async fn every_table_that_refers_to_teams_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
        store.migrate().await.unwrap();
        let tables = sql("SELECT DISTINCT m.name AS name FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
             WHERE m.type = 'table' AND k.\"table\" = 'teams'");
        let rows = (&store.reader).all(tables).await.unwrap();
        let tables: Vec<String> = rows.iter().map(|row| row.text("name").unwrap()).collect();
        assert!(tables.iter().any(|table| table == "members"), "{tables:?}");
        for table in tables {
            let start = format!("DELETE FROM {table} ");
            assert!(PARTS.iter().any(|(_, statement)| statement.starts_with(&start)), "{table} is missing");
        }
    }
}
