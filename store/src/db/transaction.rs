//! Transactions that write.
//!
//! SQLite rolls a transaction back by itself when a write fails, for example because the disk is full. sqlx does not
//! notice. Its ROLLBACK then fails, its count of open transactions stays at 1, and that connection refuses every later
//! transaction. So BEGIN, COMMIT and ROLLBACK are plain statements here, and a connection on which one of them failed
//! is closed.

use crate::{
    Engine, StoreError,
    db::{
        retry::TransactionAttempt,
        row::Row,
        statement::{Execute, Fetch, Statement, committed, within},
        write_monitor::WriteMonitor,
    },
};
use sqlx::{Any, AnyConnection, pool::PoolConnection};
use std::ops::{Deref, DerefMut};

/// A transaction. Dropped without [`commit`](Self::commit), it is rolled back.
pub(crate) struct Transaction(OpenTransaction);

/// The target of a transaction's statements.
pub(crate) struct OpenTransaction {
    /// `None` after the end of the transaction.
    connection: Option<PoolConnection<Any>>,
    state: State,
    monitor: WriteMonitor,
    attempt: TransactionAttempt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// A statement failed. Later ones are refused, because SQLite may have rolled back and would commit each of them by
    /// itself.
    Failed,
    /// The state of the connection is unknown, so it is closed.
    Broken,
}

impl Transaction {
    /// Begins a transaction. SQLite takes the write lock at once, because a transaction that begins with a read cannot
    /// always get it later.
    pub(crate) async fn begin(
        connection: PoolConnection<Any>,
        monitor: WriteMonitor,
        attempt: &TransactionAttempt,
    ) -> Result<Self, StoreError> {
        let begin = match monitor.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let mut open =
            OpenTransaction { connection: Some(connection), state: State::Broken, monitor, attempt: attempt.share() };
        open.control(begin).await?;
        open.state = State::Open;
        Ok(Self(open))
    }

    /// Keeps the transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: nothing is stored. [`StoreError::Unconfirmed`]: everything or nothing is stored,
    /// and the outcome is unknown.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let mut open = self.0;
        open.usable()?;
        // Broken while COMMIT runs, because the outcome is unknown if the caller is cancelled now.
        open.state = State::Broken;
        let Some(connection) = &mut open.connection else { return Ok(()) };
        let connection: &mut AnyConnection = connection;
        let committed = committed(sqlx::raw_sql("COMMIT").execute(connection)).await;
        open.attempt.note_commit(&committed);
        open.monitor.note_failure(committed)?;
        open.release();
        // A commit into a lost file is not acknowledged.
        let check = open.monitor.note(open.monitor.check_file());
        check.map_err(|error| StoreError::Unconfirmed(error.to_string()))
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; nothing is stored in that case either.
    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        let mut open = self.0;
        let had_failed = open.state != State::Open;
        if open.state == State::Broken {
            return Ok(());
        }
        open.state = State::Broken;
        match open.control("ROLLBACK").await {
            Ok(()) => open.release(),
            // SQLite had rolled back by itself.
            Err(_) if had_failed => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl OpenTransaction {
    pub(crate) fn engine(&self) -> Engine {
        self.monitor.engine()
    }

    fn usable(&mut self) -> Result<&mut AnyConnection, StoreError> {
        match (&mut self.connection, self.state) {
            (Some(connection), State::Open) => Ok(connection),
            _ => Err(StoreError::Fault("the transaction ended when a statement of it failed".into())),
        }
    }

    /// Executes a statement that begins or ends the transaction.
    async fn control(&mut self, statement: &'static str) -> Result<(), StoreError> {
        let Some(connection) = &mut self.connection else { return Ok(()) };
        let connection: &mut AnyConnection = connection;
        let done = within(sqlx::raw_sql(statement).execute(connection)).await;
        self.monitor.note_failure(done.map(|_| ()))
    }

    /// Records that a statement failed. After a unique violation, SQLite continues and PostgreSQL does not.
    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.attempt.note(&result);
        match &result {
            Ok(_) => {}
            Err(StoreError::Conflict(_)) if self.monitor.engine() == Engine::Sqlite => {}
            Err(StoreError::Unavailable(_) | StoreError::Corrupt(_)) => self.state = State::Broken,
            Err(_) => self.state = State::Failed,
        }
        self.monitor.note_failure(result)
    }

    /// Returns the connection to the pool after the transaction has ended.
    fn release(&mut self) {
        self.connection.take();
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if self.state != State::Broken => {
                runtime.spawn(roll_back(connection));
            }
            _ => close(connection),
        }
    }
}

async fn roll_back(mut connection: PoolConnection<Any>) {
    let open: &mut AnyConnection = &mut connection;
    if within(sqlx::raw_sql("ROLLBACK").execute(open)).await.is_err() {
        close(connection);
    }
}

/// Closes a connection. The pool opens another in its place at once.
pub(crate) fn close(connection: PoolConnection<Any>) {
    drop(connection.detach());
}

impl Deref for Transaction {
    type Target = OpenTransaction;

    fn deref(&self) -> &OpenTransaction {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut OpenTransaction {
        &mut self.0
    }
}

impl Fetch for &mut OpenTransaction {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let rows = self.usable()?.all(statement).await;
        self.note(rows)
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        let row = self.usable()?.first(statement).await;
        self.note(row)
    }
}

impl Execute for &mut OpenTransaction {
    async fn run(self, statement: Statement) -> Result<u64, StoreError> {
        let rows = self.usable()?.run(statement).await;
        self.note(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RetryLoop, Store, db::statement::sql};

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}", folder.path().join("x.db").display())).await.unwrap();
        store.migrate().await.unwrap();
        (store, folder)
    }

    /// Executes a statement on the only writing connection.
    async fn prepare(store: &Store, statement: &'static str) {
        let mut connection = store.writer.acquire().await.unwrap();
        sqlx::raw_sql(statement).execute(&mut *connection).await.unwrap();
    }

    fn insert(name: &str, size: usize) -> Statement {
        sql("INSERT INTO settings (name, value) VALUES ($1, $2)").text(name).text(&"x".repeat(size))
    }

    async fn write(store: &Store, name: &str, size: usize) -> Result<(), StoreError> {
        let mut tx = store.begin(&RetryLoop::default().attempt()).await?;
        insert(name, 1).run(&mut *tx).await?;
        insert(&format!("{name}2"), size).run(&mut *tx).await?;
        tx.commit().await
    }

    /// The rows of [`insert`].
    async fn stored(store: &Store) -> Vec<String> {
        let rows =
            sql("SELECT name FROM settings WHERE value LIKE 'x%' ORDER BY name").all(&store.reader).await.unwrap();
        rows.iter().map(|row| row.text("name").unwrap()).collect()
    }

    /// SQLite rolls back by itself when the disk is full.
    #[tokio::test]
    async fn after_a_full_disk_the_next_change_works() {
        let (store, _folder) = store().await;
        prepare(&store, "PRAGMA max_page_count = 1").await;
        let full = write(&store, "a", 1 << 20).await;
        assert!(matches!(full, Err(StoreError::Unavailable(_))), "{full:?}");
        assert_eq!(stored(&store).await, Vec::<String>::new());
        write(&store, "b", 1).await.unwrap();
        store.writable().await.unwrap();
        assert_eq!(stored(&store).await, ["b", "b2"]);
    }

    #[tokio::test]
    async fn after_a_failed_statement_later_ones_are_refused() {
        let (store, _folder) = store().await;
        prepare(&store, "PRAGMA max_page_count = 1").await;
        let mut tx = store.begin(&RetryLoop::default().attempt()).await.unwrap();
        insert("a", 1 << 20).run(&mut *tx).await.unwrap_err();
        assert!(insert("b", 1).run(&mut *tx).await.is_err(), "SQLite would commit it at once");
        assert!(tx.commit().await.is_err());
        assert_eq!(stored(&store).await, Vec::<String>::new());
        let mut tx = store.begin(&RetryLoop::default().attempt()).await.unwrap();
        sql("INSERT INTO nowhere VALUES (1)").run(&mut *tx).await.unwrap_err();
        tx.rollback().await.unwrap();
        write(&store, "c", 1).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_could_not_be_written_needs_no_restart() {
        let (store, _folder) = store().await;
        prepare(&store, "PRAGMA query_only = ON").await;
        assert!(matches!(write(&store, "a", 1).await, Err(StoreError::Unavailable(_))));
        write(&store, "b", 1).await.unwrap();
        prepare(&store, "PRAGMA query_only = ON").await;
        assert!(insert("c", 1).run(&store.writer).await.is_err());
        insert("d", 1).run(&store.writer).await.unwrap();
    }

    /// A COMMIT that fails leaves SQLite's transaction open.
    #[tokio::test]
    async fn after_a_failed_commit_the_next_change_works() {
        let (store, _folder) = store().await;
        prepare(&store, "CREATE TABLE late (name TEXT REFERENCES settings (name) DEFERRABLE INITIALLY DEFERRED)").await;
        let mut tx = store.begin(&RetryLoop::default().attempt()).await.unwrap();
        sql("INSERT INTO late VALUES ('nobody')").run(&mut *tx).await.unwrap();
        tx.commit().await.unwrap_err();
        write(&store, "b", 1).await.unwrap();
        let left = sql("SELECT name FROM late").all(&store.reader).await.unwrap();
        assert!(left.is_empty());
    }

    #[tokio::test]
    async fn a_dropped_transaction_is_rolled_back_and_the_connection_stays() {
        let (store, _folder) = store().await;
        prepare(&store, "PRAGMA max_page_count = 100000").await;
        let mut tx = store.begin(&RetryLoop::default().attempt()).await.unwrap();
        insert("a", 1).run(&mut *tx).await.unwrap();
        drop(tx);
        write(&store, "b", 1).await.unwrap();
        assert_eq!(stored(&store).await, ["b", "b2"]);
        let limit = sql("PRAGMA max_page_count").first(&store.writer).await.unwrap().unwrap();
        assert_eq!(limit.number("max_page_count").unwrap(), 100_000);
    }

    #[tokio::test]
    async fn readiness_follows_the_changes() {
        let (store, _folder) = store().await;
        store.writable().await.unwrap();
        // Like a full disk, for every connection.
        prepare(&store, "CREATE TRIGGER full BEFORE INSERT ON settings BEGIN SELECT RAISE(ABORT, 'no'); END").await;
        store.writable().await.unwrap();
        store.writer.note_failure::<()>(Err(StoreError::Unavailable("the disk is full".into()))).unwrap_err();
        assert!(store.writable().await.is_err(), "it was tried");
        assert!(store.writable().await.unwrap_err().to_string().contains("the disk is full"), "and not again at once");
        sql("DROP TRIGGER full").run(&store.writer).await.unwrap();
        insert("a", 1).run(&store.writer).await.unwrap();
        store.writable().await.unwrap();
    }
}
