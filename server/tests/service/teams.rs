//! Teams and members that the operator creates.

use crate::{
    db::{Db, on_both_engines},
    world::{World, person, rejection},
};
use domain::{
    Conflict, Error,
    activity::Change,
    plan::Plan,
    role::Role,
    team::TeamChange,
    validation::field_error::{Field, FieldError},
};

on_both_engines! {
    async fn a_team_begins_with_its_super_admin(db: Db) {
        let world = World::new(db).await;
        let team = world.store().team_by_slug("acme").await.unwrap().unwrap();
        assert_eq!((team.name.as_str(), team.plan, team.member_count), ("Acme", Plan::Enterprise, 1));
        assert!(!team.scim_on && !world.store().is_empty().await.unwrap());
        let log: Vec<_> = world.log().await.into_iter().map(|entry| entry.change).collect();
        assert_eq!(log, [
            Change::MemberAdded { name: "Ada Lovelace".into(), role: Role::SuperAdmin },
            TeamChange::TeamCreated { plan: Plan::Enterprise }.into()
        ]);
    }

    async fn a_slug_is_unique(db: Db) {
        let world = World::new(db).await;
        let create = async |slug: &str, name: &str, email: &str| {
            let owner = person("Owner", email, Role::Developer);
            world.operator().team_create(slug, name, Plan::Free, owner).await
        };
        assert_eq!(create("acme", "x", "x@x.test").await.unwrap_err(), Conflict::SlugTaken.into());
        let Err(Error::Invalid(problems)) = create("Acme!", "x", "x@x.test").await else { panic!("not a slug") };
        assert_eq!(problems.of(Field::Slug), Some(&FieldError::NotASlug));
        for (name, email) in [(" ", "x@x.test"), ("x", "nonsense")] {
            let error = create("new", name, email).await.unwrap_err();
            assert!(matches!(error, Error::Invalid(_)), "{error}");
        }
        assert_eq!(world.store().team_by_slug("new").await.unwrap(), None);
        create("new", "Acme", "ada@acme.test").await.unwrap();
    }

    async fn an_email_is_unique_within_a_team(db: Db) {
        let world = World::new(db).await;
        let duplicate = person("Other", "ADA@acme.test", Role::Developer);
        let error = world.operator().member_add("acme", duplicate).await.unwrap_err();
        assert_eq!(error, Conflict::UserNameTaken("ADA@acme.test".into()).into());
        assert_eq!(world.store().team_by_slug("acme").await.unwrap().unwrap().member_count, 1);
        let nowhere = person("Other", "x@x.test", Role::Developer);
        assert_eq!(world.operator().member_add("nowhere", nowhere).await.unwrap_err(), Error::NotFound);
    }

    async fn changing_the_plan_changes_nothing_else(db: Db) {
        let world = World::on(db).await;
        let key = world.key("Okta").await.record;
        world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        let (from, to) = (Plan::Enterprise, Plan::Professional);
        assert_eq!(world.log().await[0].change, TeamChange::PlanChanged { from, to }.into());
        assert!(world.is_on().await);
        assert_eq!(world.keys().await, [key]);
        let log = world.log().await.len();
        world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        assert_eq!(world.log().await.len(), log);
        assert_eq!(rejection(world.operator().team_set_plan("nowhere", Plan::Free).await), Error::NotFound);
    }
}
