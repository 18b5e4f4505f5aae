//! Lists for pages and identity providers.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, person},
};
use domain::sort::MemberSort;
use domain::{
    DAY, HOUR, MINUTE,
    id::MemberId,
    key::{Expiry, KeyId, KeyStatus, Overlap},
    plan::Plan,
    role::Role,
};
use store::{Condition, ExpectedSize, MemberFilter, PageStart};

on_both_engines! {
    async fn members_are_listed_by_name_and_by_age(db: Db) {
        let world = World::new(db).await;
        for name in ["Zoë", "bob", "Émile", "Bob"] {
            let email = format!("{}-{}@acme.test", name.len(), name.to_ascii_lowercase().replace(['ë', 'É'], "x"));
            let email = if name == "Bob" { "other@acme.test".to_owned() } else { email };
            world.operator().member_add("acme", person(name, &email, Role::Billing)).await.unwrap();
        }
        let store = world.store();
        let names = async |place| {
            let everybody = MemberFilter::default();
            let rows = store.members_list(&world.team, (&everybody, ExpectedSize::Few), MemberSort::Name, &place, 2).await.unwrap();
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(names(PageStart::Start(0)).await, ["Ada Lovelace", "bob"]);
        assert_eq!(names(PageStart::Start(2)).await[0], "Bob");
        assert_eq!(names(PageStart::Start(6)).await, [""; 0]);
        assert_eq!(names(PageStart::Start(i64::MAX)).await, [""; 0]);
        assert_eq!(names(PageStart::Start(i64::MIN)).await.len(), 2);
        assert_eq!(names(PageStart::After(world.ada.clone())).await, ["bob", "Bob"]);

        let (total, first) = store.scim_users(&world.team, &Condition::All, 0, 2).await.unwrap();
        assert_eq!((total, first.len(), first[0].display_name.as_str()), (5, 2, "Ada Lovelace"));
        let (total, rest) = store.scim_users(&world.team, &Condition::All, 2, 100).await.unwrap();
        assert_eq!((total, rest.len()), (5, 3));
        assert!(first.iter().chain(&rest).map(|member| member.id.as_str()).is_sorted());
        assert_eq!(store.scim_users(&world.team, &Condition::All, 5, 100).await.unwrap(), (5, vec![]));
        assert_eq!(store.scim_users(&world.team, &Condition::All, 0, 0).await.unwrap(), (5, vec![]));

        world.db.sql("UPDATE members SET status = 'deleted' WHERE display_name = 'Zoë'").await;
        world.db.sql("UPDATE members SET status = 'deactivated' WHERE display_name = 'bob'").await;
        let (_, users) = store.scim_users(&world.team, &Condition::All, 0, 100).await.unwrap();
        assert_eq!(users.iter().map(|one| one.active).collect::<Vec<_>>(), [Some(true), Some(false), Some(true), Some(true)]);
    }

    async fn a_member_of_another_team_is_not_found(db: Db) {
        let world = World::new(db).await;
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Free, owner).await.unwrap();
        let store = world.store();
        assert!(store.scim_user(&world.team, &world.ada).await.unwrap().is_some());
        assert!(store.scim_user(&globex.id, &world.ada).await.unwrap().is_none());
        assert!(store.scim_user(&world.team, &MemberId::new("nobody")).await.unwrap().is_none());
        assert_eq!(store.scim_users(&globex.id, &Condition::All, 0, 10).await.unwrap().0, 1);
    }

    async fn groups_are_listed_by_name(db: Db) {
        let world = World::new(db).await;
        assert_eq!(world.store().scim_groups(&world.team, &Condition::All, 0, 10).await.unwrap(), (0, vec![]));
        let team = world.team.as_str();
        for (id, name) in [("g2", "Admins"), ("g1", "Zebras")] {
            world.db.sql(&format!(
                "INSERT INTO groups (id, team_id, display_name, display_name_key, member_count, created_at, updated_at) \
                 VALUES ('{id}', '{team}', '{name}', '{name}', 3, 1, 2)"
            ))
            .await;
        }
        world.db.sql("UPDATE teams SET group_count = 2").await;
        let groups = world.store().group_names(&world.team, 5).await.unwrap();
        assert_eq!(groups, [("g2".to_owned(), "Admins".to_owned()), ("g1".to_owned(), "Zebras".to_owned())]);
        let (total, page) = world.store().scim_groups(&world.team, &Condition::All, 1, 10).await.unwrap();
        assert_eq!((total, page.len(), page[0].id.as_str()), (2, 1, "g2"));
        assert_eq!(world.store().scim_group(&world.team, "g1").await.unwrap().unwrap().display_name, "Zebras");
        assert!(world.store().scim_group(&world.team, "g3").await.unwrap().is_none());
    }

    async fn admins_are_listed_as_contacts(db: Db) {
        let world = World::new(db).await;
        for role in [Role::Developer, Role::Billing, Role::Admin] {
            world.member(role).await;
        }
        let admins = world.store().team_admins(&world.team, &MemberId::new("nobody")).await.unwrap();
        assert_eq!(admins.iter().map(|helper| (helper.name.as_str(), helper.role)).collect::<Vec<_>>(), [("Ada Lovelace", Role::SuperAdmin), ("Admin", Role::Admin)]);
        world.db.sql("UPDATE members SET status = 'deactivated' WHERE display_name = 'Admin'").await;
        world.db.sql("UPDATE members SET group_roles = 32 WHERE display_name = 'Billing'").await;
        let admins = world.store().team_admins(&world.team, &MemberId::new("nobody")).await.unwrap();
        assert_eq!(admins.iter().map(|helper| (helper.name.as_str(), helper.role)).collect::<Vec<_>>(), [("Ada Lovelace", Role::SuperAdmin), ("Billing", Role::Admin)]);
    }

    async fn usable_keys_come_first_then_the_latest_to_end(db: Db) {
        let world = World::on(db).await;
        for name in ["first", "second", "third"] {
            world.key(name).await;
            world.pass(HOUR);
        }
        let names = async || {
            let keys = world.keys().await;
            keys.into_iter().map(|key| key.name).collect::<Vec<_>>()
        };
        assert_eq!(names().await, ["third", "second", "first"]);
        let id = |name: &'static str| {
            let world = world.clone();
            async move { world.keys().await.into_iter().find(|key| key.name == name).unwrap().id }
        };
        world.ada().key_revoke("acme", &id("third").await, "").await.unwrap();
        world.pass(HOUR);
        world.ada().key_revoke("acme", &id("first").await, "").await.unwrap();
        assert_eq!(names().await, ["second", "first", "third"]);
        world.pass(90 * DAY - HOUR);
        assert_eq!(names().await, ["second", "first"], "what ended 90 days ago is not shown");
        assert_eq!(world.store().keys_all(&world.team).await.unwrap().len(), 3);
        world.pass(400 * DAY);
        assert_eq!(names().await, [""; 0]);
    }

    async fn many_ended_keys_do_not_hide_the_usable_ones(db: Db) {
        let world = World::on(db).await;
        let usable = world.key("kept").await.record;
        for _ in 0..60 {
            world.pass(1000);
            let key = world.key("again").await.record;
            world.ada().key_revoke("acme", &key.id, "").await.unwrap();
        }
        let keys = world.keys().await;
        assert_eq!(keys.len(), 51);
        assert_eq!(keys[0], usable);
        assert!(matches!(keys[1].status(world.now()), KeyStatus::Revoked { .. }));
        assert!(keys[1].revoked_at > keys[50].revoked_at);
    }

    async fn a_key_is_read_with_its_team(db: Db) {
        let world = World::on(db).await;
        let new = world.key("Okta").await;
        let row = world.store().key_by_id(&new.record.id).await.unwrap().unwrap();
        assert_eq!(row.key, new.record);
        assert_eq!((row.team.slug.as_str(), row.team.scim_on, row.max_role), ("acme", true, Role::SuperAdmin));
        assert!(world.secrets.key_matches(new.key.expose(), &row.hash));
        assert!(!format!("{row:?}").contains(&row.hash));
        assert!(world.store().key_by_id(&KeyId::new("000000000000")).await.unwrap().is_none());
    }

    async fn the_last_use_only_moves_forward(db: Db) {
        let world = World::on(db).await;
        let key = world.key("Okta").await.record;
        world.pass(MINUTE);
        let used = async |at| {
            world.store().keys_touch(&[(world.team.clone(), key.id.clone(), at), (world.team.clone(), KeyId::new("gone"), at)], world.now()).await.unwrap();
            world.key_record(&key).await.last_used_at.unwrap()
        };
        assert_eq!(used(START + 10).await, START + 10);
        assert_eq!(used(START + 5).await, START + 10);
        assert_eq!(used(START + 11).await, START + 11);
        world.db.sql(&format!("UPDATE scim_keys SET last_used_at = {}", START + 365 * DAY)).await;
        assert_eq!(used(START + 12).await, START + 12, "a clock that was wrong does not count");
        assert_eq!(used(START + 365 * DAY).await, world.now(), "nor does it when it is written");
        world.store().keys_touch(&[], world.now()).await.unwrap();
    }

    async fn activity_can_be_read_page_by_page(db: Db) {
        let world = World::on(db).await;
        for name in ["a", "b", "c"] {
            world.key(name).await;
        }
        let all = world.log().await;
        assert_eq!(all.len(), 8);
        assert_eq!(world.store().activity_count(&world.team).await.unwrap(), 8);
        let (mut pages, mut before) = (Vec::new(), None);
        loop {
            let (page, older) = world.store().activity_page(&world.team, before.as_deref(), 3).await.unwrap();
            pages.extend(page);
            before = older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(pages, all);
        let (page, older) = world.store().activity_page(&world.team, None, 8).await.unwrap();
        assert_eq!((page.len(), older), (8, None), "exactly one page");
        let (none, _) = world.store().activity_page(&world.team, Some("0"), 8).await.unwrap();
        assert_eq!(none, []);
        assert_eq!(world.store().activity_sweep(world.now()).await.unwrap(), 0);
        assert_eq!(world.store().activity_sweep(world.now() + 1).await.unwrap(), 8);
    }

    async fn a_rolled_key_has_its_successor(db: Db) {
        let world = World::on(db).await;
        let old = world.ada().key_generate("acme", "Okta", Expiry::Never).await.unwrap().record;
        let new = world.ada().key_roll("acme", &old.id, Overlap::Day).await.unwrap().record;
        let old = world.key_record(&old).await;
        assert_eq!(old.replaced_by, Some(new.id));
        assert_eq!(old.status(world.now()), KeyStatus::HandingOver { until: world.now() + DAY });
    }
}
