//! Opening of the database.

use crate::{
    Engine, ServerLock, Store, StoreError,
    db::{
        database_file::DatabaseFile,
        integrity,
        reader::DatabaseReader,
        server_lock::{check_log, is_served},
        sqlite_reader::SqliteReader,
        statement::{sql, within},
        write_scheduler::WriteScheduler,
        writer::DatabaseWriter,
    },
};
use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, Row as _, any::AnyConnectOptions, pool::PoolOptions,
    sqlite::SqliteConnectOptions,
};
use std::{path::PathBuf, str::FromStr as _, sync::Arc, time::Duration};

/// The size in bytes of a database file whose check takes long enough to be announced.
const LARGE: u64 = 64 * 1024 * 1024;
/// The time that a request waits for a connection before it gets a 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// Reading connections to PostgreSQL. They are separate from the writing ones, so that pages and sign-in work while
/// every writer waits.
const POSTGRES_READERS: u32 = 8;
/// Writing connections to PostgreSQL.
const POSTGRES_WRITERS: u32 = 8;
/// Changes to teams that run at once on PostgreSQL. The other writing connections are for sign-in, sessions and the
/// request log.
const POSTGRES_CHANGES: usize = 5;

impl Store {
    /// Opens the database at `sqlite://path` (creating the file) or `postgres://...`. The schema stays as it is: see
    /// [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::Unavailable`], [`StoreError::Corrupt`] (the file is not a database).
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        match url.split_once(':') {
            Some(("sqlite", _)) => Self::open_sqlite(url).await,
            Some(("postgres" | "postgresql", _)) => Self::open_postgres(url).await,
            _ => Err(StoreError::Url("it must start with sqlite:// or postgres://".into())),
        }
    }

    /// Like [`connect`](Self::connect), for a server: locks SQLite's file, and checks it unless a server closed it
    /// properly. The lock is for [`Store::watch`].
    ///
    /// # Errors
    /// [`StoreError::Url`]: another server has the file. [`StoreError::Corrupt`]: it is damaged. Those of `connect`.
    pub async fn connect_as_server(url: &str) -> Result<(Self, Option<ServerLock>), StoreError> {
        if !url.starts_with("sqlite:") {
            return Ok((Self::connect(url).await?, None));
        }
        let path = sqlite_path(url)?;
        let check = tokio::task::spawn_blocking(move || {
            let lock = ServerLock::take(&path)?;
            let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
            if let Some(aside) = lock.set_stale_log_aside().map_err(failed)? {
                let aside = aside.display();
                tracing::warn!(%aside, "the database file was replaced while a server ran; what that server had not yet written \
                     into its own file is here now");
            }
            if !lock.is_unchanged() {
                if std::fs::metadata(&path).is_ok_and(|file| file.len() > LARGE) {
                    tracing::info!(
                        "the database file is checked, because the last server did not close it or it has changed since"
                    );
                }
                integrity::check(&path)?;
            }
            lock.note_running().map_err(failed)?;
            Ok::<_, StoreError>(lock)
        });
        let lock = check.await.map_err(|error| StoreError::Fault(error.to_string()))??;
        Ok((Self::connect(url).await?, Some(lock)))
    }

    /// Closes every connection, after the statements that are running.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.pool().close().await;
        if let Some(file) = self.writer.file() {
            file.close();
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(StoreError::Url("in-memory databases aren't supported; use a file".into()));
        }
        let path = sqlite_path(url)?;
        if !names_mode(url) {
            integrity::create(&path);
        }
        integrity::make_private(&path)?;
        check_log(&path)?;
        let options = options(&with_mode(url))?;
        // The first connection is opened directly. It creates the file and turns WAL on before the first read. A pool
        // would also repeat attempts that cannot succeed, and then lose the reason.
        let mut first = within(options.connect()).await?;
        prepare_sqlite_writer(&mut first, false).await?;
        within(first.close()).await?;
        let file = DatabaseFile::open(path.clone()).map_err(|error| {
            StoreError::Unavailable(format!("can't read the database file {}: {error}", path.display()))
        })?;
        let file = Arc::new(file);
        let (watched, served_at_first) = (Arc::clone(&file), is_served(&path));
        let pool = pool(1).after_connect(move |connection, _| {
            let is_served = watched.is_watched() || served_at_first;
            Box::pin(prepare_sqlite_writer(connection, is_served))
        });
        let pool = no_expiry(pool).connect_lazy_with(options);
        let writer = DatabaseWriter::new(pool, Engine::Sqlite, Some(Arc::clone(&file)));
        let reader = DatabaseReader::File(Arc::new(SqliteReader::new(path)), file);
        Ok(Self::new(Engine::Sqlite, writer, reader, WriteScheduler::new(1)))
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = with_startup_options(options(url)?, &SESSION);
        // The first connection is opened directly, because a pool would repeat attempts that cannot succeed, and then
        // lose the reason.
        let mut first = within(options.connect()).await?;
        let is_asynchronous = commits_asynchronously(&mut first).await?;
        within(first.close()).await?;
        let options = if is_asynchronous { with_startup_options(options, &SYNCHRONOUS) } else { options };
        let pool = |connections| pool(connections).connect_lazy_with(options.clone());
        let writer = DatabaseWriter::new(pool(POSTGRES_WRITERS), Engine::Postgres, None);
        let reader = DatabaseReader::Pool(pool(POSTGRES_READERS));
        Ok(Self::new(Engine::Postgres, writer, reader, WriteScheduler::new(POSTGRES_CHANGES)))
    }
}

fn pool(connections: u32) -> PoolOptions<sqlx::Any> {
    PoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT)
}

/// A file does not close connections. So there is no need to test them, or to open them anew from time to time.
fn no_expiry(pool: PoolOptions<sqlx::Any>) -> PoolOptions<sqlx::Any> {
    pool.test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

fn options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    Ok(AnyConnectOptions::from_str(url)?)
}

fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

fn names_mode(url: &str) -> bool {
    url.split_once('?').is_some_and(|(_, query)| query.split('&').any(|part| part.starts_with("mode=")))
}

/// Adds `mode=rwc` to the URL, unless it has a mode.
fn with_mode(url: &str) -> String {
    match url.contains('?') {
        _ if names_mode(url) => url.to_owned(),
        true => format!("{url}&mode=rwc"),
        false => format!("{url}?mode=rwc"),
    }
}

/// With `synchronous=FULL`, acknowledged changes survive a power loss (NORMAL may lose the last commits in WAL mode). A
/// server makes the checkpoints itself (see `checkpoint`), so SQLite makes none for it.
async fn prepare_sqlite_writer(connection: &mut AnyConnection, is_served: bool) -> Result<(), sqlx::Error> {
    turn_wal_on(connection).await?;
    sqlx::raw_sql("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000")
        .execute(&mut *connection)
        .await?;
    if is_served {
        sqlx::raw_sql("PRAGMA wal_autocheckpoint = 0").execute(connection).await?;
    }
    Ok(())
}

/// Turns WAL on. That needs exclusive access to the file, which SQLite does not wait for. If several programs open a
/// new file at once, all but one have to try again.
async fn turn_wal_on(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let mut tries = 0;
    loop {
        match sqlx::query("PRAGMA journal_mode = WAL").fetch_one(&mut *connection).await {
            Ok(row) => {
                let mode: String = row.try_get(0)?;
                return if mode == "wal" {
                    Ok(())
                } else {
                    Err(sqlx::Error::Configuration(format!("the file's journal mode stays {mode}").into()))
                };
            }
            Err(error) if tries < 100 && is_busy(&error) => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// The start of every PostgreSQL session: nothing waits for a lock, or holds one, for ever. These are start-up options
/// and not SET, because PgBouncer in transaction mode gives each transaction another session.
const SESSION: [(&str, &str); 4] = [
    ("lock_timeout", "5s"),
    ("statement_timeout", "30s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("default_transaction_isolation", "read committed"),
];
/// Acknowledged changes are on disk. Only applied if the server's default is `off`, because `remote_apply` and others
/// guarantee more.
const SYNCHRONOUS: [(&str, &str); 1] = [("synchronous_commit", "on")];
const NO_TIMEOUTS: [(&str, &str); 2] = [("lock_timeout", "0"), ("statement_timeout", "0")];

/// The options for a migration, which may take a long time.
pub(crate) fn without_timeouts(options: &AnyConnectOptions) -> AnyConnectOptions {
    with_startup_options(options.clone(), &NO_TIMEOUTS)
}

/// For two options with one name, the later one counts.
fn with_startup_options(mut options: AnyConnectOptions, added: &[(&str, &str)]) -> AnyConnectOptions {
    let mut query = options.database_url.query_pairs_mut();
    for (name, value) in added {
        query.append_pair(&format!("options[{name}]"), value);
    }
    drop(query);
    options
}

async fn commits_asynchronously(connection: &mut AnyConnection) -> Result<bool, StoreError> {
    let row = sql("SELECT current_setting('synchronous_commit') AS mode").first(connection).await?;
    row.map_or(Ok(false), |row| Ok(row.text("mode")? == "off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::statement::Fetch;

    #[tokio::test]
    async fn sqlite_has_the_required_pragmas() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let store = Store::connect(&url).await.unwrap();
        async fn setting(on: impl Fetch, query: &'static str, name: &str) -> i64 {
            sql(query).first(on).await.unwrap().unwrap().number(name).unwrap()
        }
        let mode = sql("PRAGMA journal_mode").first(&store.reader).await.unwrap().unwrap();
        assert_eq!(mode.text("journal_mode").unwrap(), "wal");
        assert_eq!(setting(&store.writer, "PRAGMA synchronous", "synchronous").await, 2, "FULL");
        assert_eq!(setting(&store.writer, "PRAGMA foreign_keys", "foreign_keys").await, 1);
        assert_eq!(setting(&store.writer, "PRAGMA busy_timeout", "timeout").await, 5000);
        assert_eq!(setting(&store.reader, "PRAGMA busy_timeout", "timeout").await, 5000);
        assert_eq!(setting(&store.reader, "PRAGMA query_only", "query_only").await, 1);
        assert_eq!(store.writer.pool().options().get_max_connections(), 1);
        assert!(!format!("{store:?}").contains("x.db"));
    }

    #[test]
    fn the_file_is_created_unless_the_url_has_a_mode() {
        assert_eq!(with_mode("sqlite://a.db"), "sqlite://a.db?mode=rwc");
        assert_eq!(with_mode("sqlite://a.db?cache=private"), "sqlite://a.db?cache=private&mode=rwc");
        assert_eq!(with_mode("sqlite://a.db?mode=rw"), "sqlite://a.db?mode=rw");
    }
}
