//! A new, migrated database for every test, on each engine: a copy of a template that each process migrates once.
//!
//! SQLite uses a temporary folder. PostgreSQL is the server at `ROLLCALL_TEST_POSTGRES_URL` (which `make test` and
//! `scripts/with-postgres` start). Every test creates its own database there and drops it at the end. The template stays,
//! because `scripts/with-postgres` removes its server.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use sqlx::{AssertSqlSafe, Connection as _, migrate::MigrateDatabase as _};
use std::{
    future::Future,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use store::Store;
use tokio::sync::OnceCell;

/// A database for one test. Clones share the database.
#[derive(Clone)]
pub struct Db {
    /// The open store, migrated.
    pub store: Store,
    /// The address, for a second connection.
    pub url: String,
    folder: Option<Arc<tempfile::TempDir>>,
}

impl Db {
    /// A new SQLite file.
    pub async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(sqlite_template).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        std::fs::write(&path, template).expect("a copy of the template");
        Self::open(sqlite_url(&path), Some(Arc::new(folder))).await
    }

    /// A new database of the PostgreSQL server.
    pub async fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let Ok(server) = std::env::var("ROLLCALL_TEST_POSTGRES_URL") else {
            panic!(
                "there is no PostgreSQL to test with: run `make test`, or put scripts/with-postgres before the command"
            );
        };
        let process = std::process::id();
        let template = TEMPLATE.get_or_init(|| postgres_template(&server, process)).await;
        let name = format!("rollcall_test_{process}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection = sqlx::AnyConnection::connect(&server).await.expect("the PostgreSQL server");
        let create = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"));
        sqlx::raw_sql(create).execute(&mut connection).await.expect("a database of PostgreSQL");
        connection.close().await.expect("the connection closes");
        Self::open(postgres_url(&server, &name), None).await
    }

    async fn open(url: String, folder: Option<Arc<tempfile::TempDir>>) -> Self {
        let store = Store::connect(&url).await.expect("the database opens");
        store.ready().await.expect("the copy is migrated");
        Self { store, url, folder }
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    /// Runs a statement without the store.
    pub async fn sql(&self, statement: &str) {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// As [`Db::sql`], but returns whether the database accepted it. Foreign keys are checked, as for the store.
    pub async fn try_sql(&self, statement: &str) -> bool {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        let is_kept = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.is_ok();
        connection.close().await.unwrap();
        is_kept
    }

    /// The single text that a query returns, without the store.
    pub async fn text(&self, query: &str) -> Option<String> {
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        let query = sqlx::query_scalar(AssertSqlSafe(query.to_owned()));
        let text = query.fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        text
    }

    async fn remove(self) {
        self.store.close().await;
        if !self.is_sqlite() {
            sqlx::Any::force_drop_database(&self.url).await.unwrap();
        }
    }
}

/// The content of a migrated SQLite file.
async fn sqlite_template() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("template.db");
    migrate(&sqlite_url(&path)).await;
    let log = path.with_extension("db-wal");
    let is_whole = std::fs::metadata(log).map_or(true, |log| log.len() == 0);
    assert!(is_whole, "closing the database has moved its log into the file");
    std::fs::read(&path).expect("the template")
}

/// A migrated database of the PostgreSQL server, to which nothing is connected.
async fn postgres_template(server: &str, process: u32) -> String {
    let name = format!("rollcall_template_{process}");
    let url = postgres_url(server, &name);
    sqlx::any::install_default_drivers();
    sqlx::Any::create_database(&url).await.expect("a database of PostgreSQL");
    migrate(&url).await;
    name
}

async fn migrate(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the database migrates");
    store.close().await;
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// The address of another database of the same server.
fn postgres_url(server: &str, name: &str) -> String {
    let (server, _maintenance) = server.rsplit_once('/').expect("postgres://USER@HOST/NAME");
    format!("{server}/{name}")
}

/// Runs a test on a database, and always removes the database.
pub async fn run<F: Future<Output = ()> + Send + 'static>(db: Db, test: impl FnOnce(Db) -> F) {
    let outcome = tokio::spawn(test(db.clone())).await;
    db.remove().await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// Creates two tests from one: `name::sqlite` and `name::postgres`.
#[allow(unused_macros)]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident: $type:ty) $body:block)+) => {
        $($(#[$attribute])* mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn test($db: $type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::db::run($crate::db::Db::sqlite().await, test).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::db::run($crate::db::Db::postgres().await, test).await;
            }
        })+
    };
}
#[allow(unused_imports)]
pub(crate) use on_both_engines;
