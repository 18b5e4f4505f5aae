//! Sessions, sign-ins, throttling.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, person},
};
use domain::{
    HOUR, MINUTE,
    id::{MemberId, TeamId},
    plan::Plan,
    role::Role,
};
use store::Condition;
use store::{ABSOLUTE_LIFETIME, Failed, IDLE_LIFETIME, Origin};

on_both_engines! {
    async fn a_session_has_one_member_per_team(db: Db) {
        let world = World::new(db).await;
        let store = world.store();
        let bob = world.member(Role::Developer).await;
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Free, owner).await.unwrap();
        let grace = store.scim_users(&globex.id, &Condition::All, 0, 1).await.unwrap().1[0].id.clone();

        assert_eq!(store.session_load("s", START).await.unwrap(), None);
        store.session_create("s", START).await.unwrap();
        assert_eq!(store.session_load("s", START).await.unwrap().unwrap().sign_ins, []);

        assert!(store.sign_in_add("s", (&world.team, &bob), &Origin::default(), START).await.unwrap());
        assert!(store.sign_in_add("s", (&globex.id, &grace), &Origin::default(), START + 1).await.unwrap());
        assert!(store.sign_in_add("s", (&world.team, &world.ada), &Origin::default(), START + 2).await.unwrap());
        assert!(store.sign_in_add("s", (&world.team, &world.ada), &Origin::default(), START + 3).await.unwrap(), "once more is fine");

        let session = store.session_load("s", START + 4).await.unwrap().unwrap();
        let names: Vec<_> = session.sign_ins.iter().map(|one| (one.name.as_str(), one.team.slug.as_str())).collect();
        assert_eq!(names, [("Grace Hopper", "globex"), ("Ada Lovelace", "acme")]);
        let ada = &session.sign_ins[1];
        assert_eq!((ada.email.as_str(), ada.roles.highest()), ("ada@acme.test", Role::SuperAdmin));
        assert_eq!((ada.signed_in_at, ada.verified_at), (START + 3, START + 3));
        assert_eq!((ada.team.plan, ada.team.scim_on, ada.team.member_count), (Plan::Enterprise, false, 2));

        assert!(store.sign_in_verify("s", (&world.team, &world.ada), START + 9).await.unwrap());
        assert!(!store.sign_in_verify("s", (&world.team, &bob), START + 9).await.unwrap(), "not signed in any more");
        assert_eq!(store.session_load("s", START + 9).await.unwrap().unwrap().sign_ins[1].verified_at, START + 9);
    }

    async fn a_session_ends_when_idle_and_by_age(db: Db) {
        let store = &db.store;
        store.session_create("s", START).await.unwrap();
        assert!(store.session_load("s", START + IDLE_LIFETIME - 1).await.unwrap().is_some());
        assert!(store.session_load("s", START + IDLE_LIFETIME).await.unwrap().is_none());

        // Even while it is in use, it ends after twelve hours.
        let mut now = START;
        while now < START + ABSOLUTE_LIFETIME - 20 * MINUTE {
            now += 20 * MINUTE;
            store.session_touch("s", now).await.unwrap();
        }
        assert!(store.session_load("s", START + ABSOLUTE_LIFETIME - 1).await.unwrap().is_some());
        assert!(store.session_load("s", START + ABSOLUTE_LIFETIME).await.unwrap().is_none());

        store.session_create("young", START + 12 * HOUR).await.unwrap();
        assert_eq!(store.sessions_sweep(START + 12 * HOUR).await.unwrap(), 1);
        assert!(store.session_load("young", START + 12 * HOUR).await.unwrap().is_some());
    }

    async fn the_last_use_is_written_once_a_minute(db: Db) {
        let last_seen = async |now| {
            db.store.session_touch("s", now).await.unwrap();
            db.store.session_load("s", now).await.unwrap().unwrap().last_seen_at - START
        };
        db.store.session_create("s", START).await.unwrap();
        assert_eq!(last_seen(START + MINUTE - 1).await, 0);
        assert_eq!(last_seen(START + MINUTE).await, MINUTE);
        assert_eq!(last_seen(START + MINUTE + 1).await, MINUTE);
    }

    async fn a_session_keeps_its_sign_ins_under_a_new_id(db: Db) {
        let world = World::new(db).await;
        let store = world.store();
        store.session_create("old", START).await.unwrap();
        store.sign_in_add("old", (&world.team, &world.ada), &Origin::default(), START).await.unwrap();
        assert!(store.session_rename("old", "new").await.unwrap());
        assert!(!store.session_rename("old", "newer").await.unwrap());
        assert!(store.session_load("old", START).await.unwrap().is_none());
        assert_eq!(store.session_load("new", START).await.unwrap().unwrap().sign_ins.len(), 1);
        store.session_delete("new").await.unwrap();
        assert!(store.session_load("new", START).await.unwrap().is_none());
        assert!(!store.sign_in_add("new", (&world.team, &world.ada), &Origin::default(), START).await.unwrap(), "no session to sign in with");
    }

    async fn the_old_id_of_a_session_works_for_a_moment(db: Db) {
        let store = &db.store;
        store.session_create("old", START).await.unwrap();
        assert!(store.session_renew("old", "new", START).await.unwrap());
        assert!(!store.session_renew("old", "newer", START).await.unwrap());
        assert_eq!(store.session_successor("old", START + MINUTE / 2 - 1).await.unwrap().as_deref(), Some("new"));
        assert_eq!(store.session_successor("old", START + MINUTE / 2).await.unwrap(), None);
        assert!(store.session_load("old", START).await.unwrap().is_none());
        assert_eq!(store.session_id("new").await.unwrap().as_deref(), Some("old"));
        assert_eq!(store.session_id("old").await.unwrap(), None);
    }

    async fn a_session_has_only_active_members(db: Db) {
        let world = World::new(db).await;
        let store = world.store();
        for status in ["deactivated", "deleted", "invited"] {
            store.session_create(status, START).await.unwrap();
            store.sign_in_add(status, (&world.team, &world.ada), &Origin::default(), START).await.unwrap();
            world.db.sql(&format!("UPDATE members SET status = '{status}'")).await;
            assert_eq!(store.session_load(status, START).await.unwrap().unwrap().sign_ins, [], "{status}");
            assert!(!store.sign_in_add(status, (&world.team, &world.ada), &Origin::default(), START).await.unwrap());
            assert_eq!(store.credentials_by_email("ada@acme.test", None).await.unwrap().len(), 0);
            assert_eq!(store.member_password(&world.team, &world.ada).await.unwrap(), None);
            world.db.sql("UPDATE members SET status = 'active'").await;
        }
    }

    async fn roles_are_read_anew_with_each_request(db: Db) {
        let world = World::new(db).await;
        let developer = world.member(Role::Developer).await;
        world.store().session_create("s", START).await.unwrap();
        world.store().sign_in_add("s", (&world.team, &developer), &Origin::default(), START).await.unwrap();
        let role = async || world.store().session_load("s", START).await.unwrap().unwrap().sign_ins[0].roles.highest();
        assert_eq!(role().await, Role::Developer);
        world.db.sql("UPDATE members SET group_roles = 32").await;
        assert_eq!(role().await, Role::Admin, "given by a group");
    }

    async fn credentials_are_found_by_email_and_team(db: Db) {
        let world = World::new(db).await;
        let same = person("Ada L.", "Ada@Acme.test", Role::Developer);
        world.operator().team_create("globex", "Globex", Plan::Free, same).await.unwrap();
        let find = async |team| {
            let credentials = world.store().credentials_by_email("ada@acme.test", team).await.unwrap();
            credentials.into_iter().map(|one| one.team_slug).collect::<Vec<_>>()
        };
        assert_eq!(find(None).await, ["acme", "globex"]);
        assert_eq!(find(Some("globex")).await, ["globex"]);
        assert_eq!(find(Some("nowhere")).await, [""; 0]);
        assert_eq!(world.store().member_password(&world.team, &world.ada).await.unwrap().as_deref(), Some("$argon2id$"));
        let one = &world.store().credentials_by_email("ada@acme.test", None).await.unwrap()[0];
        assert!(!format!("{one:?}").contains("argon2"));
    }

    async fn simultaneous_failures_have_different_numbers(db: Db) {
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let store = db.store.clone();
                tokio::spawn(async move { store.throttle_fail("ada", START, None).await.unwrap() })
            })
            .collect();
        let mut numbers = Vec::new();
        for one in tries {
            numbers.push(one.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
        db.store.throttle_fail("ada", START + 5, Some(START + 60)).await.unwrap();
        let counter = db.store.throttle_load("ada").await.unwrap().unwrap();
        assert_eq!((counter.failures, counter.last_at, counter.blocked_until), (21, START + 5, Some(START + 60)));
        db.store.throttle_clear("ada").await.unwrap();
        assert_eq!(db.store.throttle_load("ada").await.unwrap(), None);
        db.store.throttle_fail("bob", START, None).await.unwrap();
        assert_eq!(db.store.throttle_sweep(START + 1).await.unwrap(), 1);
    }

    async fn a_window_begins_with_its_first_failure(db: Db) {
        let window = |over| Failed::Window { key: "address".into(), over };
        let count = async |now| {
            let counter = db.store.throttle_count(&[window(now - MINUTE)], now).await.unwrap()[0];
            (counter.failures, counter.last_at - START)
        };
        assert_eq!(count(START).await, (1, 0));
        assert_eq!(count(START + 10).await, (2, 0));
        assert_eq!(count(START + MINUTE - 1).await, (3, 0));
        assert_eq!(count(START + MINUTE).await, (1, MINUTE));
        assert_eq!(count(START).await, (1, 0), "a window in the future was written by a wrong clock");
        db.store.throttle_settle(&[], &["address", "unknown"]).await.unwrap();
        assert_eq!(db.store.throttle_load("address").await.unwrap().unwrap().failures, 0);
    }

    async fn old_failures_are_deleted(db: Db) {
        let since = |now: i64| Failed::Since { key: "ada".into(), forgotten: now - HOUR, blocked_until: Some(now + 5) };
        let count = async |now| db.store.throttle_count(&[since(now)], now).await.unwrap()[0].failures;
        assert_eq!([count(START).await, count(START + HOUR).await, count(START + 2 * HOUR + 1).await], [1, 2, 1]);
    }

    async fn at_most_nine_credentials_with_a_password_are_read(db: Db) {
        let world = World::new(db).await;
        for number in 0..10 {
            let same = person("Ada", "ada@acme.test", Role::Developer);
            world.operator().team_create(&format!("team-{number}"), "Team", Plan::Free, same).await.unwrap();
        }
        world.db.sql("UPDATE members SET password_hash = NULL WHERE team_id = (SELECT id FROM teams WHERE slug = 'team-0')").await;
        let find = async |first| {
            let rows = world.store().credentials("ada@acme.test", None, first).await.unwrap();
            rows.into_iter().map(|one| one.team_slug).collect::<Vec<_>>()
        };
        let oldest: Vec<String> = std::iter::once("acme".to_owned()).chain((1..9).map(|n| format!("team-{n}"))).collect();
        assert_eq!(find(None).await, oldest);
        let slugs = find(Some("team-9")).await;
        assert_eq!((slugs.len(), slugs[0].as_str(), slugs[1].as_str()), (9, "team-9", "acme"));
        assert_eq!(find(Some("team-0")).await, oldest);
    }

    async fn nul_characters_are_rejected(db: Db) {
        let store = &db.store;
        assert_eq!(store.session_load("\0", START).await.unwrap(), None);
        assert_eq!(store.team_by_slug("a\0b").await.unwrap(), None);
        assert_eq!(store.credentials_by_email("\0", Some("\0")).await.unwrap().len(), 0);
        assert_eq!(store.member_password(&TeamId::new("team"), &MemberId::new("\0")).await.unwrap(), None);
    }
}
