//! Reading SQLite's file in place: without handing the statement to another thread and waiting for it to come back, which
//! costs more than most statements do.

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

/// How many long statements run at a time; more wait. Brief ones never wait for them.
const LONG_AT_A_TIME: usize = 4;
/// How many different statements a connection keeps prepared.
const PREPARED: usize = 100;
/// How long a long statement waits for a lock that keeps readers out: a file that is being repaired, or vacuumed.
const LOCKED: Duration = Duration::from_secs(5);

/// After so many of SQLite's steps a long statement looks whether someone still waits for it: about every millisecond.
const LOOK_UP: i32 = 10_000;

/// The most bytes of memory that are asked for before a row is read.
const EXPECTED: usize = 2_048;

/// What a connection for brief statements keeps of the file, in KiB: the upper pages of the indexes of a large team.
const CACHE: i32 = 24 * 1024;

/// How much of an answer is taken.
#[derive(Clone, Copy)]
pub(crate) struct ReadLimit {
    pub(crate) rows: usize,
    /// Of memory; the row that reaches it is the last.
    pub(crate) bytes: usize,
}

impl ReadLimit {
    pub(crate) const ALL: Self = Self { rows: usize::MAX, bytes: usize::MAX };
    pub(crate) const ONE: Self = Self { rows: 1, bytes: usize::MAX };
}

/// Connections that only read, opened when they are first needed.
pub(crate) struct SqliteReader {
    path: PathBuf,
    /// For statements that read a few rows through an index: as many as there are threads that ask at once.
    brief: Idle,
    /// For all others.
    long: Idle,
    permits: Arc<Semaphore>,
}

/// Connections that no one uses; none at all once it is closed. The one that came back last is taken first: what it read
/// last is still in its cache.
struct Idle(Mutex<Option<Vec<Connection>>>);

impl SqliteReader {
    pub(crate) fn new(path: PathBuf) -> Self {
        let permits = Arc::new(Semaphore::new(LONG_AT_A_TIME));
        Self { path, brief: Idle::new(), long: Idle::new(), permits }
    }

    /// The first rows of the answer, as much as `most` says, and whether there are more: told only where bytes were the
    /// limit.
    pub(crate) async fn ask(&self, statement: Statement, most: ReadLimit) -> Result<(Vec<Row>, bool), StoreError> {
        if self.permits.is_closed() {
            return Err(closed());
        }
        if statement.is_brief() {
            match self.ask_here(&statement, most) {
                // This thread has other requests to go on with: it does not wait.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                answer => return answer.map_err(StoreError::from),
            }
        }
        self.ask_elsewhere(statement, most).await
    }

    fn ask_here(&self, statement: &Statement, most: ReadLimit) -> Result<(Vec<Row>, bool), ReadError> {
        let connection = match self.brief.take() {
            Some(connection) => connection,
            None => {
                let connection = open(&self.path, Duration::ZERO)?;
                connection.pragma_update(None, "cache_size", -CACHE)?;
                connection
            }
        };
        let answer = ask(&connection, statement, most);
        self.brief.give_back(connection);
        answer
    }

    async fn ask_elsewhere(&self, statement: Statement, most: ReadLimit) -> Result<(Vec<Row>, bool), StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let connection = match self.long.take() {
            Some(connection) => connection,
            None => {
                let path = self.path.clone();
                on_a_thread(move || open(&path, LOCKED)).await??
            }
        };
        let waiting = Waiting::default();
        let given_up = Arc::clone(&waiting.given_up);
        // The permit goes along: given up, the statement holds it until it has ended.
        let (permit, connection, answer) = on_a_thread(move || {
            let answer = ask_until(&connection, &statement, most, given_up);
            (permit, connection, answer)
        })
        .await?;
        self.long.give_back(connection);
        drop(permit);
        Ok(answer?)
    }

    /// Refuses what comes from now on. Connections in use are closed when they come back.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.brief.close();
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

    /// Keeps the connection for the next statement, unless there will be none.
    fn give_back(&self, connection: Connection) {
        if let Some(idle) = self.all().as_mut() {
            idle.push(connection);
        }
    }

    fn close(&self) {
        self.all().take();
    }
}

/// Someone who waits for a statement on another thread. Dropped, because no one wants the answer any longer, it ends the
/// statement, also one that has not begun; the connection is then closed and not used again.
#[derive(Default)]
struct Waiting {
    given_up: Arc<AtomicBool>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
    }
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(|_| StoreError::Unavailable("the statement was given up".into()))
}

/// The file is there and in WAL mode: the writer has seen to that.
fn open(path: &Path, patience: Duration) -> Result<Connection, ReadError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(patience)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    // Otherwise SQLite looks at the value of `LIMIT $n` when it prepares a statement, and prepares it anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

/// As [`ask`], unless it is given up, before it begins or while it runs.
fn ask_until(
    connection: &Connection,
    statement: &Statement,
    most: ReadLimit,
    given_up: Arc<AtomicBool>,
) -> Result<(Vec<Row>, bool), ReadError> {
    // In place of the one before; it stays until the next statement.
    connection.progress_handler(LOOK_UP, Some(move || given_up.load(Ordering::Relaxed)))?;
    ask(connection, statement, most)
}

fn ask(connection: &Connection, statement: &Statement, most: ReadLimit) -> Result<(Vec<Row>, bool), ReadError> {
    let mut prepared = connection.prepare_cached(statement.sql())?;
    for index in 1..=prepared.parameter_count() {
        // SQLite numbers `$2` by where it first stands, not by what it says.
        let number = prepared.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = number.and_then(|number| statement.values().get(number.checked_sub(1)?));
        prepared.raw_bind_parameter(index, value.ok_or_else(|| StoreError::Fault("a value is missing".into()))?)?;
    }
    let names: Arc<[Box<str>]> = prepared.column_names().into_iter().map(Box::from).collect();
    let mut rows = prepared.raw_query();
    let mut taken = Vec::new();
    let mut left = most.bytes;
    // Rows of one answer are about as long as each other.
    let mut expected = 0;
    while taken.len() < most.rows
        && let Some(row) = rows.next()?
    {
        if left == 0 {
            return Ok((taken, true));
        }
        let row = FileRow::take(&names, row, expected)?;
        expected = row.len().min(EXPECTED);
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

/// Why there is no answer: SQLite's word, or ours.
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
mod tests {
    use super::*;
    use crate::{
        Store,
        db::{reader::DatabaseReader, statement::sql},
    };
    use rusqlite::StatementStatus;

    async fn store() -> (Store, Arc<SqliteReader>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
        let DatabaseReader::File(file, _) = store.reader.clone() else { panic!("not SQLite") };
        (store, file, folder)
    }

    /// How many connections are kept for what comes next; none: nothing comes.
    fn kept(idle: &Idle) -> Option<usize> {
        idle.all().as_ref().map(Vec::len)
    }

    /// Counts up to a number: takes as long as one likes.
    const COUNT: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                         SELECT COUNT(*) AS n FROM n";

    #[tokio::test]
    async fn values_are_bound_by_the_number_of_their_placeholder() {
        let (store, _file, _folder) = store().await;
        for brief in [false, true] {
            let statement = sql("SELECT $2 AS second, $1 AS first, $2 AS again, $3 AS absence").text("a").number(7);
            let statement = statement.opt_text(None);
            let statement = if brief { statement.inline() } else { statement };
            let row = statement.first(&store.reader).await.unwrap().unwrap();
            assert_eq!((row.text("first").unwrap(), row.number("second").unwrap()), ("a".into(), 7));
            assert_eq!(row.number("again").unwrap(), 7);
            assert_eq!(row.opt_text("absence").unwrap(), None);
            assert!(matches!(row.number("absence"), Err(StoreError::Corrupt(_))));
            assert!(matches!(row.number("first"), Err(StoreError::Corrupt(_))));
            assert!(matches!(row.text("absent"), Err(StoreError::Fault(_))));
            let one_too_few = sql("SELECT $2 AS x").text("a");
            let one_too_few = if brief { one_too_few.inline() } else { one_too_few };
            assert!(matches!(one_too_few.all(&store.reader).await, Err(StoreError::Fault(_))));
        }
    }

    #[tokio::test]
    async fn connections_are_used_again_and_not_more_than_there_may_be() {
        let (store, file, _folder) = store().await;
        for _ in 0..3 {
            sql("SELECT 1").inline().first(&store.reader).await.unwrap();
            sql("SELECT 1").first(&store.reader).await.unwrap();
        }
        assert_eq!((kept(&file.brief), kept(&file.long)), (Some(1), Some(1)));
        let many = (0..50).map(|_| {
            let reader = store.reader.clone();
            tokio::spawn(async move { sql(COUNT).number(1000).all(&reader).await.unwrap().len() })
        });
        for one in many.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), 1);
        }
        assert!((1..=LONG_AT_A_TIME).contains(&kept(&file.long).unwrap()));
        store.close().await;
        assert!(sql("SELECT 1").first(&store.reader).await.is_err());
        assert!(sql("SELECT 1").inline().first(&store.reader).await.is_err());
    }

    #[tokio::test]
    async fn what_comes_back_after_the_end_is_not_kept() {
        let (store, file, _folder) = store().await;
        sql("SELECT 1").inline().first(&store.reader).await.unwrap();
        let brief = file.brief.take().unwrap();
        let reader = store.reader.clone();
        let running = tokio::spawn(async move { sql(COUNT).number(1_000_000).first(&reader).await });
        while file.permits.available_permits() == LONG_AT_A_TIME {
            tokio::task::yield_now().await;
        }
        store.close().await;
        file.brief.give_back(brief);
        assert_eq!(running.await.unwrap().unwrap().unwrap().number("n").unwrap(), 1_000_000, "it was begun before");
        assert_eq!((kept(&file.brief), kept(&file.long)), (None, None));
    }

    #[tokio::test]
    async fn a_statement_that_nobody_waits_for_is_ended() {
        let (store, file, _folder) = store().await;
        for _ in 0..LONG_AT_A_TIME {
            let reader = store.reader.clone();
            let endless = tokio::spawn(async move { sql(COUNT).number(i64::MAX).all(&reader).await.map(|_| ()) });
            while file.permits.available_permits() == LONG_AT_A_TIME {
                tokio::task::yield_now().await;
            }
            endless.abort();
            while file.permits.available_permits() < LONG_AT_A_TIME {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(sql(COUNT).number(3).first(&store.reader).await.unwrap().unwrap().number("n").unwrap(), 3);
    }

    #[tokio::test]
    async fn a_statement_is_prepared_once_for_all_values() {
        let (_store, file, _folder) = store().await;
        let Ok(connection) = open(&file.path, LOCKED) else { panic!("the file cannot be read") };
        let text = "SELECT name FROM sqlite_master WHERE name > $1 ORDER BY name LIMIT $2";
        for limit in 1..10 {
            assert!(ask(&connection, &sql(text).text("a").number(limit), ReadLimit::ALL).is_ok());
        }
        let prepared = connection.prepare_cached(text).unwrap();
        assert_eq!(prepared.get_status(StatementStatus::RePrepare), 0);
    }

    /// Anyone who waits may leave before the other thread has begun.
    #[tokio::test]
    async fn a_statement_that_was_given_up_before_it_began_is_ended() {
        let (_store, file, _folder) = store().await;
        let Ok(connection) = open(&file.path, LOCKED) else { panic!("the file cannot be read") };
        let endless = sql(COUNT).number(i64::MAX);
        assert!(ask_until(&connection, &endless, ReadLimit::ONE, Arc::new(AtomicBool::new(true))).is_err());
        let brief = sql(COUNT).number(100_000);
        let answer = ask_until(&connection, &brief, ReadLimit::ONE, Arc::new(AtomicBool::new(false)));
        assert_eq!(answer.ok().unwrap().0[0].number("n").unwrap(), 100_000, "the next one is not given up");
    }

    #[tokio::test]
    async fn what_reads_cannot_write() {
        let (store, _file, _folder) = store().await;
        assert!(sql("CREATE TABLE x (y TEXT)").all(&store.reader).await.is_err());
        assert!(sql("CREATE TABLE x (y TEXT)").inline().all(&store.reader).await.is_err());
    }
}
