//! Migrations of the schema.
//!
//! On PostgreSQL a lease row replaces sqlx's advisory lock, because PgBouncer in transaction mode loses session locks
//! and CockroachDB has none. The lease expires, so a killed migrator blocks others only for a short time. It only
//! prevents duplicate work: each migration is a transaction that inserts its version, so if two processes run it, one
//! fails and changes nothing. On SQLite one transaction around all migrations holds the file's write lock.

use crate::{
    Engine, Store, StoreError,
    db::{
        connect::without_timeouts,
        database_time::database_time,
        statement::{sql, within},
    },
};
use sqlx::{
    AnyConnection, ConnectOptions as _, Connection as _, SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{sync::LazyLock, time::Duration};
use tokio::task::JoinHandle;

/// The names and contents of files in `migrations/`.
macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../../../migrations/", $name, ".sql")))),*] };
}

/// Every migration. sqlx's macro `migrate!` is not used, because it would compile both drivers and their dependencies a
/// second time, for the compiler's own use.
const FILES: &[(&str, &str)] = files![
    "0001_teams",
    "0002_members",
    "0003_groups",
    "0004_sign_in",
    "0005_invites",
    "0006_authentication",
    "0007_activity",
    "0008_server",
    "0009_single_sign_on",
];

static MIGRATOR: LazyLock<Migrator> = LazyLock::new(|| {
    let files = FILES.iter().filter_map(|(name, content)| migration(name, content)).collect();
    let mut migrator = Migrator::with_migrations(files);
    migrator.set_locking(false);
    migrator
});

/// Parses a name such as `0002_member_lists` as sqlx does.
fn migration(name: &str, content: &'static str) -> Option<Migration> {
    let (version, description) = name.split_once('_')?;
    let (version, description) = (version.parse().ok()?, description.replace('_', " "));
    Some(Migration::new(version, description.into(), MigrationType::Simple, SqlStr::from_static(content), false))
}

/// A lease that was not renewed for this long is free, in milliseconds.
const LEASE: i64 = 30_000;
const RENEWAL: Duration = Duration::from_secs(5);
/// The interval at which a waiting migrator checks the lease.
const POLL: Duration = Duration::from_millis(100);

const APPLIED: &str = "SELECT MAX(version) AS newest, MAX(CASE WHEN version = 1 THEN description END) AS baseline \
                       FROM _sqlx_migrations";
const LEASE_TABLE: &str = "CREATE TABLE migration_lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, \
                           expires_at BIGINT NOT NULL)";
const TAKE: &str = concat!(
    "INSERT INTO migration_lease (name, holder, expires_at) VALUES ('schema', $1, ",
    database_time!(),
    " + $2) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
     WHERE migration_lease.expires_at < ",
    database_time!()
);
const RENEW: &str = concat!("UPDATE migration_lease SET expires_at = ", database_time!(), " + $2 WHERE holder = $1");
const RELEASE: &str = "DELETE FROM migration_lease WHERE holder = $1";

impl Store {
    /// Migrates the schema to this build's version. If several processes call it at once, one migrates and the others
    /// wait.
    ///
    /// # Errors
    /// [`StoreError::Migration`]: another build wrote a schema that this one cannot migrate, or a migration failed and
    /// was rolled back. [`StoreError::Unavailable`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.is_migrated().await? {
            return Ok(());
        }
        match self.engine {
            Engine::Sqlite => self.migrate_file().await,
            Engine::Postgres => self.migrate_postgres().await,
        }
    }

    /// Is the database available, with the schema of this build?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Migration`].
    pub async fn ready(&self) -> Result<(), StoreError> {
        if self.is_migrated().await? { Ok(()) } else { Err(StoreError::Migration("run `rollcall migrate`".into())) }
    }

    /// Is the schema that of this build? `false` if it is older or missing.
    async fn is_migrated(&self) -> Result<bool, StoreError> {
        let applied = match sql(APPLIED).first(&self.reader).await {
            Ok(Some(row)) => (row.opt_number("newest")?, row.opt_text("baseline")?),
            // The table does not exist.
            Ok(None) | Err(StoreError::Fault(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        compare(applied.0, applied.1.as_deref())
    }

    async fn migrate_file(&self) -> Result<(), StoreError> {
        // Each migration begins a nested transaction in it, which only sqlx's own transactions support. If that fails,
        // the connection is not used again.
        let mut connection = self.writer.acquire().await?.detach();
        let mut tx = within(connection.begin_with("BEGIN IMMEDIATE")).await?;
        MIGRATOR.run_direct(None, &mut *tx, false).await?;
        within(tx.commit()).await?;
        within(connection.close()).await
    }

    async fn migrate_postgres(&self) -> Result<(), StoreError> {
        let options = without_timeouts(&self.writer.pool().connect_options());
        let mut connection: AnyConnection = within(options.connect()).await?;
        let Some(lease) = self.lease().await? else { return within(connection.close()).await };
        let migrated = MIGRATOR.run_direct(None, &mut connection, false).await;
        lease.release().await;
        migrated?;
        within(connection.close()).await
    }

    /// Waits for the lease. `None`: another process migrated the schema meanwhile.
    async fn lease(&self) -> Result<Option<Lease>, StoreError> {
        let holder = uuid::Uuid::now_v7().to_string();
        let mut has_table = false;
        let mut has_waited = false;
        loop {
            match sql(TAKE).text(&holder).number(LEASE).run(&self.writer).await {
                Ok(0) => {}
                Ok(_) => return Ok(Some(Lease::new(self.clone(), holder))),
                Err(StoreError::Fault(_)) if !has_table => {
                    has_table = true;
                    match sql(LEASE_TABLE).run(&self.writer).await {
                        // Another process created the row at the same moment.
                        Ok(_) | Err(StoreError::Conflict(_) | StoreError::Fault(_)) => continue,
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            }
            if self.is_migrated().await? {
                return Ok(None);
            }
            if !std::mem::replace(&mut has_waited, true) {
                tracing::info!("another process is migrating the database; waiting for it");
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Compares the applied migrations with those of this build. `baseline` is the name of the first applied one.
fn compare(newest: Option<i64>, baseline: Option<&str>) -> Result<bool, StoreError> {
    let first = MIGRATOR.iter().next().map(|migration| &*migration.description);
    if newest.is_some() && baseline != first {
        return Err(StoreError::Migration(
            "it was written by a development build from before the first release, whose schema cannot be upgraded. Use a new database"
                .into(),
        ));
    }
    let own = MIGRATOR.iter().map(|migration| migration.version).max();
    match newest {
        Some(newest) if Some(newest) > own => {
            Err(StoreError::Migration(format!("it was created by a newer version of Rollcall (migration {newest})")))
        }
        newest => Ok(newest == own),
    }
}

/// The right to migrate, renewed until it is released. If it is dropped instead, it expires.
struct Lease {
    store: Store,
    holder: String,
    renewal: JoinHandle<()>,
}

impl Lease {
    fn new(store: Store, holder: String) -> Self {
        let renewal = tokio::spawn({
            let (store, holder) = (store.clone(), holder.clone());
            async move {
                loop {
                    tokio::time::sleep(RENEWAL).await;
                    if let Err(error) = sql(RENEW).text(&holder).number(LEASE).run(&store.writer).await {
                        tracing::warn!(%error, "the lease of the migration was not renewed");
                    }
                }
            }
        });
        Self { store, holder, renewal }
    }

    async fn release(self) {
        self.renewal.abort();
        if let Err(error) = sql(RELEASE).text(&self.holder).run(&self.store.writer).await {
            tracing::warn!(%error, "the lease of the migration was not released; it expires");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_migration() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations")).unwrap();
        let mut files: Vec<String> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        assert_eq!(FILES.iter().map(|(name, _)| format!("{name}.sql")).collect::<Vec<_>>(), files);
        let versions: Vec<i64> = files.iter().map(|file| file[..4].parse().unwrap()).collect();
        assert_eq!(MIGRATOR.iter().map(|migration| migration.version).collect::<Vec<_>>(), versions);
        assert_eq!(MIGRATOR.iter().next().unwrap().description, "teams");
    }

    #[test]
    fn schemas_of_other_builds_are_recognized() {
        let own = MIGRATOR.iter().map(|migration| migration.version).max();
        assert!(matches!(compare(None, None), Ok(false)));
        assert!(matches!(compare(own, Some("teams")), Ok(true)));
        assert!(matches!(compare(Some(1), Some("teams")), Ok(false)));
        let refusal = |newest, baseline| compare(Some(newest), baseline).unwrap_err().to_string();
        assert!(refusal(9_999, Some("teams")).contains("newer version of Rollcall"));
        assert!(refusal(15, Some("init")).contains("development build"));
        assert!(refusal(1, Some("init")).contains("development build"));
    }

    /// SQLite builds one in each statement for an `IN` of three or more values, also for that of a CHECK or a partial index.
    #[tokio::test]
    async fn an_insert_builds_no_temporary_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        store.migrate().await.unwrap();
        let database = rusqlite::Connection::open(&path).unwrap();
        let texts = |query: &str, column: usize| -> Vec<String> {
            let mut statement = database.prepare(query).unwrap();
            statement.query_map([], |row| row.get(column)).unwrap().map(Result::unwrap).collect()
        };
        let tables = texts("SELECT name FROM sqlite_master WHERE type = 'table'", 0);
        assert!(tables.iter().any(|table| table == "members"));
        for table in tables {
            let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}')"), 0);
            let values = vec!["1"; columns.len()].join(", ");
            let steps = texts(&format!("EXPLAIN INSERT INTO {table} ({}) VALUES ({values})", columns.join(", ")), 1);
            assert!(!steps.iter().any(|step| step == "OpenEphemeral"), "{table}");
        }
    }
}
