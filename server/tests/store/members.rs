//! Lists of members: searched, filtered, sorted, from any place.

use crate::{
    db::{Db, on_both_engines},
    world::{World, person},
};
use domain::sort::{MemberOrder, MemberSort};
use domain::{
    MINUTE,
    id::MemberId,
    role::{Role, Roles},
};
use store::{ExpectedSize, InGroup, MemberFilter, MemberSource, MemberStatus, Origin, PageStart};

/// Acme with Ada and these people, added in this order.
async fn with(db: Db, people: &[(&str, &str, Role)]) -> World {
    let world = World::new(db).await;
    for (name, email, role) in people {
        world.pass(10);
        world.operator().member_add("acme", person(name, email, *role)).await.unwrap();
    }
    world
}

/// The names of one page. The expected size must not change the result.
async fn names(world: &World, filter: &MemberFilter, sort: MemberSort, place: &PageStart, size: i64) -> Vec<String> {
    let list = async |amount| {
        let rows = world.store().members_list(&world.team, (filter, amount), sort, place, size).await.unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    let few = list(ExpectedSize::Few).await;
    assert_eq!(few, list(ExpectedSize::Many).await, "{filter:?}");
    few
}

async fn matches(world: &World, filter: MemberFilter) -> Vec<String> {
    let names = names(world, &filter, MemberSort::Name, &PageStart::Start(0), 100).await;
    let count = world.store().members_count(&world.team, &filter, 100).await.unwrap();
    assert_eq!(count, names.len() as i64, "{filter:?}");
    names
}

/// The matches of the index in memory, if it is current.
async fn in_memory(world: &World, filter: &MemberFilter) -> Option<Vec<String>> {
    let (store, team) = (world.store(), &world.team);
    let results = store.members_search(team, filter).await.unwrap()?;
    let rows =
        store.members_search_page(team, &results, MemberSort::Name.into(), &PageStart::Start(0), 100).await.unwrap();
    assert_eq!(results.count(), rows.len() as i64, "{filter:?}");
    Some(rows.into_iter().map(|row| row.name).collect())
}

/// Reads the index into memory. Another read may run in the background.
async fn read_names(world: &World) {
    while !world.store().member_index_read(&world.team).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

async fn names_for(world: &World, search: &str) -> Vec<String> {
    matches(world, MemberFilter { search: search.into(), ..MemberFilter::default() }).await
}

on_both_engines! {
    async fn a_search_matches_name_email_and_user_name(db: Db) {
        let people = [
            ("100 % Bob", "bob@acme.test", Role::Developer),
            ("Under_score", "under@other.test", Role::Developer),
            ("Back\\slash \"quoted\" 'single'!", "back@acme.test", Role::Developer),
        ];
        let world = with(db, &people).await;
        world.db.sql("UPDATE members SET user_name = 'x', user_name_key = 'emp-77' WHERE email = 'under@other.test'").await;
        for (search, expected) in [
            ("ada", vec!["Ada Lovelace"]),
            ("lovelace", vec!["Ada Lovelace"]),
            ("@other", vec!["Under_score"]),
            ("emp-77", vec!["Under_score"]),
            ("%", vec!["100 % Bob"]),
            ("_", vec!["Under_score"]),
            ("\\", vec!["Back\\slash \"quoted\" 'single'!"]),
            ("\"quoted\" 'single'!", vec!["Back\\slash \"quoted\" 'single'!"]),
            ("' OR 1=1 --", vec![]),
            ("nul\0", vec![]),
        ] {
            assert_eq!(names_for(&world, search).await, expected, "{search}");
        }
        assert_eq!(names_for(&world, &"x".repeat(10_000)).await, [""; 0]);
        assert_eq!(names_for(&world, "").await.len(), 4);
    }

    async fn filters_can_be_combined(db: Db) {
        let people = [
            ("Bob", "bob@acme.test", Role::Admin),
            ("Carl", "carl@acme.test", Role::Billing),
            ("Dora", "dora@acme.test", Role::Developer),
            ("Gone", "gone@acme.test", Role::Admin),
        ];
        let world = with(db, &people).await;
        world.db.sql("UPDATE members SET status = 'deactivated', source = 'directory' WHERE display_name = 'Carl'").await;
        world.db.sql("UPDATE members SET group_roles = 32 WHERE display_name = 'Dora'").await;
        world.db.sql("UPDATE members SET status = 'deleted' WHERE display_name = 'Gone'").await;
        let team = &world.team;
        world.db.sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
             VALUES ('g', '{team}', 'G', 'g', 1, 1); INSERT INTO group_members (team_id, group_id, member_id) \
             SELECT team_id, 'g', id FROM members WHERE display_name IN ('Carl', 'Dora', 'Gone')"
        )).await;
        let everyone = MemberFilter::default;
        let role = |role| MemberFilter { role: Some(role), ..everyone() };
        for (filter, expected) in [
            (MemberFilter { status: Some(MemberStatus::Deactivated), ..everyone() }, vec!["Carl"]),
            (MemberFilter { status: Some(MemberStatus::Invited), ..everyone() }, vec![]),
            (MemberFilter { source: Some(MemberSource::Directory), ..everyone() }, vec!["Carl"]),
            (role(Role::SuperAdmin), vec!["Ada Lovelace"]),
            (role(Role::Admin), vec!["Bob", "Dora"]),
            (role(Role::Billing), vec!["Carl"]),
            (role(Role::Developer), vec!["Dora"]),
            (MemberFilter { search: "acme".into(), status: Some(MemberStatus::Active), ..role(Role::Admin) }, vec!["Bob", "Dora"]),
            (MemberFilter { search: "bob".into(), ..role(Role::Billing) }, vec![]),
            (MemberFilter { status: Some(MemberStatus::Active), source: Some(MemberSource::Manual), ..everyone() }, vec!["Ada Lovelace", "Bob", "Dora"]),
            (MemberFilter { group: Some(InGroup { id: "g".into(), members: 2 }), ..everyone() }, vec!["Carl", "Dora"]),
            (MemberFilter { group: Some(InGroup { id: "g".into(), members: 9_999 }), ..everyone() }, vec!["Carl", "Dora"]),
            (MemberFilter { group: Some(InGroup { id: "g".into(), members: 2 }), ..role(Role::Admin) }, vec!["Dora"]),
            (MemberFilter { group: Some(InGroup { id: "g".into(), members: 9_999 }), ..role(Role::Admin) }, vec!["Dora"]),
            (MemberFilter { group: Some(InGroup { id: "none".into(), members: 0 }), ..everyone() }, vec![]),
        ] {
            assert_eq!(matches(&world, filter.clone()).await, expected, "{filter:?}");
        }
        let dora = world.store().members_list(&world.team, (&role(Role::Developer), ExpectedSize::Few), MemberSort::Name, &PageStart::Start(0), 1).await;
        let dora = &dora.unwrap()[0];
        assert_eq!((dora.own_roles, dora.group_roles), (Roles::from(Role::Developer), Some(Roles::from(Role::Admin))));
        assert_eq!(dora.roles().highest(), Role::Admin);
    }

    /// For each order and filter, the pages in both directions and from every member are consistent.
    async fn consecutive_pages_have_no_gap_and_no_overlap(db: Db) {
        let people: Vec<(String, String)> = (0..23).map(|n| (format!("M {}", n % 7), format!("m{}@acme.test", (n * 7) % 23))).collect();
        let people: Vec<_> = people.iter().map(|(name, email)| (name.as_str(), email.as_str(), Role::Developer)).collect();
        let world = with(db, &people).await;
        let (store, team) = (world.store(), &world.team);
        world.db.sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
             VALUES ('g', '{team}', 'G', 'g', 1, 1); INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, 'g', id FROM members"
        )).await;
        let everyone = MemberFilter::default;
        let of_group = |members| MemberFilter::of_group(InGroup { id: "g".into(), members });
        for (filter, amount) in [
            (everyone(), ExpectedSize::Few),
            (everyone(), ExpectedSize::Many),
            (MemberFilter { search: "m".into(), ..everyone() }, ExpectedSize::Few),
            (MemberFilter { search: "m".into(), ..everyone() }, ExpectedSize::Many),
            (MemberFilter { status: Some(MemberStatus::Active), ..everyone() }, ExpectedSize::Few),
            (MemberFilter { source: Some(MemberSource::Manual), ..everyone() }, ExpectedSize::Many),
            (of_group(24), ExpectedSize::Few),
            (of_group(100_000), ExpectedSize::Few),
            (of_group(100_000), ExpectedSize::Many),
            (MemberFilter { search: "m".into(), ..of_group(24) }, ExpectedSize::Few),
        ] {
            for order in MemberOrder::ALL {
                let list = async |place: PageStart, size| -> Vec<MemberId> {
                    let rows = store.members_list(team, (&filter, amount), order, &place, size).await.unwrap();
                    rows.into_iter().map(|row| row.id).collect()
                };
                let full_list = list(PageStart::Start(0), 100).await;
                assert_eq!(full_list.len(), 24);
                for (index, id) in full_list.iter().enumerate() {
                    assert_eq!(list(PageStart::After(id.clone()), 5).await, full_list[index + 1..].iter().take(5).cloned().collect::<Vec<_>>());
                    assert_eq!(list(PageStart::Before(id.clone()), 5).await, full_list[index.saturating_sub(5)..index]);
                    assert_eq!(list(PageStart::Start(index as i64), 5).await, full_list[index..].iter().take(5).cloned().collect::<Vec<_>>());
                }
                assert_eq!(list(PageStart::End(0), 4).await, full_list[20..]);
                assert_eq!(list(PageStart::End(4), 5).await, full_list[15..20]);
                assert_eq!(list(PageStart::After(MemberId::new("nobody")), 5).await, []);
            }
        }
        let newest = names(&world, &MemberFilter::default(), MemberSort::Newest, &PageStart::Start(0), 1).await;
        assert_eq!(newest, ["M 1"]);
        let first = names(&world, &MemberFilter::default(), MemberSort::Email, &PageStart::Start(0), 2).await;
        assert_eq!(first, ["Ada Lovelace", "M 0"]);
    }

    /// For each filter, order and place, a page from the index in memory equals that of the database.
    async fn a_page_from_memory_equals_that_of_the_database(db: Db) {
        let roles = [Role::Developer, Role::Billing, Role::Admin, Role::SuperAdmin];
        let people: Vec<(String, String)> = (0..23).map(|n| (format!("M {}", n % 7), format!("m{}@acme.test", (n * 7) % 23))).collect();
        let people: Vec<_> = people.iter().zip(roles.into_iter().cycle()).map(|((name, email), role)| (name.as_str(), email.as_str(), role)).collect();
        let world = with(db, &people).await;
        let (store, team) = (world.store(), &world.team);
        world.db.sql(&format!(
            "INSERT INTO groups (id, team_id, display_name, display_name_key, created_at, updated_at) \
             VALUES ('g', '{team}', 'G', 'g', 1, 1); \
             INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, 'g', id FROM members WHERE display_name_key < 'm 5'; \
             UPDATE members SET status = 'deactivated', group_roles = 8 WHERE display_name_key = 'm 1'; \
             UPDATE members SET status = 'invited', source = 'invited' WHERE display_name_key = 'm 2'; \
             UPDATE members SET email = NULL, email_key = NULL WHERE display_name_key = 'm 3'; \
             UPDATE members SET last_sign_in_at = 1760000000000 + length(user_name) WHERE display_name_key < 'm 4'"
        )).await;
        read_names(&world).await;
        let everyone = || MemberFilter { search: "m".into(), ..MemberFilter::default() };
        let group = |members| Some(InGroup { id: "g".into(), members });
        for filter in [
            everyone(),
            MemberFilter { search: "1 m".into(), ..everyone() },
            MemberFilter { status: Some(MemberStatus::Deactivated), ..everyone() },
            MemberFilter { source: Some(MemberSource::Invited), ..everyone() },
            MemberFilter { role: Some(Role::Billing), ..everyone() },
            MemberFilter { group: group(12), ..everyone() },
            MemberFilter { group: group(100_000), status: Some(MemberStatus::Active), ..everyone() },
            MemberFilter { group: Some(InGroup { id: "none".into(), members: 0 }), ..everyone() },
        ] {
            let results = store.members_search(team, &filter).await.unwrap().unwrap();
            assert_eq!(results.count(), store.members_count(team, &filter, 100).await.unwrap(), "{filter:?}");
            for order in MemberOrder::ALL {
                let full_list = store.members_list(team, (&filter, ExpectedSize::Few), order, &PageStart::Start(0), 100).await.unwrap();
                let mut places = vec![PageStart::Start(0), PageStart::Start(3), PageStart::End(0), PageStart::End(4)];
                for row in &full_list {
                    places.extend([PageStart::After(row.id.clone()), PageStart::Before(row.id.clone())]);
                }
                places.push(PageStart::After(world.ada.clone()));
                for place in places {
                    let from_database = store.members_list(team, (&filter, ExpectedSize::Few), order, &place, 5).await.unwrap();
                    let from_memory = store.members_search_page(team, &results, order, &place, 5).await.unwrap();
                    assert_eq!(from_memory, from_database, "{filter:?} {order:?} {place:?}");
                }
            }
        }
        // A sign-in changes no revision, but the order must follow it.
        let results = store.members_search(team, &everyone()).await.unwrap().unwrap();
        for (member, at) in [("m3@acme.test", 1_770_000_000_000_i64), ("m4@acme.test", 1_769_999_990_000)] {
            world.db.sql(&format!("UPDATE members SET last_sign_in_at = {at} WHERE user_name = '{member}'")).await;
            let order = MemberSort::LastSignIn.into();
            let from_database = store.members_list(team, (&everyone(), ExpectedSize::Few), order, &PageStart::Start(0), 50).await.unwrap();
            let from_memory = store.members_search_page(team, &results, order, &PageStart::Start(0), 50).await.unwrap();
            assert_eq!(from_memory, from_database, "{member}");
        }
    }

    /// The index in memory has the matches of the database, unless something has changed.
    async fn the_index_in_memory_is_never_out_of_date(db: Db) {
        let world = with(db, &[("Bob", "bob@acme.test", Role::Admin), ("Émile", "emile@acme.test", Role::Billing)]).await;
        let (store, team) = (world.store(), &world.team);
        let refresh = async || read_names(&world).await;
        let search_names = async |search: &str| {
            let filter = MemberFilter { search: search.into(), ..MemberFilter::default() };
            in_memory(&world, &filter).await
        };
        assert_eq!(search_names("bob").await, None, "not read yet");
        refresh().await;
        for (search, expected) in [
            ("bob", vec!["Bob"]),
            ("émile", vec!["Émile"]),
            ("@acme", vec!["Ada Lovelace", "Bob", "Émile"]),
            ("nobody", vec![]),
            ("nul\0", vec![]),
        ] {
            assert_eq!(search_names(search).await.unwrap(), expected, "{search}");
        }
        let admins = MemberFilter { search: "@acme".into(), role: Some(Role::Admin), ..MemberFilter::default() };
        assert_eq!(in_memory(&world, &admins).await.unwrap(), ["Bob"]);
        let late = person("Late Bob", "late@acme.test", Role::Developer);
        world.operator().member_add("acme", late).await.unwrap();
        assert_eq!(search_names("bob").await, None, "they are older than the team");
        refresh().await;
        assert_eq!(search_names("bob").await.unwrap(), ["Bob", "Late Bob"]);
        let late = MemberFilter { search: "late".into(), ..MemberFilter::default() };
        let results = store.members_search(team, &late).await.unwrap().unwrap();
        let rows = store.members_search_page(team, &results, MemberSort::LastSignIn.into(), &PageStart::Start(0), 5).await.unwrap();
        world.ada().member_remove("acme", &rows[0].id).await.unwrap();
        let removed = store.members_search_page(team, &results, MemberSort::Name.into(), &PageStart::Start(0), 5).await.unwrap();
        assert_eq!(removed, [], "a member removed since is missing");
        refresh().await;
        assert_eq!(search_names("bob").await.unwrap(), ["Bob"]);
        assert!(store.members_search(&domain::id::TeamId::new("nothing"), &MemberFilter::default()).await.is_err());
    }

    async fn members_of_other_teams_are_not_listed(db: Db) {
        let world = World::new(db).await;
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", domain::plan::Plan::Free, owner).await.unwrap();
        let everybody = MemberFilter::default();
        let rows = world.store().members_list(&globex.id, (&everybody, ExpectedSize::Few), MemberSort::Name, &PageStart::After(world.ada.clone()), 5).await;
        assert_eq!(rows.unwrap(), []);
        assert_eq!(world.store().member_details(&globex.id, &world.ada).await.unwrap(), None);
        assert!(world.store().member_details(&world.team, &world.ada).await.unwrap().is_some());
        assert_eq!(world.store().members_count(&globex.id, &everybody, 10).await.unwrap(), 1);
    }

    async fn the_last_sign_in_is_recorded(db: Db) {
        let world = World::new(db).await;
        let (store, now) = (world.store(), world.now());
        let last = async || store.member_details(&world.team, &world.ada).await.unwrap().unwrap().row.last_sign_in_at;
        assert_eq!(last().await, None);
        let from = Origin { browser: Some("Firefox on Linux".into()), address: Some("192.0.2.7".into()), ..Origin::default() };
        store.session_create("hash", now).await.unwrap();
        assert!(store.sign_in_add("hash", (&world.team, &world.ada), &from, now + MINUTE).await.unwrap());
        assert_eq!(last().await, Some(now + MINUTE));
        let open = store.own_sessions(&world.team, &world.ada, "hash", now + MINUTE).await.unwrap();
        let [one] = &open[..] else { panic!("{open:?}") };
        assert_eq!((one.since, one.last_seen_at, one.is_this), (now + MINUTE, now, true));
        assert_eq!((&one.browser, &one.address), (&from.browser, &from.address));
        assert_eq!(store.own_sessions(&world.team, &world.ada, "hash", now + 31 * MINUTE).await.unwrap(), []);
    }
}
