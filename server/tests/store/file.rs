//! SQLite's file while the server runs.

use crate::{
    db::Db,
    world::{World, rejection},
};
use domain::Error;
use std::path::PathBuf;
use store::{Store, StoreError};

fn path(db: &Db) -> PathBuf {
    db.url.trim_start_matches("sqlite://").into()
}

#[tokio::test]
async fn no_change_to_a_deleted_file_is_acknowledged() {
    let world = World::ready(Db::sqlite().await).await;
    std::fs::remove_file(path(&world.db)).unwrap();
    assert_eq!(rejection(world.ada().scim_turn_on("acme").await), Error::Unavailable);
    let message = world.store().writable().await.unwrap_err().to_string();
    assert!(message.contains("was deleted or moved away"), "{message}");
    assert!(world.store().session_create("hash", world.now()).await.is_err());
    assert!(world.store().team_by_slug("acme").await.is_err(), "reading is refused too");
}

#[tokio::test]
async fn a_replacement_file_is_not_written() {
    let world = World::ready(Db::sqlite().await).await;
    let (path, other) = (path(&world.db), Db::sqlite().await);
    other.store.close().await;
    std::fs::rename(&path, path.with_extension("old")).unwrap();
    std::fs::copy(other.url.trim_start_matches("sqlite://"), &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(rejection(world.ada().scim_turn_on("acme").await), Error::Unavailable);
    let message = world.store().writable().await.unwrap_err().to_string();
    assert!(message.contains("was replaced by another file"), "{message}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::rename(path.with_extension("old"), &path).unwrap();
    world.ada().scim_turn_on("acme").await.unwrap();
}

/// Other programs use the database: a backup, a shell, a replication.
#[tokio::test]
async fn checkpoints_of_other_programs_lose_no_data() {
    let db = Db::sqlite().await;
    let url = db.url.clone();
    db.store.close().await;
    let (store, lock) = Store::connect_as_server(&url).await.unwrap();
    store.watch(lock.unwrap()).await.unwrap();
    for round in 0..5 {
        store.session_create(&format!("hash{round}"), 1).await.unwrap();
        db.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
        store.session_create(&format!("more{round}"), 1).await.unwrap();
        db.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
        store.tend_file().await.unwrap();
    }
    store.writable().await.unwrap();
    // Content that none of them wrote.
    let path = path(&db);
    let content = std::fs::read(&path).unwrap();
    std::fs::write(&path, content).unwrap();
    assert!(matches!(store.tend_file().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.session_create("late", 1).await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn only_one_server_uses_the_file_and_its_end_is_clean() {
    let db = Db::sqlite().await;
    db.store.close().await;
    let (store, lock) = Store::connect_as_server(&db.url).await.unwrap();
    store.watch(lock.unwrap()).await.unwrap();
    let second = Store::connect_as_server(&db.url).await.map(|_| ()).unwrap_err().to_string();
    assert!(second.contains("another Rollcall server"), "{second}");
    Store::connect(&db.url).await.unwrap().close().await;
    store.close().await;
    let (store, lock) = Store::connect_as_server(&db.url).await.unwrap();
    store.watch(lock.unwrap()).await.unwrap();
    store.close().await;
}
