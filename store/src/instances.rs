//! The processes that serve one PostgreSQL database. Each says every few seconds that it is there, and learns how many are.

use crate::{
    Engine, Store, StoreError,
    db::{database_time::database_time, retry::retry, statement::sql},
};

impl Store {
    /// Says that the process with this id is there, forgets those that were silent for `patience` milliseconds, and returns how
    /// many are there: at least 1. A file has one process that serves it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn instance_seen(&self, id: &str, patience: i64) -> Result<u32, StoreError> {
        if self.engine == Engine::Sqlite {
            return Ok(1);
        }
        retry!(async {
            let mut tx = self.begin().await?;
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

    /// Says that the process with this id ends.
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
