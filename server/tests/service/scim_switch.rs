//! The switch for SCIM provisioning.

use crate::{
    db::{Db, on_both_engines},
    world::{World, oidc, rejection},
};
use domain::{Denial, Error};
use domain::{
    activity::Change,
    plan::Plan,
    provisioning::Reason,
    role::Role,
    validation::field_error::{Field, FieldError},
};

on_both_engines! {
    async fn scim_can_be_turned_on_when_the_rule_allows_it(db: Db) {
        let world = World::ready(db).await;
        world.ada().scim_turn_on("acme").await.unwrap();
        assert!(world.is_on().await);
        assert_eq!(world.log().await[0].change, Change::ScimTurnedOn);
    }

    async fn a_denial_lists_every_reason(db: Db) {
        let world = World::new(db).await;
        let developer = world.member(Role::Developer).await;
        world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        let reasons = async |result| match result {
            Err(Error::Denied(Denial::Provisioning(denial))) => denial.reasons().to_vec(),
            other => panic!("{other:?}"),
        };
        let log = world.log().await.len();
        assert_eq!(
            reasons(world.by(&developer).scim_turn_on("acme").await).await,
            [Reason::Plan(Plan::Professional), Reason::NoSsoMethod, Reason::Role(Role::Developer)]
        );
        assert_eq!(
            reasons(world.operator().scim_turn_on("acme").await).await,
            [Reason::Plan(Plan::Professional), Reason::NoSsoMethod]
        );
        assert_eq!(world.log().await.len(), log);
        world.operator().sso_add("acme", oidc("One"), true).await.unwrap();
        world.operator().sso_add("acme", oidc("Two"), true).await.unwrap();
        world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        let many = reasons(world.ada().scim_turn_on("acme").await).await;
        let [Reason::ManySsoMethods(methods)] = &many[..] else { panic!("{many:?}") };
        assert_eq!(methods.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        assert!(!world.is_on().await);
    }

    async fn turning_scim_on_twice_changes_nothing(db: Db) {
        let world = World::on(db).await;
        let log = world.log().await;
        world.ada().scim_turn_on("acme").await.unwrap();
        // It stays on, although it could not be turned on any more.
        world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        world.ada().scim_turn_on("acme").await.unwrap();
        assert_eq!(world.log().await.len(), log.len() + 1, "the plan alone");
        world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(world.log().await.len(), log.len() + 2);
    }

    async fn turning_scim_off_needs_the_name_but_not_the_rule(db: Db) {
        let world = World::on(db).await;
        world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        world.ada().sso_delete("acme", &world.method("Okta").await).await.unwrap();
        for wrong in ["", "acme", "Acme!", "Globex"] {
            let Error::Invalid(problems) = rejection(world.ada().scim_turn_off("acme", wrong).await) else { panic!() };
            let problem = if wrong.is_empty() { FieldError::Unconfirmed("Acme".into()) } else { FieldError::NotConfirmed("Acme".into()) };
            assert_eq!(problems.of(Field::Confirmation), Some(&problem));
        }
        assert!(world.is_on().await);
        world.ada().scim_turn_off("acme", "  Acme ").await.unwrap();
        assert!(!world.is_on().await);
    }

    async fn turning_scim_off_and_on_keeps_all_data(db: Db) {
        let world = World::on(db).await;
        let new = world.key("Okta").await;
        let (keys, methods) = (world.keys().await, world.methods().await);
        for _ in 0..3 {
            world.ada().scim_turn_off("acme", "Acme").await.unwrap();
            world.ada().scim_turn_on("acme").await.unwrap();
        }
        assert_eq!((world.keys().await, world.methods().await), (keys, methods));
        let row = world.store().key_by_id(&new.record.id).await.unwrap().unwrap();
        assert!(world.secrets.key_matches(new.key.expose(), &row.hash));
    }
}
