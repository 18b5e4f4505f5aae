//! Work in batches: deleting a team, mapping a large group, and deleting expired rows. Times of a wrong clock.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, person},
};
use domain::Error;
use domain::{DAY, HOUR, MINUTE, plan::Plan, role::Role};
use server::service::{Actor, Service};
use store::Origin;

async fn count(world: &World, query: &str) -> i64 {
    world.db.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {query}")).await.unwrap().parse().unwrap()
}

fn rollcall(world: &World) -> Service<'_> {
    Service::new(world.store(), &world.secrets, &world.clock, Actor::Rollcall)
}

/// Creates a group with all of the first members that `World::bulk` creates.
async fn group(world: &World, members: usize) {
    world.bulk(members).await;
    let team = &world.team;
    world
        .db
        .sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
             VALUES ('g', '{team}', 'G', 'g', 1, 1); \
             INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, 'g', id FROM members WHERE id LIKE 'b%' AND team_id = '{team}'"
        ))
        .await;
}

on_both_engines! {
    async fn a_deleted_team_is_not_found_before_its_rows_are_removed(db: Db) {
        let world = World::on(db).await;
        world.bulk(1_200).await;
        let key = world.key("Okta").await;
        let store = world.store();
        store.session_create("hash", world.now()).await.unwrap();
        store.sign_in_add("hash", (&world.team, &world.ada), &Origin::default(), world.now()).await.unwrap();
        let deleted = world.operator().team_mark_deleted("acme").await.unwrap();
        assert_eq!(deleted.members, 1_201);
        assert_eq!(count(&world, "members").await, 1_201);
        assert_eq!(store.team_by_slug("acme").await.unwrap(), None);
        assert!(store.key_by_id(&key.record.id).await.unwrap().is_none());
        assert_eq!(store.session_load("hash", world.now()).await.unwrap().unwrap().sign_ins, []);
        assert_eq!(store.credentials_by_email("ada@acme.test", None).await.unwrap().len(), 0);
        for slug in ["acme".to_owned(), format!("deleted:{}", deleted.id)] {
            assert_eq!(world.operator().team_set_plan(&slug, Plan::Free).await.unwrap_err(), Error::NotFound);
        }
        let owner = person("Ada", "ada@acme.test", Role::SuperAdmin);
        let repeat = world.operator().team_create("acme", "Acme", Plan::Free, owner).await.unwrap();

        world.operator().teams_remove_deleted().await.unwrap();
        assert_eq!(count(&world, "members").await, 1_202, "whoever deletes it may be at work");
        world.pass(MINUTE);
        world.operator().teams_remove_deleted().await.unwrap();
        assert_eq!((count(&world, "teams").await, count(&world, "members").await), (1, 1));
        assert_eq!(count(&world, "sign_ins").await, 0);
        assert_eq!(store.team_by_slug("acme").await.unwrap().map(|team| team.id), Some(repeat.id));
    }

    async fn removing_a_team_reports_its_progress(db: Db) {
        let world = World::on(db).await;
        world.bulk(1_200).await;
        let deleted = world.operator().team_mark_deleted("acme").await.unwrap();
        let mut counts = Vec::new();
        world.operator().team_remove(&deleted.id, |members| counts.push(members)).await.unwrap();
        assert_eq!(counts.last(), Some(&1_201));
        assert!(counts.windows(2).all(|pair| pair[0] <= pair[1] && pair[1] - pair[0] <= 500), "{counts:?}");
    }

    async fn a_large_group_is_mapped_in_batches(db: Db) {
        let world = World::on(db).await;
        group(&world, 1_200).await;
        let admins = "members WHERE group_roles = 32";
        world.ada().group_map("acme", "g", Some(Role::Admin)).await.unwrap();
        assert_eq!((count(&world, admins).await, count(&world, "groups WHERE recount_after IS NULL").await), (1_200, 1));
        world.ada().group_map("acme", "g", None).await.unwrap();
        assert_eq!((count(&world, admins).await, count(&world, "groups WHERE recount_after IS NULL").await), (0, 1));
    }

    /// The server completes an interrupted mapping. It counts members who joined and left meanwhile once.
    async fn an_interrupted_mapping_is_completed(db: Db) {
        let world = World::on(db).await;
        group(&world, 1_200).await;
        world
            .db
            .sql(&format!(
                "UPDATE groups SET role = 'admin', recount_after = 'b00499', recount_at = {}; \
                 UPDATE members SET group_roles = 32 WHERE id LIKE 'b%' AND id <= 'b00499'; \
                 DELETE FROM group_members WHERE member_id = 'b00700'",
                world.now()
            ))
            .await;
        rollcall(&world).groups_recount_unfinished().await.unwrap();
        assert_eq!(count(&world, "members WHERE group_roles = 32").await, 500, "another worker may be active");
        world.pass(MINUTE);
        rollcall(&world).groups_recount_unfinished().await.unwrap();
        assert_eq!(count(&world, "members WHERE group_roles = 32").await, 1_199);
        assert_eq!(count(&world, "groups WHERE recount_after IS NULL").await, 1);
    }

    async fn expired_rows_are_deleted_in_batches(db: Db) {
        let world = World::on(db).await;
        world.bulk(1_200).await;
        let store = world.store();
        world.db.sql("UPDATE members SET status = 'deleted', updated_at = 5 WHERE id LIKE 'b%' AND id <> 'b00000'").await;
        assert_eq!(store.tombstones_sweep(5).await.unwrap(), 0);
        assert_eq!(store.tombstones_sweep(6).await.unwrap(), 1_199);
        assert_eq!(count(&world, "members").await, 2);

        let (ended_key, used_key) = (world.key("ended").await, world.key("used").await);
        world.ada().key_revoke("acme", &ended_key.record.id, "ended").await.unwrap();
        assert_eq!(store.keys_sweep(world.now()).await.unwrap(), 0);
        assert_eq!(store.keys_sweep(world.now() + 1).await.unwrap(), 1);
        assert_eq!(world.key_record(&used_key.record).await, used_key.record);
    }

    async fn times_of_a_wrong_clock_are_corrected(db: Db) {
        let world = World::on(db).await;
        let (key, store) = (world.key("Okta").await, world.store());
        let late = START + 365 * DAY;
        store.session_create("future", late).await.unwrap();
        store.session_create("hash", START).await.unwrap();
        store.sign_in_add("hash", (&world.team, &world.ada), &Origin::default(), START).await.unwrap();
        store.throttle_fail("future", late, Some(late + HOUR)).await.unwrap();
        store.throttle_fail("now", START, None).await.unwrap();
        world
            .db
            .sql(&format!(
                "UPDATE scim_keys SET last_used_at = {late}; UPDATE sessions SET last_seen_at = {late}; \
                 UPDATE sign_ins SET verified_at = {late}, signed_in_at = {late}; UPDATE members SET last_sign_in_at = {late}"
            ))
            .await;
        assert_eq!(world.keys().await[0].last_used_at, Some(START), "read as now");
        assert_eq!(store.session_load("future", START).await.unwrap(), None);
        let session = store.session_load("hash", START).await.unwrap().unwrap();
        assert_eq!(session.last_seen_at, START);
        assert_eq!((session.sign_ins[0].signed_in_at, session.sign_ins[0].verified_at), (START, 0), "proven in the future is not proven");
        store.session_touch("hash", START + 1).await.unwrap();
        assert_eq!(count(&world, &format!("sessions WHERE last_seen_at = {}", START + 1)).await, 1);

        assert!(store.future_times_repair(START + 2).await.unwrap() >= 4);
        assert_eq!(store.future_times_repair(START + 2).await.unwrap(), 0);
        assert_eq!(world.key_record(&key.record).await.last_used_at, Some(START + 2));
        assert_eq!(count(&world, &format!("members WHERE last_sign_in_at = {}", START + 2)).await, 1);
        assert_eq!(store.throttle_load("future").await.unwrap(), None);
        assert!(store.throttle_load("now").await.unwrap().is_some());
        assert_eq!(count(&world, "sessions").await, 1);
    }
}
