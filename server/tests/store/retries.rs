//! PostgreSQL transactions that are rolled back because of a concurrent one are retried.

use crate::{
    db::Db,
    world::{START, World, rejection},
};
use domain::{Error, plan::Plan, role::Role};
use server::service::{InviteAcceptance, invite_accept};
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

/// Waits until a session is blocked by another one.
async fn wait_for_lock(world: &World, blocked: &str) {
    let query = format!("SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity WHERE {blocked}");
    while world.db.text(&query).await.as_deref() == Some("0") {
        tokio::task::yield_now().await;
    }
}

async fn session(world: &World) -> (sqlx::AnyConnection, i32) {
    let mut session = sqlx::AnyConnection::connect(&world.db.url).await.unwrap();
    let pid = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut session).await.unwrap();
    (session, pid)
}

/// PostgreSQL looks for a deadlock once for each wait, after `deadlock_timeout`. So the store is the victim if it is the last one
/// to wait: it holds the first key and passes the gate only when the other session waits for that key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_victim_of_a_deadlock_is_retried() {
    let world = world().await;
    let mut keys = [world.key("a").await.record.id, world.key("b").await.record.id];
    keys.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    let [first, second] = &keys;
    world
        .db
        .sql(&format!(
            "CREATE SEQUENCE attempts; \
             CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$ BEGIN \
             PERFORM nextval('attempts'); PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$; \
             CREATE TRIGGER gate AFTER UPDATE ON scim_keys FOR EACH ROW WHEN (NEW.id = '{}') EXECUTE FUNCTION pass_gate()",
            first.as_str()
        ))
        .await;
    let lock = |key: &domain::key::KeyId| {
        sqlx::AssertSqlSafe(format!("SELECT id FROM scim_keys WHERE id = '{}' FOR UPDATE", key.as_str()))
    };
    let (mut gate, gate_pid) = session(&world).await;
    sqlx::raw_sql("SELECT pg_advisory_lock(1)").execute(&mut gate).await.unwrap();
    let (mut other, other_pid) = session(&world).await;
    sqlx::raw_sql("SET deadlock_timeout = '1h'; BEGIN").execute(&mut other).await.unwrap();
    sqlx::raw_sql(lock(second)).execute(&mut other).await.unwrap();
    let touching = tokio::spawn({
        let (store, team) = (world.store().clone(), world.team.clone());
        let uses: Vec<_> = keys.iter().map(|key| (team.clone(), key.clone(), START + 5)).collect();
        async move { store.keys_touch(&uses, START + 5).await }
    });
    wait_for_lock(&world, &format!("{gate_pid} = ANY (pg_blocking_pids(pid))")).await;
    let waiting = tokio::spawn({
        let lock = lock(first);
        async move {
            sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
            sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
            other.close().await.unwrap();
        }
    });
    wait_for_lock(&world, &format!("pid = {other_pid} AND cardinality(pg_blocking_pids(pid)) > 0")).await;
    gate.close().await.unwrap();
    touching.await.unwrap().unwrap();
    waiting.await.unwrap();
    assert_eq!(attempts(&world).await, "2");
    let written = format!("SELECT CAST(COUNT(*) AS TEXT) FROM scim_keys WHERE last_used_at = {}", START + 5);
    assert_eq!(world.db.text(&written).await.as_deref(), Some("2"));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creating_a_team_runs_again() {
    let world = world().await;
    fail_first(&world, "activity", 3).await;
    let owner = crate::world::person("Grace", "grace@globex.test", Role::SuperAdmin);
    world.operator().team_create("globex", "Globex", Plan::Free, owner).await.unwrap();
    // The last attempt wrote two entries.
    assert_eq!(attempts(&world).await, "5");
    end(world).await;
}

/// A link works once, and not less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_an_invite_runs_again() {
    let world = world().await;
    let invite = world.ada().invite_create("acme", "grace@acme.test", Role::Developer).await.unwrap();
    fail_first(&world, "activity", 3).await;
    let acceptance = InviteAcceptance {
        hash: &invite.token.hash(),
        team: &world.team,
        name: "Grace",
        password_hash: "$argon2id$",
        address: None,
    };
    invite_accept(world.store(), &world.clock, acceptance).await.unwrap();
    assert_eq!(attempts(&world).await, "4");
    end(world).await;
}
