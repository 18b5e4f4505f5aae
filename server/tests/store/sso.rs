//! Links between accounts and members, and the responses of identity providers.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, oidc, person},
};
use domain::{
    MINUTE,
    id::{MemberId, MethodId, TeamId},
    plan::Plan,
    role::Role,
    sso::{LinkAttribute, LinkRule},
};
use store::{MemberStatus, NewLink, RetryLoop, Store, StoreError, StoredResponse, TeamTransaction, retry};

async fn begin(world: &World) -> TeamTransaction {
    world.store().begin_for_team_id(&RetryLoop::default().attempt(), &world.team).await.unwrap()
}

/// Links an account, in a transaction of its own.
async fn link(world: &World, method: &MethodId, subject: &str, member: &MemberId) -> Result<(), StoreError> {
    let mut tx = begin(world).await;
    tx.sso_link_insert(&NewLink { method, subject, member, account: None, now: START }).await?;
    tx.commit_batch(Vec::new()).await
}

async fn linked(world: &World, method: &MethodId, subject: &str) -> Option<MemberId> {
    let member = begin(world).await.sso_linked_member(method, subject).await.unwrap();
    member.map(|member| member.id)
}

/// Uses up a response. Returns whether it was the first use.
async fn used(store: &Store, team: &TeamId, method: &MethodId, id: &str) -> bool {
    let first: Result<bool, StoreError> = retry!(attempt, async {
        let mut tx = store.begin_for_team_id(&attempt, team).await?;
        let first = tx.sso_response_use(method, (id, id), (START, START + MINUTE)).await?;
        tx.commit_batch(Vec::new()).await?;
        Ok(first)
    });
    first.unwrap()
}

fn stored<'a>(id: &'a str, request_id: &'a str) -> StoredResponse<'a> {
    StoredResponse { id, request_id, identity: "sealed", expires_at: START + MINUTE }
}

on_both_engines! {
    async fn an_account_has_one_member_and_a_member_has_one_account_of_a_method(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let google = world.operator().sso_add("acme", oidc("Google"), true).await.unwrap();
        let bob = world.member(Role::Developer).await;
        link(&world, &okta, "a-1", &world.ada).await.unwrap();
        for (subject, member) in [("a-1", &bob), ("a-1", &world.ada), ("a-2", &world.ada)] {
            let again = link(&world, &okta, subject, member).await;
            assert!(matches!(again, Err(StoreError::Conflict(_))), "{subject}: {again:?}");
        }
        // Compared byte for byte.
        link(&world, &okta, "A-1", &bob).await.unwrap();
        link(&world, &google, "a-1", &bob).await.unwrap();
        assert_eq!(linked(&world, &okta, "a-1").await, Some(world.ada.clone()));
        assert_eq!(linked(&world, &okta, "A-1").await, Some(bob.clone()));
        assert_eq!(linked(&world, &google, "a-1").await, Some(bob));
        assert_eq!(linked(&world, &google, "A-1").await, None);
    }

    async fn any_text_is_a_subject(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let longest = "x".repeat(1_024);
        for subject in [" a ", "3XAZ6IcwK0q+Z0Zr2V+s5A==", "q\u{1F}sp\u{1F}\u{e9}", "'; DROP TABLE members; --", &longest] {
            link(&world, &okta, subject, &world.ada).await.unwrap();
            assert_eq!(linked(&world, &okta, subject).await, Some(world.ada.clone()), "{subject}");
            world.db.sql("DELETE FROM sso_links").await;
        }
    }

    async fn a_link_knows_its_last_sign_in(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        link(&world, &okta, "a-1", &world.ada).await.unwrap();
        let mut tx = begin(&world).await;
        tx.sso_link_touch((&okta, "a-1"), Some("ada@acme.test"), START + MINUTE).await.unwrap();
        tx.commit_batch(Vec::new()).await.unwrap();
        let row = "SELECT account || ' ' || CAST(linked_at AS TEXT) || ' ' || CAST(last_sign_in_at AS TEXT) FROM sso_links";
        let expected = format!("ada@acme.test {START} {}", START + MINUTE);
        assert_eq!(world.db.text(row).await, Some(expected));
    }

    /// The tombstone of a removed member keeps the link, so that the account signs in no one else.
    async fn a_removed_member_keeps_the_link(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let bob = world.member(Role::Developer).await;
        link(&world, &okta, "b-1", &bob).await.unwrap();
        world.operator().member_remove("acme", &bob).await.unwrap();
        let mut tx = begin(&world).await;
        let member = tx.sso_linked_member(&okta, "b-1").await.unwrap().unwrap();
        assert_eq!((&member.id, member.status), (&bob, MemberStatus::Deleted));
        assert!(tx.sso_is_linked(&okta, &bob).await.unwrap());
        assert!(!tx.sso_is_linked(&okta, &world.ada).await.unwrap());
    }

    async fn the_links_and_responses_of_a_deleted_method_are_deleted(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let google = world.operator().sso_add("acme", oidc("Google"), true).await.unwrap();
        for method in [&okta, &google] {
            link(&world, method, "a-1", &world.ada).await.unwrap();
            assert!(world.store().sso_response_add((&world.team, method), &stored("r", "q")).await.unwrap());
        }
        world.operator().sso_delete("acme", &okta).await.unwrap();
        for table in ["sso_links", "sso_responses"] {
            let left = world.db.text(&format!("SELECT method_id FROM {table}")).await;
            assert_eq!(left.as_deref(), Some(google.as_str()), "{table}");
        }
    }

    async fn matches_are_folded_except_for_external_ids(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let bob = world.member(Role::Developer).await;
        world.db.sql(&format!("UPDATE members SET external_id = 'Ext-1' WHERE id = '{bob}'")).await;
        link(&world, &okta, "b-1", &bob).await.unwrap();
        world.operator().member_remove("acme", &bob).await.unwrap();
        for (attribute, value, is_found) in [
            (LinkAttribute::UserName, "DEVELOPER@Acme.Test", true),
            (LinkAttribute::ExternalId, "Ext-1", true),
            (LinkAttribute::ExternalId, "ext-1", false),
            (LinkAttribute::UserName, "developer@acme", false),
        ] {
            let found = begin(&world).await.sso_matches(&okta, attribute, value).await.unwrap();
            let found: Vec<_> = found.iter().map(|(member, linked)| (&member.id, *linked)).collect();
            assert_eq!(found, if is_found { vec![(&bob, true)] } else { vec![] }, "{value}");
        }
        let by_email = begin(&world).await.sso_matches(&okta, LinkAttribute::Email, "Ada@ACME.test").await.unwrap();
        assert_eq!(by_email.iter().map(|(member, linked)| (&member.id, *linked)).collect::<Vec<_>>(), [(&world.ada, false)]);
    }

    async fn a_response_and_its_request_are_stored_once(db: Db) {
        let world = World::ready(db).await;
        let (store, okta) = (world.store(), world.method("Okta").await);
        let google = world.operator().sso_add("acme", oidc("Google"), true).await.unwrap();
        let at = (&world.team, &okta);
        assert!(store.sso_response_add(at, &stored("r1", "q1")).await.unwrap());
        for (id, request_id) in [("r1", "q1"), ("r1", "q2"), ("r2", "q1")] {
            assert!(!store.sso_response_add(at, &stored(id, request_id)).await.unwrap(), "{id} {request_id}");
        }
        assert!(store.sso_response_add(at, &stored("r2", "q2")).await.unwrap());
        assert!(store.sso_response_add((&world.team, &google), &stored("r1", "q1")).await.unwrap(), "of another method");
    }

    async fn a_response_waits_until_it_expires_or_is_used(db: Db) {
        let world = World::ready(db).await;
        let (store, okta) = (world.store(), world.method("Okta").await);
        let at = (&world.team, &okta);
        store.sso_response_add(at, &stored("r", "q")).await.unwrap();
        let waiting = Some(("r".to_owned(), Some("sealed".to_owned())));
        assert_eq!(store.sso_response(at, "q", START + MINUTE - 1).await.unwrap(), waiting);
        assert_eq!(store.sso_response(at, "q", START + MINUTE).await.unwrap(), None);
        assert_eq!(store.sso_response(at, "r", START).await.unwrap(), None, "found by its request");
        assert!(used(store, &world.team, &okta, "r").await);
        assert_eq!(store.sso_response(at, "q", START).await.unwrap(), Some(("r".to_owned(), None)));
        let identity = world.db.text("SELECT COALESCE(identity, 'none') FROM sso_responses").await;
        assert_eq!(identity.as_deref(), Some("none"), "the identity is not kept");
    }

    async fn of_twenty_uses_at_once_exactly_one_is_the_first(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        world.store().sso_response_add((&world.team, &okta), &stored("waiting", "waiting")).await.unwrap();
        // A response that waits, and one that is stored when it is used.
        for id in ["waiting", "new"] {
            let uses = (0..20).map(|_| {
                let (world, okta) = (world.clone(), okta.clone());
                tokio::spawn(async move { used(world.store(), &world.team, &okta, id).await })
            });
            let mut first = 0;
            for one in uses.collect::<Vec<_>>() {
                first += usize::from(one.await.unwrap());
            }
            assert_eq!(first, 1, "{id}");
        }
    }

    /// A transaction that is given up leaves the response for another attempt.
    async fn a_use_that_is_rolled_back_was_none(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        let mut tx = begin(&world).await;
        assert!(tx.sso_response_use(&okta, ("r", "r"), (START, START + MINUTE)).await.unwrap());
        tx.rollback().await.unwrap();
        assert!(used(world.store(), &world.team, &okta, "r").await);
    }

    async fn expired_responses_are_swept(db: Db) {
        let world = World::ready(db).await;
        let (store, okta) = (world.store(), world.method("Okta").await);
        for number in 0..3_i64 {
            let text = number.to_string();
            let response = StoredResponse { expires_at: START + number, ..stored(&text, &text) };
            store.sso_response_add((&world.team, &okta), &response).await.unwrap();
        }
        assert!(used(store, &world.team, &okta, "0").await);
        assert_eq!(store.sso_responses_sweep(START).await.unwrap(), 0);
        assert_eq!(store.sso_responses_sweep(START + 2).await.unwrap(), 2);
        assert_eq!(store.sso_responses_sweep(START + 3).await.unwrap(), 1);
    }

    async fn a_method_is_found_by_its_id_while_its_team_exists(db: Db) {
        let world = World::ready(db).await;
        let store = world.store();
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        world.operator().team_create("globex", "Globex", Plan::Enterprise, owner).await.unwrap();
        let google = world.operator().sso_add("globex", oidc("Google"), true).await.unwrap();
        let okta = world.method("Okta").await;
        let found = store.sso_method(&google).await.unwrap().unwrap();
        assert_eq!((found.team.slug.as_str(), found.method.name.as_str(), found.is_only_method), ("globex", "Google", true));
        assert_eq!(found.link_rule, LinkRule { max_role: Role::SuperAdmin, ..found.link_rule.clone() });
        assert!(!format!("{found:?}").contains("v1."), "no sealed secret");
        assert!(store.sso_method(&MethodId::new("forged")).await.unwrap().is_none());
        world.db.sql(&format!("UPDATE teams SET deleted_at = {START}, removal_at = {START} WHERE slug = 'globex'")).await;
        assert!(store.sso_method(&google).await.unwrap().is_none());
        assert!(store.sso_sign_in_links("globex").await.unwrap().is_empty());
        assert!(store.sso_method(&okta).await.unwrap().is_some());
    }

    async fn the_sign_in_page_lists_the_enabled_methods_of_one_team(db: Db) {
        let world = World::ready(db).await;
        let google = world.operator().sso_add("acme", oidc("Google"), false).await.unwrap();
        let names = async || -> Vec<String> {
            world.store().sso_sign_in_links("acme").await.unwrap().into_iter().map(|link| link.name).collect()
        };
        assert_eq!(names().await, ["Okta"]);
        world.operator().sso_set_enabled("acme", &google, true, true).await.unwrap();
        assert_eq!(names().await, ["Okta", "Google"]);
        let okta = world.method("Okta").await;
        assert!(!world.store().sso_method(&okta).await.unwrap().unwrap().is_only_method);
        assert!(world.store().sso_sign_in_links("nowhere").await.unwrap().is_empty());
    }

    async fn the_client_authentication_that_worked_is_remembered(db: Db) {
        let world = World::ready(db).await;
        let okta = world.method("Okta").await;
        world.store().sso_token_auth_set((&world.team, &okta), "client_secret_post").await.unwrap();
        let method = world.store().sso_method(&okta).await.unwrap().unwrap();
        assert_eq!(method.token_auth.as_deref(), Some("client_secret_post"));
        assert!(world.store().sso_token_auth_set((&world.team, &okta), "none").await.is_err());
    }
}
