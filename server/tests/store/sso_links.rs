//! The links between accounts of identity providers and members, and the failures of a method.

use crate::{
    db::{Db, on_both_engines},
    world::{World, oidc, person},
};
use domain::{
    DAY, HOUR, MINUTE, UnixMs,
    activity::{ActivityActor, Change, Entry},
    id::{ActivityId, MemberId, MethodId},
    role::Role,
    sso::{AccountLink, SsoChange, SsoFailure},
};
use store::{FailureCount, LastSignIn};

/// Links a member to an account.
async fn link(world: &World, method: &MethodId, member: &MemberId, subject: &str, at: UnixMs) {
    let team = &world.team;
    let insert = "INSERT INTO sso_links (team_id, method_id, subject, member_id, account, linked_at, last_sign_in_at)";
    world
        .db
        .sql(&format!("{insert} VALUES ('{team}', '{method}', '{subject}', '{member}', 'at {subject}', 5, {at})"))
        .await;
}

async fn add(world: &World, name: &str) -> MemberId {
    let email = format!("{}@acme.test", name.to_lowercase());
    world.operator().member_add("acme", person(name, &email, Role::Developer)).await.unwrap()
}

async fn fail(world: &World, method: &str, failure: SsoFailure, at: UnixMs) {
    let change = SsoChange::SsoSignInFailed {
        method: method.to_owned(),
        failure,
        reference: "7Q2F-K81D".to_owned(),
        subject: None,
        facts: Vec::new(),
    };
    // The id of a UUID of version 7 begins with its time.
    let id = format!("{:08x}-{:04x}-7000-8000-000000000000", at >> 16, at & 0xffff);
    let entry = Entry {
        id: ActivityId::new(id),
        at,
        actor: ActivityActor::System,
        address: None,
        request: None,
        member: None,
        change: Change::from(change),
    };
    world.store().activity_add(&world.team, &entry).await.unwrap();
}

on_both_engines! {
    async fn a_method_without_links_was_never_used(db: Db) {
        let world = World::ready(db).await;
        let usage = world.store().sso_usage(&world.team, &world.method("Okta").await, world.now()).await.unwrap();
        assert_eq!((usage.links, usage.linked, usage.last), (0, 0, None));
        assert!(world.store().authentication_data(&world.team, world.now()).await.unwrap().last_sign_ins.is_empty());
    }

    async fn members_are_counted_by_whether_they_can_sign_in(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let google = world.operator().sso_add("acme", oidc("Google"), true).await.unwrap();
        let (ana, ben, cleo) = (add(&world, "Ana").await, add(&world, "Ben").await, add(&world, "Cleo").await);
        add(&world, "Dora").await;
        link(&world, &okta, &ana, "1", 100).await;
        link(&world, &okta, &ben, "2", 300).await;
        // The account of another method.
        link(&world, &google, &cleo, "1", 900).await;
        world.db.sql("UPDATE members SET status = 'deactivated' WHERE display_name = 'Ben'").await;
        world.db.sql("UPDATE members SET status = 'invited' WHERE display_name = 'Dora'").await;
        world.db.sql("UPDATE members SET break_glass = 1 WHERE display_name IN ('Ada Lovelace', 'Ana')").await;
        let usage = world.store().sso_usage(&world.team, &okta, world.now()).await.unwrap();
        assert_eq!((usage.links, usage.linked), (2, 1), "Ben cannot sign in");
        assert_eq!((usage.deactivated, usage.invited, usage.break_glass), (1, 1, 1), "Ana is linked, Ada is not");
        assert_eq!(usage.last, Some(LastSignIn { at: 300, member: ben, name: Some("Ben".into()) }));
        let of_google = world.store().sso_usage(&world.team, &google, 500).await.unwrap();
        assert_eq!((of_google.linked, of_google.last.unwrap().at), (1, 500), "a later time comes from a wrong clock");
        let data = world.store().authentication_data(&world.team, world.now()).await.unwrap();
        assert_eq!(data.last_sign_ins.into_iter().map(|(_, at)| at).collect::<Vec<_>>(), [300, 900]);
    }

    async fn a_removed_member_has_no_name(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let ana = add(&world, "Ana").await;
        link(&world, &okta, &ana, "1", 100).await;
        world.ada().member_remove("acme", &ana).await.unwrap();
        let usage = world.store().sso_usage(&world.team, &okta, world.now()).await.unwrap();
        assert_eq!((usage.linked, usage.last.and_then(|last| last.name)), (0, None));
    }

    async fn a_member_has_a_link_for_each_method(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        world.operator().sso_add("acme", oidc("Google"), false).await.unwrap();
        link(&world, &okta, &world.ada, "00u1", 100).await;
        let links = world.store().member_sso_links(&world.team, &world.ada).await.unwrap();
        let expected =
            AccountLink { subject: "00u1".into(), account: Some("at 00u1".into()), linked_at: 5, last_sign_in_at: 100 };
        let links: Vec<_> = links.into_iter().map(|(method, link)| (method.name, link)).collect();
        assert_eq!(links, [("Okta".to_owned(), Some(expected)), ("Google".to_owned(), None)]);
        let other = add(&world, "Ana").await;
        assert!(world.store().member_sso_links(&world.team, &other).await.unwrap().iter().all(|(_, link)| link.is_none()));
    }

    async fn failures_of_a_method_are_counted_by_reason_in_their_period(db: Db) {
        let world = World::ready(db).await;
        let now = world.now();
        fail(&world, "Okta", SsoFailure::NoMatch, now - DAY - MINUTE).await;
        fail(&world, "Okta", SsoFailure::Clock, now - 5 * HOUR).await;
        fail(&world, "Okta", SsoFailure::NoMatch, now - 3 * HOUR).await;
        fail(&world, "Google", SsoFailure::NoMatch, now - 2 * HOUR).await;
        fail(&world, "Okta", SsoFailure::NoMatch, now - HOUR).await;
        let failures = world.store().sso_failures(&world.team, "Okta", now - DAY).await.unwrap();
        assert!(!failures.has_more);
        assert_eq!(failures.reasons, [
            FailureCount { failure: SsoFailure::NoMatch, count: 2, last_at: now - HOUR },
            FailureCount { failure: SsoFailure::Clock, count: 1, last_at: now - 5 * HOUR },
        ]);
        assert!(world.store().sso_failures(&world.team, "Duo", now - DAY).await.unwrap().reasons.is_empty());
    }
}
