//! The writing side of the database.

use crate::{
    Engine, Store, StoreError,
    db::{
        database_file::DatabaseFile,
        retry::TransactionAttempt,
        row::Row,
        statement::{Execute, Fetch, Statement, sql, within},
        transaction::{Transaction, close},
        write_monitor::WriteMonitor,
    },
    retry,
};
use sqlx::{Any, AnyPool, pool::PoolConnection};
use std::{sync::Arc, time::Duration};

/// The time limit of [`Store::writable`]'s probe.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// The size of the probe's row. It is larger than the free space that a full disk may have in existing files.
const PROBE_SIZE: usize = 64 * 1024;

/// The connections that write. SQLite has exactly one, so writers wait for it and not for the file's lock.
#[derive(Clone)]
pub(crate) struct DatabaseWriter {
    pool: AnyPool,
    monitor: WriteMonitor,
}

impl DatabaseWriter {
    pub(crate) fn new(pool: AnyPool, engine: Engine, file: Option<Arc<DatabaseFile>>) -> Self {
        Self { pool, monitor: WriteMonitor::new(engine, file) }
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    pub(crate) fn file(&self) -> Option<&Arc<DatabaseFile>> {
        self.monitor.file()
    }

    /// See [`WriteMonitor::check_file`].
    pub(crate) fn check_file(&self) -> Result<(), StoreError> {
        self.monitor.check_file()
    }

    /// See [`WriteMonitor::note_failure`].
    pub(crate) fn note_failure<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.monitor.note_failure(result)
    }

    pub(crate) async fn acquire(&self) -> Result<PoolConnection<Any>, StoreError> {
        self.note_failure(self.check_file())?;
        self.note_failure(within(self.pool.acquire()).await)
    }

    async fn begin(&self, attempt: &TransactionAttempt) -> Result<Transaction, StoreError> {
        Transaction::begin(self.acquire().await?, self.monitor.clone(), attempt).await
    }

    /// The end of a statement that was a transaction of its own. If it changed nothing, it does not prove that writing
    /// works.
    fn settle<T>(
        &self,
        connection: PoolConnection<Any>,
        result: Result<T, StoreError>,
        has_written: impl Fn(&T) -> bool,
    ) -> Result<T, StoreError> {
        match &result {
            Err(StoreError::Unavailable(_) | StoreError::Corrupt(_)) => close(connection),
            _ => drop(connection),
        }
        let result = result.and_then(|value| self.check_file().map(|()| value));
        let is_telling = result.as_ref().map_or(true, has_written);
        if is_telling { self.monitor.note(result) } else { result }
    }
}

/// A statement outside a transaction is a transaction of its own, so it runs again if the database rolled it back.
impl Fetch for &DatabaseWriter {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        retry!(attempt, async {
            let mut connection = self.acquire().await?;
            let rows = (&mut *connection).all(statement.clone()).await;
            attempt.note(&rows);
            self.settle(connection, rows, |rows| !rows.is_empty())
        })
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        retry!(attempt, async {
            let mut connection = self.acquire().await?;
            let row = (&mut *connection).first(statement.clone()).await;
            attempt.note(&row);
            self.settle(connection, row, Option::is_some)
        })
    }
}

impl Execute for &DatabaseWriter {
    async fn run(self, statement: Statement) -> Result<u64, StoreError> {
        retry!(attempt, async {
            let mut connection = self.acquire().await?;
            let rows = (&mut *connection).run(statement.clone()).await;
            attempt.note(&rows);
            self.settle(connection, rows, |rows| *rows > 0)
        })
    }
}

impl Store {
    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, attempt: &TransactionAttempt) -> Result<Transaction, StoreError> {
        self.writer.begin(attempt).await
    }

    /// Do writes work? Reports the result of the last change. After a failure it writes a probe, at most once a second.
    /// Otherwise it writes nothing, so that the check costs other writers nothing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the reason.
    pub async fn writable(&self) -> Result<(), StoreError> {
        self.writer.check_file()?;
        match self.writer.monitor.failure() {
            None => Ok(()),
            Some((_, true)) => match tokio::time::timeout(PROBE_TIMEOUT, self.probe()).await {
                Ok(probed) => probed,
                Err(_) => Err(StoreError::Unavailable("a change takes too long".into())),
            },
            Some((failure, false)) => Err(StoreError::Unavailable(failure)),
        }
    }

    /// Commits a row, because a full disk fails at the commit, and deletes it again.
    async fn probe(&self) -> Result<(), StoreError> {
        retry!(attempt, async {
            let mut tx = self.begin(&attempt).await?;
            sql("INSERT INTO settings (name, value) VALUES ('write_probe', $1) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .text(&"x".repeat(PROBE_SIZE))
            .run(&mut *tx)
            .await?;
            tx.commit().await
        })?;
        sql("DELETE FROM settings WHERE name = 'write_probe'").run(&self.writer).await?;
        Ok(())
    }
}
