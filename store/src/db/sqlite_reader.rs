//! Reads of SQLite's file on the calling thread. Handing a statement to another thread and waiting for it costs more
//! than most statements.

use crate::{
    StoreError,
    db::{
        row::{FileRow, Row},
        statement::{SqlValue, Statement},
    },
};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, types::ToSqlOutput};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The number of long statements that run at a time. More wait. Inline ones never wait for them.
const MAX_LONG: usize = 4;
/// The number of prepared statements that a connection caches.
const STATEMENT_CACHE: usize = 100;
/// The time that a long statement waits for a lock against readers, such as during a repair or VACUUM.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of SQLite's steps, about a millisecond, after which a long statement checks that its caller still waits.
const STEPS_PER_CHECK: i32 = 10_000;

/// Upper bound of the memory that is allocated before a row is read.
const MAX_PREALLOCATION: usize = 2_048;

/// The page cache of a connection for inline statements in KiB: room for the upper pages of a large team's indexes.
const CACHE: i32 = 24 * 1024;

/// The part of a result that is read.
#[derive(Clone, Copy)]
pub(crate) struct ReadLimit {
    pub(crate) rows: usize,
    /// Bytes of memory. The row that reaches the limit is the last.
    pub(crate) bytes: usize,
}

impl ReadLimit {
    pub(crate) const ALL: Self = Self { rows: usize::MAX, bytes: usize::MAX };
    pub(crate) const ONE: Self = Self { rows: 1, bytes: usize::MAX };
}

/// Connections that only read, opened on demand.
pub(crate) struct SqliteReader {
    path: PathBuf,
    /// For statements that read a few rows through an index: one connection for each calling thread.
    inline: Idle,
    /// For all other statements.
    long: Idle,
    permits: Arc<Semaphore>,
}

/// Unused connections; `None` after closing. The last returned one is taken first, because its cache has the most
/// recent pages.
struct Idle(Mutex<Option<Vec<Connection>>>);

impl SqliteReader {
    pub(crate) fn new(path: PathBuf) -> Self {
        let permits = Arc::new(Semaphore::new(MAX_LONG));
        Self { path, inline: Idle::new(), long: Idle::new(), permits }
    }

    /// The first rows of the result up to `limit`, and whether there are more. The latter is only set for a limit of
    /// bytes.
    pub(crate) async fn query(&self, statement: Statement, limit: ReadLimit) -> Result<(Vec<Row>, bool), StoreError> {
        if self.permits.is_closed() {
            return Err(closed());
        }
        if statement.is_point_query() {
            match self.query_here(&statement, limit) {
                // This thread serves other requests, so it does not wait.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                answer => return answer.map_err(StoreError::from),
            }
        }
        self.query_on_thread(statement, limit).await
    }

    fn query_here(&self, statement: &Statement, limit: ReadLimit) -> Result<(Vec<Row>, bool), ReadError> {
        let connection = match self.inline.take() {
            Some(connection) => connection,
            None => {
                let connection = open(&self.path, Duration::ZERO)?;
                connection.pragma_update(None, "cache_size", -CACHE)?;
                connection
            }
        };
        let answer = query(&connection, statement, limit);
        self.inline.give_back(connection);
        answer
    }

    async fn query_on_thread(&self, statement: Statement, limit: ReadLimit) -> Result<(Vec<Row>, bool), StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let connection = match self.long.take() {
            Some(connection) => connection,
            None => {
                let path = self.path.clone();
                on_a_thread(move || open(&path, LOCK_TIMEOUT)).await??
            }
        };
        let cancellation = Cancellation::default();
        let cancelled = Arc::clone(&cancellation.cancelled);
        // The permit moves to the other thread, so a cancelled statement holds it until it has ended.
        let (permit, connection, answer) = on_a_thread(move || {
            let answer = query_unless_cancelled(&connection, &statement, limit, cancelled);
            (permit, connection, answer)
        })
        .await?;
        self.long.give_back(connection);
        drop(permit);
        Ok(answer?)
    }

    /// Refuses later statements. Connections in use are closed when they are returned.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.inline.close();
        self.long.close();
    }
}

impl Idle {
    fn new() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }

    fn all(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Connection> {
        self.all().as_mut()?.pop()
    }

    /// Returns the connection for the next statement, unless the reader is closed.
    fn give_back(&self, connection: Connection) {
        if let Some(idle) = self.all().as_mut() {
            idle.push(connection);
        }
    }

    fn close(&self) {
        self.all().take();
    }
}

/// A caller that waits for a statement on another thread. If it is dropped, the statement ends, even before it has
/// begun. Its connection is then closed and not used again.
#[derive(Default)]
struct Cancellation {
    cancelled: Arc<AtomicBool>,
}

impl Drop for Cancellation {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(|_| StoreError::Unavailable("the statement was given up".into()))
}

/// The file exists and is in WAL mode, because the writer was opened first.
fn open(path: &Path, timeout: Duration) -> Result<Connection, ReadError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(timeout)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    // Otherwise SQLite uses the value of `LIMIT $n` to prepare a statement, and prepares it anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(connection)
}

/// Like [`query`], unless it is cancelled before it begins or while it runs.
fn query_unless_cancelled(
    connection: &Connection,
    statement: &Statement,
    limit: ReadLimit,
    cancelled: Arc<AtomicBool>,
) -> Result<(Vec<Row>, bool), ReadError> {
    // Replaces the previous handler, and stays until the next statement.
    connection.progress_handler(STEPS_PER_CHECK, Some(move || cancelled.load(Ordering::Relaxed)))?;
    query(connection, statement, limit)
}

fn query(connection: &Connection, statement: &Statement, limit: ReadLimit) -> Result<(Vec<Row>, bool), ReadError> {
    let mut prepared = connection.prepare_cached(statement.sql())?;
    for index in 1..=prepared.parameter_count() {
        // SQLite numbers `$2` by its first position and not by its name.
        let number = prepared.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = number.and_then(|number| statement.values().get(number.checked_sub(1)?));
        prepared.raw_bind_parameter(index, value.ok_or_else(|| StoreError::Fault("a value is missing".into()))?)?;
    }
    let names: Arc<[Box<str>]> = prepared.column_names().into_iter().map(Box::from).collect();
    let mut rows = prepared.raw_query();
    let mut taken = Vec::new();
    let mut left = limit.bytes;
    // Rows of one result have a similar length.
    let mut expected = 0;
    while taken.len() < limit.rows
        && let Some(row) = rows.next()?
    {
        if left == 0 {
            return Ok((taken, true));
        }
        let row = FileRow::take(&names, row, expected)?;
        expected = row.len().min(MAX_PREALLOCATION);
        let row = Row::File(row);
        left = left.saturating_sub(row.weight(""));
        taken.push(row);
    }
    Ok((taken, false))
}

impl rusqlite::ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            SqlValue::Text(text) => text.to_sql(),
            SqlValue::Number(number) => number.to_sql(),
        }
    }
}

/// The reason for a missing result: SQLite's error, or ours.
enum ReadError {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl ReadError {
    fn sqlite_error_code(&self) -> Option<ErrorCode> {
        match self {
            ReadError::Sqlite(error) => error.sqlite_error_code(),
            ReadError::Store(_) => None,
        }
    }
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        ReadError::Sqlite(error)
    }
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        ReadError::Store(error)
    }
}

impl From<ReadError> for StoreError {
    fn from(refusal: ReadError) -> Self {
        match refusal {
            ReadError::Sqlite(error) => error.into(),
            ReadError::Store(error) => error,
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database is closed".into())
}

#[cfg(test)]
#[path = "sqlite_reader_tests.rs"]
mod tests;
