//! An unavailable, locked or broken database: changes fail as a whole, and succeed again without a restart.

use crate::{
    db::{Db, on_both_engines},
    world::{World, rejection},
};
use domain::Error;
use domain::key::Expiry;
use sqlx::{AssertSqlSafe, Connection as _};
use store::{Store, StoreError};

on_both_engines! {
    async fn a_change_without_its_entry_is_rolled_back(db: Db) {
        let world = World::ready(db).await;
        let before = world.log().await;
        world.db.sql("ALTER TABLE activity RENAME TO hidden").await;
        assert_eq!(rejection(world.ada().scim_turn_on("acme").await), Error::Internal);
        assert_eq!(rejection(world.ada().sso_delete("acme", &world.method("Okta").await).await), Error::Internal);
        world.db.sql("ALTER TABLE hidden RENAME TO activity").await;
        assert!(!world.is_on().await);
        assert_eq!(world.methods().await.len(), 1);
        assert_eq!(world.log().await, before);
        world.ada().scim_turn_on("acme").await.unwrap();
    }

    async fn an_abandoned_change_does_not_block_others(db: Db) {
        let world = World::on(db).await;
        for round in 0..20 {
            let changing = world.clone();
            let task = tokio::spawn(async move { changing.ada().key_generate("acme", "abandoned", Expiry::Never).await });
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            task.abort();
            let _ = task.await;
        }
        world.key("after").await;
        let (keys, log) = (world.keys().await.len(), world.log().await.len());
        assert_eq!(log, 5 + keys, "as many entries as keys");
    }
}

#[tokio::test]
async fn a_locked_file_is_unavailable_only_for_changes() {
    let world = World::ready(Db::sqlite().await).await;
    let mut other = sqlx::AnyConnection::connect(&world.db.url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert_eq!(rejection(world.ada().scim_turn_on("acme").await), Error::Unavailable);
    assert!(!world.is_on().await, "reading continues");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    world.ada().scim_turn_on("acme").await.unwrap();
}

#[tokio::test]
async fn broken_connections_are_replaced_without_an_error() {
    let db = Db::postgres().await;
    let world = World::ready(db.clone()).await;
    let name = db.url.rsplit_once('/').unwrap().1.to_owned();
    let mut other = sqlx::AnyConnection::connect(&db.url).await.unwrap();
    for _ in 0..3 {
        sqlx::raw_sql(AssertSqlSafe(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )))
        .execute(&mut other)
        .await
        .unwrap();
        world.store().ready().await.unwrap();
        world.ada().scim_turn_on("acme").await.unwrap();
        world.ada().scim_turn_off("acme", "Acme").await.unwrap();
    }
    other.close().await.unwrap();
    crate::db::run(db, async |_| ()).await;
}

#[tokio::test]
async fn a_stopped_database_is_unavailable() {
    let db = Db::postgres().await;
    let url = db.url.clone();
    crate::db::run(db, async |_| ()).await;
    let error = Store::connect(&url).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}
