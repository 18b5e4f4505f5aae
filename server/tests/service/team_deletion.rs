//! Deleting a team removes its data, and nothing else.

use crate::{
    db::{Db, on_both_engines},
    world::{World, person},
};
use domain::Error;
use domain::{plan::Plan, role::Role};
use store::Origin;

on_both_engines! {
    async fn deleting_a_team_removes_all_its_data(db: Db) {
        let world = World::on(db).await;
        world.member(Role::Developer).await;
        world.key("Okta").await;
        world.ada().invite_create("acme", "new@acme.test", Role::Admin).await.unwrap();
        world.store().session_create("hash", world.now()).await.unwrap();
        world.store().sign_in_add("hash", (&world.team, &world.ada), &Origin::default(), world.now()).await.unwrap();
        let team = &world.team;
        for sql in [
            format!("INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) VALUES ('g', '{team}', 'G', 'g', 1, 1)"),
            format!("INSERT INTO group_members (team_id, group_id, member_id) VALUES ('{team}', 'g', '{}')", world.ada),
            format!("INSERT INTO scim_hours (team_id, hour, requests, failures) VALUES ('{team}', 1, 1, 0)"),
        ] {
            world.db.sql(&sql).await;
        }
        let other = person("Grace", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Free, other).await.unwrap();
        assert_eq!(world.ada().team_delete("acme").await.unwrap_err(), Error::Forbidden);
        assert_eq!(world.operator().team_delete("acme").await.unwrap(), 3);
        for table in ["members", "groups", "scim_keys", "sso_methods", "activity", "scim_hours"] {
            let query = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table} WHERE team_id <> '{}'", globex.id);
            assert_eq!(world.db.text(&query).await.as_deref(), Some("0"), "{table}");
        }
        for table in ["invites", "sign_ins", "group_members"] {
            let query = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}");
            assert_eq!(world.db.text(&query).await.as_deref(), Some("0"), "{table}");
        }
        assert!(world.store().team_by_slug("globex").await.unwrap().is_some());
        assert_eq!(world.operator().team_delete("acme").await.unwrap_err(), Error::NotFound);
    }
}
