//! Several changes at the same time.

use crate::{
    db::{Db, on_both_engines},
    world::{World, oidc, person},
};
use domain::{Conflict, Error};
use domain::{
    activity::Change,
    key::{Expiry, Overlap},
    role::Role,
    validation::field_error::{Field, FieldError},
};
use std::future::Future;
use store::MemberFilter;

/// Starts the same task many times, and collects the results and errors.
async fn together<T, F>(count: usize, start: impl Fn(usize) -> F) -> (Vec<T>, Vec<Error>)
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|index| tokio::spawn(start(index))).collect();
    let (mut results, mut rejections) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Ok(one) => results.push(one),
            Err(failure) => rejections.push(failure),
        }
    }
    (results, rejections)
}

on_both_engines! {
    async fn fifty_simultaneous_keys_with_one_name_create_one_key(db: Db) {
        let world = World::on(db).await;
        let log = world.log().await.len();
        let (created, rejections) = together(50, |_| {
            let world = world.clone();
            async move { world.ada().key_generate("acme", "Okta", Expiry::Days365).await }
        })
        .await;
        assert_eq!((created.len(), rejections.len()), (1, 49));
        for failure in rejections {
            let Error::Invalid(problems) = failure else { panic!("{failure:?}") };
            assert_eq!(problems.of(Field::Name), Some(&FieldError::KeyNameTaken));
        }
        assert_eq!(world.keys().await, [created[0].record.clone()]);
        assert_eq!(world.log().await.len(), log + 1);
    }

    async fn fifty_simultaneous_keys_with_different_names_create_five_keys(db: Db) {
        let world = World::on(db).await;
        let (created, rejections) = together(50, |index| {
            let world = world.clone();
            async move { world.ada().key_generate("acme", &format!("key {index}"), Expiry::Never).await }
        })
        .await;
        assert_eq!(created.len(), 5);
        assert!(rejections.iter().all(|failure| *failure == Error::TooManyKeys(5)), "{rejections:?}");
        assert_eq!(world.keys().await.len(), 5);
    }

    async fn fifty_simultaneous_rolls_create_one_new_key(db: Db) {
        let world = World::on(db).await;
        let old = world.key("Okta").await.record;
        let (created, rejections) = together(50, |_| {
            let (world, id) = (world.clone(), old.id.clone());
            async move { world.ada().key_roll("acme", &id, Overlap::Hour).await }
        })
        .await;
        assert_eq!(created.len(), 1);
        assert!(rejections.iter().all(|failure| *failure == Error::Conflict(Conflict::KeyReplaced)), "{rejections:?}");
        assert_eq!(world.keys().await.len(), 2);
        assert_eq!(world.key_record(&old).await.replaced_by, Some(created[0].record.id.clone()));
    }

    async fn turning_scim_on_and_off_from_two_browsers_loses_no_entry(db: Db) {
        let world = World::on(db).await;
        let new = world.key("Okta").await;
        let before = world.keys().await;
        let log = world.log().await.len();
        let (_, rejections) = together(40, |index| {
            let world = world.clone();
            async move {
                if index % 2 == 0 {
                    world.ada().scim_turn_off("acme", "Acme").await
                } else {
                    world.ada().scim_turn_on("acme").await
                }
            }
        })
        .await;
        assert_eq!(rejections, []);
        // The entries are consistent: on and off alternate, and the last entry is the current state.
        let entries: Vec<_> = world.log().await.into_iter().rev().skip(log).map(|entry| entry.change).collect();
        for (index, change) in entries.iter().enumerate() {
            assert_eq!(*change, if index % 2 == 0 { Change::ScimTurnedOff } else { Change::ScimTurnedOn });
        }
        assert_eq!(world.is_on().await, entries.len() % 2 == 0);
        assert_eq!(world.keys().await, before);
        let row = world.store().key_by_id(&new.record.id).await.unwrap().unwrap();
        assert!(world.secrets.key_matches(new.key.expose(), &row.hash));
    }

    async fn twenty_simultaneous_methods_with_one_name_create_one_method(db: Db) {
        let world = World::new(db).await;
        let (created, rejections) = together(20, |index| {
            let world = world.clone();
            let name = if index % 2 == 0 { "Okta" } else { "OKTA" };
            async move { world.ada().sso_add("acme", oidc(name), false).await }
        })
        .await;
        assert_eq!((created.len(), rejections.len()), (1, 19));
        assert_eq!(world.methods().await.len(), 1);
    }

    async fn a_second_method_and_turning_scim_on_cannot_both_succeed(db: Db) {
        let world = World::ready(db).await;
        world.ada().sso_add("acme", oidc("Second"), false).await.unwrap();
        let second = world.method("Second").await;
        let (_, rejections) = together(2, |index| {
            let (world, second) = (world.clone(), second.clone());
            async move {
                if index == 0 {
                    world.ada().scim_turn_on("acme").await
                } else {
                    world.ada().sso_set_enabled("acme", &second, true, false).await
                }
            }
        })
        .await;
        assert_eq!(rejections.len(), 1, "the second one was rejected: {rejections:?}");
        let enabled = world.methods().await.iter().filter(|method| method.enabled).count();
        assert_eq!(world.is_on().await, enabled == 1);
    }

    async fn one_team_does_not_block_another(db: Db) {
        let world = World::on(db).await;
        for index in 0..4 {
            let (slug, email) = (format!("team-{index}"), format!("o{index}@x.test"));
            let owner = person("Owner", &email, Role::SuperAdmin);
            world.operator().team_create(&slug, &slug, domain::plan::Plan::Enterprise, owner).await.unwrap();
            world.operator().sso_add(&slug, oidc("Okta"), true).await.unwrap();
        }
        let (results, rejections) = together(40, |index| {
            let world = world.clone();
            async move {
                let slug = format!("team-{}", index % 4);
                world.operator().scim_turn_on(&slug).await?;
                world.operator().scim_turn_off(&slug, "").await
            }
        })
        .await;
        assert_eq!((results.len(), rejections), (40, vec![]));
    }

    async fn simultaneous_changes_keep_the_count_of_members(db: Db) {
        let world = World::new(db).await;
        let tasks: Vec<_> = (0..30)
            .map(|index| {
                let world = world.clone();
                tokio::spawn(async move {
                    let email = format!("m{}@acme.test", index % 20);
                    world.operator().member_add("acme", person("M", &email, Role::Developer)).await.is_ok()
                })
            })
            .collect();
        let mut added = 0;
        for task in tasks {
            added += i64::from(task.await.unwrap());
        }
        assert_eq!(added, 20);
        assert_eq!(world.store().team_by_slug("acme").await.unwrap().unwrap().member_count, 21);
        assert_eq!(world.store().members_count(&world.team, &MemberFilter::default(), 100).await.unwrap(), 21);
    }
}
