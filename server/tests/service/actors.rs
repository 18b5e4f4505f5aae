//! The actors of changes and their permissions.

use crate::{
    db::{Db, on_both_engines},
    world::{World, oidc, person, rejection},
};
use domain::{Denial, Error};
use domain::{
    activity::ActivityActor,
    key::{Expiry, Overlap},
    plan::Plan,
    provisioning::Reason,
    role::Role,
};
use store::Condition;

on_both_engines! {
    async fn only_admins_can_make_changes(db: Db) {
        let world = World::on(db).await;
        let key = world.key("Okta").await.record.id;
        let method = world.method("Okta").await;
        let log = world.log().await.len();
        for role in [Role::Developer, Role::Billing] {
            let member = world.member(role).await;
            let service = world.by(&member);
            let denied = [
                rejection(service.scim_turn_on("acme").await),
                rejection(service.scim_turn_off("acme", "Acme").await),
                rejection(service.key_generate("acme", "x", Expiry::Days90).await),
                rejection(service.key_roll("acme", &key, Overlap::Day).await),
                rejection(service.key_revoke("acme", &key, "Okta").await),
                rejection(service.key_set_overlap("acme", &key, Overlap::Day).await),
                rejection(service.sso_add("acme", oidc("Second"), false).await),
                rejection(service.sso_edit("acme", &method, oidc("Other")).await),
                rejection(service.sso_set_enabled("acme", &method, false, true).await),
                rejection(service.sso_keep_only("acme", &method).await),
                rejection(service.sso_delete("acme", &method).await),
            ];
            for failure in denied {
                let Error::Denied(Denial::Provisioning(denial)) = failure else { panic!("{failure:?}") };
                assert_eq!(denial.reasons(), [Reason::Role(role)]);
            }
        }
        assert_eq!(world.log().await.len(), log + 2, "nothing but the two members");
    }

    async fn an_admin_can_make_the_same_changes_as_a_super_admin(db: Db) {
        let world = World::ready(db).await;
        let admin = world.member(Role::Admin).await;
        world.by(&admin).scim_turn_on("acme").await.unwrap();
        let key = world.by(&admin).key_generate("acme", "Okta", Expiry::Days90).await.unwrap().record;
        assert_eq!(key.created_by.as_deref(), Some("Admin"));
        let row = world.store().key_by_id(&key.id).await.unwrap().unwrap();
        assert_eq!(row.max_role, Role::Admin);
    }

    async fn a_removed_role_takes_effect_at_once(db: Db) {
        let world = World::ready(db).await;
        let admin = world.member(Role::Admin).await;
        world.db.sql("UPDATE members SET roles = 2 WHERE display_name = 'Admin'").await;
        assert!(matches!(rejection(world.by(&admin).scim_turn_on("acme").await), Error::Denied(_)));
        world.db.sql("UPDATE members SET group_roles = 32 WHERE display_name = 'Admin'").await;
        world.by(&admin).scim_turn_on("acme").await.unwrap();
        world.db.sql("UPDATE members SET status = 'deactivated' WHERE display_name = 'Admin'").await;
        assert_eq!(rejection(world.by(&admin).scim_turn_off("acme", "Acme").await), Error::SignedOut);
    }

    async fn a_super_admin_of_another_team_finds_nothing(db: Db) {
        let world = World::on(db).await;
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Enterprise, owner).await.unwrap();
        let grace = world.store().scim_users(&globex.id, &Condition::All, 0, 1).await.unwrap().1[0].id.clone();
        let key = world.key("Okta").await.record.id;
        let method = world.method("Okta").await;
        let grace = world.by(&grace);
        assert_eq!(rejection(grace.scim_turn_off("acme", "Acme").await), Error::NotFound);
        assert_eq!(rejection(grace.scim_turn_off("nowhere", "Acme").await), Error::NotFound);
        assert_eq!(rejection(grace.scim_turn_off("a\0b", "Acme").await), Error::NotFound);
        // Forged ids within her own team.
        assert_eq!(rejection(grace.key_revoke("globex", &key, "Okta").await), Error::NotFound);
        assert_eq!(rejection(grace.key_set_overlap("globex", &key, Overlap::None).await), Error::NotFound);
        assert_eq!(rejection(grace.sso_delete("globex", &method).await), Error::NotFound);
        assert_eq!(rejection(grace.sso_edit("globex", &method, oidc("Mine")).await), Error::NotFound);
        assert_eq!(rejection(grace.sso_set_enabled("globex", &method, false, true).await), Error::NotFound);
        assert_eq!(rejection(grace.sso_keep_only("globex", &method).await), Error::NotFound);
        grace.sso_add("globex", oidc("Globex"), true).await.unwrap();
        grace.scim_turn_on("globex").await.unwrap();
        assert_eq!(rejection(grace.key_roll("globex", &key, Overlap::None).await), Error::NotFound);
        assert_eq!(world.keys().await.len(), 1);
    }

    async fn the_log_has_the_actor_and_the_address(db: Db) {
        let world = World::ready(db).await;
        world.ada().scim_turn_on("acme").await.unwrap();
        world.operator().scim_turn_off("acme", "").await.unwrap();
        let log = world.log().await;
        assert_eq!((&log[0].actor, log[0].address.as_deref()), (&ActivityActor::Operator, None));
        let ada = ActivityActor::Member { name: "Ada Lovelace".into() };
        assert_eq!((&log[1].actor, log[1].address.as_deref()), (&ada, Some("192.0.2.1")));
        assert_eq!(log[1].at, world.now());
    }

    async fn only_the_operator_creates_teams_and_members(db: Db) {
        let world = World::new(db).await;
        assert_eq!(rejection(world.ada().team_set_plan("acme", Plan::Free).await), Error::Forbidden);
        let person_form = person("x", "x@acme.test", Role::SuperAdmin);
        let error = world.ada().member_add("acme", person_form).await.unwrap_err();
        assert_eq!(error, Error::Forbidden);
    }
}
