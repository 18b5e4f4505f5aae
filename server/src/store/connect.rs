//! Opening the database.

use super::{
    Engine, Quotas, Store, StoreError, file::File, names::Names, news::News, reader::Reader, run::within,
    turnstile::Turnstile,
};
use sqlx::{
    AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Row as _, any::AnyConnectOptions, pool::PoolOptions,
    sqlite::SqliteConnectOptions,
};
use std::{str::FromStr as _, sync::Arc, time::Duration};

/// How long a request waits for a connection before it is answered with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Changes to teams that run at once on PostgreSQL: the other connections are for reads, sessions and the request log.
const POSTGRES_CHANGES: usize = 8;

impl Store {
    /// Opens the database at `sqlite://path` (the file is made where there is none) or `postgres://...`. The schema is
    /// left as it is: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::Unavailable`], [`StoreError::Corrupt`] (the file is not a database).
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        match url.split_once(':') {
            Some(("sqlite", _)) => Self::open_sqlite(url).await,
            Some(("postgres" | "postgresql", _)) => Self::open_postgres(url).await,
            _ => Err(StoreError::Url("it starts with neither sqlite:// nor postgres://".into())),
        }
    }

    /// Closes every connection, after the statements that are running.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(StoreError::Url("a database in memory is not supported; name a file".into()));
        }
        let options = options(&with_mode(url))?;
        // First by hand, which makes the file and turns WAL on before anybody reads: a pool would try again and again what
        // cannot succeed, and then not say why.
        let mut first = within(options.connect()).await?;
        prepare_sqlite_writer(&mut first).await?;
        within(first.close()).await?;
        let writer = pool(1).after_connect(|connection, _| Box::pin(prepare_sqlite_writer(connection)));
        let writer = no_expiry(writer).connect_lazy_with(options);
        let path = SqliteConnectOptions::from_str(url)?.get_filename().to_owned();
        let reader = Reader::File(Arc::new(File::new(path)));
        Ok(Self::of(Engine::Sqlite, writer, reader, Turnstile::new(1)))
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = options(url)?;
        let mut first = within(options.connect()).await?;
        prepare_postgres(&mut first).await?;
        within(first.close()).await?;
        let pool = pool(POSTGRES_CONNECTIONS)
            .after_connect(|connection, _| Box::pin(prepare_postgres(connection)))
            .connect_lazy_with(options);
        let reader = Reader::Pool(pool.clone());
        Ok(Self::of(Engine::Postgres, pool, reader, Turnstile::new(POSTGRES_CHANGES)))
    }
}

impl Store {
    fn of(engine: Engine, writer: AnyPool, reader: Reader, turnstile: Turnstile) -> Self {
        let (news, names) = (News::default(), Names::default());
        Self { engine, writer, reader, news, names, turnstile, quotas: Quotas::default() }
    }
}

fn pool(connections: u32) -> PoolOptions<sqlx::Any> {
    PoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT)
}

/// A file does not hang up: no need to ask it whether it is still there, or to open it anew from time to time.
fn no_expiry(pool: PoolOptions<sqlx::Any>) -> PoolOptions<sqlx::Any> {
    pool.test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

fn options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    Ok(AnyConnectOptions::from_str(url)?)
}

/// The URL with `mode=rwc`, unless it names a mode.
fn with_mode(url: &str) -> String {
    match url.split_once('?') {
        None => format!("{url}?mode=rwc"),
        Some((_, query)) if query.split('&').any(|part| part.starts_with("mode=")) => url.to_owned(),
        Some(_) => format!("{url}&mode=rwc"),
    }
}

/// `synchronous=FULL`: what was acknowledged survives a power loss (NORMAL may lose the last commits in WAL mode).
async fn prepare_sqlite_writer(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    turn_wal_on(connection).await?;
    sqlx::raw_sql("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000")
        .execute(connection)
        .await?;
    Ok(())
}

/// Turning WAL on needs the file for oneself, and SQLite does not wait for that by itself: where several programs open a
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

/// Acknowledged means on disk; nothing waits for a lock, or holds one, for ever.
async fn prepare_postgres(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
         SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s';
         SET default_transaction_isolation = 'read committed'",
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::run::{Answers, sql};

    #[tokio::test]
    async fn sqlite_is_set_up_as_it_should_be() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let store = Store::connect(&url).await.unwrap();
        async fn setting(on: impl Answers, query: &'static str, name: &str) -> i64 {
            sql(query).first(on).await.unwrap().unwrap().number(name).unwrap()
        }
        let mode = sql("PRAGMA journal_mode").first(&store.reader).await.unwrap().unwrap();
        assert_eq!(mode.text("journal_mode").unwrap(), "wal");
        assert_eq!(setting(&store.writer, "PRAGMA synchronous", "synchronous").await, 2, "FULL");
        assert_eq!(setting(&store.writer, "PRAGMA foreign_keys", "foreign_keys").await, 1);
        assert_eq!(setting(&store.writer, "PRAGMA busy_timeout", "timeout").await, 5000);
        assert_eq!(setting(&store.reader, "PRAGMA busy_timeout", "timeout").await, 5000);
        assert_eq!(setting(&store.reader, "PRAGMA query_only", "query_only").await, 1);
        assert_eq!(store.writer.options().get_max_connections(), 1);
        assert!(!format!("{store:?}").contains("x.db"));
    }

    #[test]
    fn the_file_is_made_unless_the_url_says_otherwise() {
        assert_eq!(with_mode("sqlite://a.db"), "sqlite://a.db?mode=rwc");
        assert_eq!(with_mode("sqlite://a.db?cache=private"), "sqlite://a.db?cache=private&mode=rwc");
        assert_eq!(with_mode("sqlite://a.db?mode=rw"), "sqlite://a.db?mode=rw");
    }
}
