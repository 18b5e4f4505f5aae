//! PostgreSQL transactions that are rolled back because of a concurrent one are retried.

use crate::{
    db::Db,
    world::{START, World, rejection},
};
use domain::Error;
use sqlx::Connection as _;

/// A database that detects deadlocks at once, and a world in it.
async fn world() -> World {
    let db = Db::postgres().await;
    let name = db.url.rsplit_once('/').unwrap().1.to_owned();
    db.sql(&format!("ALTER DATABASE {name} SET deadlock_timeout = '10ms'")).await;
    World::on(db).await
}

/// Fails the first statements that write a row of a table, as a serializable engine does.
async fn fail_first(world: &World, table: &str, failures: i64) {
    world
        .db
        .sql(&format!(
            "CREATE SEQUENCE attempts; \
             CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF nextval('attempts') <= {failures} THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF; \
             RETURN NEW; END $$; \
             CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION fail()"
        ))
        .await;
}

async fn attempts(world: &World) -> String {
    world.db.text("SELECT CAST(last_value AS TEXT) FROM attempts").await.unwrap()
}

async fn end(world: World) {
    crate::db::run(world.db, async |_| ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_victim_of_a_deadlock_is_retried() {
    let world = world().await;
    let mut keys = [world.key("a").await.record.id, world.key("b").await.record.id];
    keys.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    let [first, second] = &keys;
    let mut other = sqlx::AnyConnection::connect(&world.db.url).await.unwrap();
    let lock = |key: &domain::key::KeyId| {
        sqlx::AssertSqlSafe(format!("UPDATE scim_keys SET last_used_at = 1 WHERE id = '{}'", key.as_str()))
    };
    // Only the store's side detects deadlocks, so it is the victim.
    sqlx::raw_sql("SET deadlock_timeout = '60s'; BEGIN").execute(&mut other).await.unwrap();
    sqlx::raw_sql(lock(second)).execute(&mut other).await.unwrap();
    let touching = tokio::spawn({
        let (store, team) = (world.store().clone(), world.team.clone());
        let uses: Vec<_> = keys.iter().map(|key| (team.clone(), key.clone(), START + 5)).collect();
        async move { store.keys_touch(&uses, START + 5).await }
    });
    let waiting_query = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock' AND query LIKE 'UPDATE scim_keys%'";
    while world.db.text(waiting_query).await.as_deref() == Some("0") {
        tokio::task::yield_now().await;
    }
    // Waits for the first key, which the store holds until its rollback.
    sqlx::raw_sql(lock(first)).execute(&mut other).await.unwrap();
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    touching.await.unwrap().unwrap();
    let deadlocks = "SELECT CAST(COUNT(*) AS TEXT) FROM scim_keys WHERE last_used_at = 1780272000005";
    assert_eq!(world.db.text(deadlocks).await.as_deref(), Some("2"), "both were written in the end");
    other.close().await.unwrap();
    end(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_by_a_page_is_retried() {
    let world = world().await;
    let before = world.log().await.len();
    fail_first(&world, "activity", 3).await;
    world.ada().scim_turn_off("acme", "Acme").await.unwrap();
    assert_eq!(attempts(&world).await, "4");
    assert_eq!((world.is_on().await, world.log().await.len()), (false, before + 1));
    end(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_fails_after_three_retries() {
    let world = world().await;
    let before = world.log().await.len();
    fail_first(&world, "activity", 100).await;
    assert_eq!(rejection(world.ada().scim_turn_off("acme", "Acme").await), Error::Unavailable);
    assert_eq!(attempts(&world).await, "4");
    assert_eq!((world.is_on().await, world.log().await.len()), (true, before));
    end(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locking_a_team_is_retried() {
    let world = world().await;
    fail_first(&world, "teams", 2).await;
    world.ada().scim_turn_off("acme", "Acme").await.unwrap();
    assert!(!world.is_on().await);
    end(world).await;
}
