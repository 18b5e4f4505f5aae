//! Opening and migrating.

use crate::db::{Db, on_both_engines};
use store::{Store, StoreError};

on_both_engines! {
    async fn many_processes_can_start_at_the_same_time(db: Db) {
        let start = |url: String| tokio::spawn(async move {
            let store = Store::connect(&url).await?;
            store.migrate().await?;
            store.ready().await?;
            store.close().await;
            Ok::<_, StoreError>(())
        });
        // A database that is not migrated yet.
        let url = if db.is_sqlite() { db.url.replace("test.db", "new.db") } else { db.url.clone() };
        if !db.is_sqlite() {
            db.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        }
        let starts: Vec<_> = (0..8).map(|_| start(url.clone())).collect();
        for start in starts {
            start.await.unwrap().unwrap();
        }
    }

    async fn only_a_migrated_database_is_ready(db: Db) {
        assert!(db.store.ready().await.is_ok());
        assert!(db.store.is_empty().await.unwrap());
        db.sql("DELETE FROM _sqlx_migrations").await;
        assert!(matches!(db.store.ready().await, Err(StoreError::Migration(_))));
        db.sql("DROP TABLE _sqlx_migrations").await;
        assert!(matches!(db.store.ready().await, Err(StoreError::Migration(_))));
    }

    async fn a_newer_database_is_rejected(db: Db) {
        let checksum = if db.is_sqlite() { "x'00'" } else { "'\\x00'" };
        db.sql(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', true, {checksum}, 0)"
        ))
        .await;
        for result in [db.store.migrate().await, db.store.ready().await] {
            let message = result.unwrap_err().to_string();
            assert!(message.contains("newer version of Rollcall"), "{message}");
        }
    }

    /// Builds before the first release had other migrations with the same numbers.
    async fn a_database_from_before_the_baseline_is_rejected(db: Db) {
        db.sql("UPDATE _sqlx_migrations SET description = 'init' WHERE version = 1").await;
        for result in [db.store.migrate().await, db.store.ready().await] {
            let message = result.unwrap_err().to_string();
            assert!(message.contains("development build"), "{message}");
        }
        assert!(db.store.is_empty().await.unwrap(), "and left as it was");
    }

    async fn a_setting_is_initialized_only_once(db: Db) {
        assert_eq!(db.store.setting_load("a").await.unwrap(), None);
        assert_eq!(db.store.setting_init("a", "one").await.unwrap(), "one");
        assert_eq!(db.store.setting_init("a", "two").await.unwrap(), "one");
        assert_eq!(db.store.setting_load("a").await.unwrap().as_deref(), Some("one"));
    }
}

/// A PostgreSQL database without tables.
async fn empty_postgres() -> Db {
    let db = Db::postgres().await;
    db.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    db
}

#[tokio::test]
async fn two_processes_migrate_one_postgres_at_once() {
    let db = empty_postgres().await;
    let start = || {
        std::process::Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["migrate", "--database-url", &db.url])
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    for process in [start(), start()] {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    db.store.ready().await.unwrap();
    let applied = "SELECT CAST(COUNT(*) - COUNT(DISTINCT version) AS TEXT) FROM _sqlx_migrations";
    assert_eq!(db.text(applied).await.as_deref(), Some("0"));
    let query = "SELECT CAST(COUNT(*) AS TEXT) FROM migration_lease";
    assert_eq!(db.text(query).await.as_deref(), Some("0"), "the lease is released");
    crate::db::run(db, async |_| ()).await;
}

/// The lease of a migrator that was killed.
#[tokio::test]
async fn the_lease_of_a_killed_migrator_expires() {
    let db = empty_postgres().await;
    let lease = |expires: &str| {
        format!(
            "INSERT INTO migration_lease VALUES ('schema', 'killed', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + {expires})"
        )
    };
    db.sql("CREATE TABLE migration_lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, expires_at BIGINT NOT NULL)").await;
    db.sql(&lease("30000")).await;
    let store = db.store.clone();
    let migration = tokio::spawn(async move { store.migrate().await });
    // By now, it has read the lease at least once, and waits.
    let tries = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity WHERE datname = current_database() \
                 AND query LIKE 'INSERT INTO migration_lease%' AND pid <> pg_backend_pid()";
    while db.text(tries).await.as_deref() == Some("0") {
        tokio::task::yield_now().await;
    }
    assert!(!migration.is_finished());
    assert!(db.store.ready().await.is_err());
    db.sql("UPDATE migration_lease SET expires_at = 1").await;
    migration.await.unwrap().unwrap();
    db.store.ready().await.unwrap();
    crate::db::run(db, async |_| ()).await;
}

#[tokio::test]
async fn unusable_urls_have_their_own_error() {
    for url in
        ["", "mysql://root@localhost/x", "sqlite::memory:", "sqlite://x?mode=memory", "sqlite://x?nonsense=1", "/a/b"]
    {
        let error = Store::connect(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error}");
    }
    let nowhere = Store::connect("sqlite:///nonexistent/folder/x.db").await.unwrap_err();
    assert!(matches!(nowhere, StoreError::Unavailable(_)), "{nowhere}");
}

#[tokio::test]
async fn a_file_that_is_not_a_database_has_its_own_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear Ada, ".repeat(1000)).unwrap();
    let error = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
}

#[tokio::test]
async fn a_file_name_can_have_spaces_and_umlauts() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/Übung%20eins.db", folder.path().display());
    let store = Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    assert!(folder.path().join("Übung eins.db").exists());
}

#[tokio::test]
async fn a_password_in_the_url_is_never_printed() {
    let error = Store::connect("postgres://rollcall:hunter2@127.0.0.1:1/x").await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
