//! Removal of a deleted team's data in batches. After an interruption, the next process continues.

use crate::{
    Store, StoreError,
    batches::{BATCH_SIZE, pause},
    db::statement::sql,
    retry,
};
use domain::{UnixMs, id::TeamId};
use std::time::{Duration, Instant};

/// The number of attempts, and the pause between them, while the database is not available.
const TRIES: u32 = 20;
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// A deleted team. No lookup finds it, and [`Store::team_remove`] removes its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedTeam {
    /// The team's id.
    pub id: TeamId,
    /// The number of members.
    pub members: i64,
}

/// The statements for the tables of a team, referenced tables last. Each removes up to `$2` rows of team `$1`. Email
/// addresses, invites, sign-ins and memberships are removed with their member.
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
    /// Removes all data of a deleted team, and finally the team. After every batch, `progress` is called with the
    /// number of removed members.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] after ten seconds without the database. Removed rows stay removed.
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
                match self.team_remove_batch(team, now(), statement).await {
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
        self.listener.notify(team);
        Ok(())
    }

    async fn team_remove_batch(&self, team: &TeamId, now: UnixMs, statement: &'static str) -> Result<u64, StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            // If several processes remove the same team, only one proceeds.
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

    /// The deleted teams whose removal no process has continued since a time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn unfinished_team_removals(&self, since: UnixMs) -> Result<Vec<TeamId>, StoreError> {
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
    async fn every_table_that_refers_to_teams_is_listed() {
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
