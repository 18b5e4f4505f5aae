//! The server processes of one PostgreSQL database. Each records every few seconds that it is alive, and reads the
//! number of processes.

use crate::{
    Engine, Store, StoreError,
    db::{database_time::database_time, statement::sql},
    retry,
};

impl Store {
    /// Records that the process with this id is alive, deletes those without a record for `patience` milliseconds, and
    /// returns the number of live processes, at least 1. SQLite has one server process.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn instance_heartbeat(&self, id: &str, patience: i64) -> Result<u32, StoreError> {
        if self.engine == Engine::Sqlite {
            return Ok(1);
        }
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            sql(concat!(
                "INSERT INTO instances (id, seen_at) VALUES ($1, ",
                database_time!(),
                ") ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
            ))
            .text(id)
            .run(&mut *tx)
            .await?;
            sql(concat!("DELETE FROM instances WHERE seen_at < ", database_time!(), " - $1"))
                .number(patience)
                .run(&mut *tx)
                .await?;
            let row = sql("SELECT COUNT(*) AS instances FROM instances").first(&mut *tx).await?;
            tx.commit().await?;
            let count = row.map_or(Ok(1), |row| row.number("instances"))?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX).max(1))
        })
    }

    /// Records that the process with this id ends.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn instance_ended(&self, id: &str) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            sql("DELETE FROM instances WHERE id = $1").text(id).run(&self.writer).await?;
        }
        Ok(())
    }
}
