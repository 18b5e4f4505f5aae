//! Changes under load: their cost, access checks, and rejected changes.

use crate::{
    api::{Answer, Api, GROUP, USER, patch_of},
    db::{Db, on_both_engines},
};
use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode, header},
};
use domain::{DAY, activity::Change, plan::Plan};
use http_body_util::Channel;
use serde_json::{Value, json};
use server::scim_api::instances::Instance;
use sqlx::Connection as _;

/// Sends a request, and runs `happens` between the check of the key and the end of the body.
async fn during_the_body(api: &Api, method: Method, path: &str, body: &Value, happens: impl AsyncFnOnce()) -> Answer {
    let (mut sender, channel) = Channel::<Bytes>::new(1);
    let request = api.request(method, path, &api.key);
    let response = api.send_body(request, Body::new(channel));
    let happening = async {
        let text = body.to_string();
        let (first, rest) = text.split_at(1);
        sender.send_data(Bytes::from(first.to_owned())).await.unwrap();
        // The channel accepts this after the first part was read: the key has been checked.
        sender.send_data(Bytes::from(rest.to_owned())).await.unwrap();
        happens().await;
        drop(sender);
    };
    tokio::join!(response, happening).0
}

/// A group with this many of the members that [`World::bulk`](crate::world::World::bulk) created.
async fn large_group(api: &Api, count: usize) -> String {
    let group = api.group("Large", &[]).await;
    let insert = "INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id,";
    api.world.db.sql(&format!("{insert} '{group}', id FROM members WHERE id LIKE 'b%' AND id < 'b{count:05}'")).await;
    api.world.db.sql(&format!("UPDATE groups SET member_count = {count} WHERE id = '{group}'")).await;
    group
}

/// The members that joined and left groups according to the log: their count and the first names. Oldest entry first.
async fn moves(api: &Api) -> Vec<(u64, u64, Vec<String>)> {
    let entries = api.world.log().await.into_iter().rev();
    let moved = entries.filter_map(|entry| match entry.change {
        Change::GroupMembersChanged { added, removed, who, .. } => Some((added, removed, who)),
        _ => None,
    });
    moved.collect()
}

async fn members(api: &Api, group: &str) -> i64 {
    let query = format!("SELECT CAST(COUNT(*) AS TEXT) FROM group_members WHERE group_id = '{group}'");
    api.world.db.text(&query).await.unwrap().parse().unwrap()
}

on_both_engines! {
    async fn a_thousand_filters_over_a_large_group_are_rejected_and_change_nothing(db: Db) {
        let api = Api::new(db).await;
        api.world.bulk(10_000).await;
        let group = large_group(&api, 10_000).await;
        let tag = api.get(&format!("/Groups/{group}?excludedAttributes=members")).await.tag().to_owned();
        let mut operations = vec![json!({"op": "replace", "path": "displayName", "value": "Renamed"})];
        operations.extend((0..999).map(|n| json!({"op": "remove", "path": format!("members[display sw \"zz{n}\"]")})));
        let answer = api.patch(&format!("/Groups/{group}"), json!(operations)).await;
        assert!(answer.summary().starts_with("400 tooMany "), "{}", answer.summary());
        let after = api.get(&format!("/Groups/{group}?excludedAttributes=members")).await;
        assert_eq!((after.tag(), after.json["displayName"].as_str()), (tag.as_str(), Some("Large")));
        let some = json!([{"op": "remove", "path": "members[display ew \"99\"]"}]);
        assert_eq!(api.patch(&format!("/Groups/{group}"), some).await.status, StatusCode::NO_CONTENT);
        assert_eq!(members(&api, &group).await, 9_900);
    }

    async fn many_filters_over_a_small_group_are_applied_in_order(db: Db) {
        let api = Api::new(db).await;
        let ids = [api.user("ann").await, api.user("bob").await, api.user("cid").await];
        let group = api.group("Small", &[&ids[0], &ids[1]]).await;
        let mut operations: Vec<_> =
            (0..900).map(|n| json!({"op": "remove", "path": format!("members[display sw \"zz{n}\"]")})).collect();
        operations.push(json!({"op": "remove", "path": "members[display eq \"ann\"]"}));
        operations.push(json!({"op": "add", "path": "members", "value": [{"value": ids[2]}]}));
        let answer = api.patch(&format!("/Groups/{group}"), json!(operations)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
        let mut expected = vec![ids[1].clone(), ids[2].clone()];
        expected.sort();
        assert_eq!(api.get(&format!("/Groups/{group}")).await.members(), expected);
        assert_eq!(moves(&api).await, [(1, 1, vec!["cid".to_owned(), "ann".to_owned()])]);
    }

    async fn a_large_list_is_replaced_by_its_difference(db: Db) {
        let api = Api::new(db).await;
        api.world.bulk(900).await;
        let list = |range: std::ops::Range<usize>| range.map(|n| json!({"value": format!("b{n:05}")})).collect::<Vec<_>>();
        let body = |members: Vec<Value>| json!({"schemas": [GROUP], "displayName": "Large", "members": members});
        let response = api.post("/Groups", &body(list(0..500))).await;
        assert_eq!((response.status, response.members().len()), (StatusCode::CREATED, 500), "{}", response.body);
        let group = format!("/Groups/{}", response.id());
        let replaced = api.put(&group, &body(list(100..800))).await;
        assert_eq!((replaced.status, replaced.members().len()), (StatusCode::OK, 700));
        let (added, removed, names) = moves(&api).await.pop().unwrap();
        assert_eq!((added, removed, names.len()), (300, 100, 5));
        let repeat = api.put(&group, &body(list(100..800))).await;
        assert_eq!(repeat.tag(), replaced.tag(), "nothing changes");
        let mut unknown = list(0..300);
        unknown.push(json!({"value": "nobody"}));
        for answer in [api.put(&group, &body(unknown.clone())).await, api.post("/Groups", &body(unknown.clone())).await] {
            assert_eq!(answer.summary(), "400 invalidValue members: no User with the id nobody");
        }
        assert_eq!(api.get(&group).await.tag(), replaced.tag());
        let cleared = api.patch(&group, json!([{"op": "remove", "path": "members"}])).await;
        assert_eq!(cleared.status, StatusCode::NO_CONTENT);
        assert_eq!(members(&api, &response.id()).await, 0);
    }

    /// Changes by id and changes that were computed before, all of one group. None is lost.
    async fn concurrent_changes_of_one_group_are_all_applied(db: Db) {
        let api = Api::new(db).await;
        api.world.bulk(40).await;
        let group = api.group("Busy", &[]).await;
        let tasks: Vec<_> = (0..40)
            .map(|n| {
                let (api, path) = (api.clone(), format!("/Groups/{group}"));
                tokio::spawn(async move {
                    let add = json!({"op": "add", "path": "members", "value": [{"value": format!("b{n:05}")}]});
                    let filter = json!({"op": "remove", "path": "members[display eq \"nobody\"]"});
                    let operations = if n % 4 == 0 { json!([filter, add]) } else { json!([add]) };
                    (n, api.patch(&path, operations).await)
                })
            })
            .collect();
        let mut succeeded = 0;
        for task in tasks {
            let (_, answer) = task.await.unwrap();
            let moved = answer.status == StatusCode::SERVICE_UNAVAILABLE && answer.header(header::RETRY_AFTER) == "5";
            assert!(answer.status == StatusCode::NO_CONTENT || moved, "{}", answer.body);
            succeeded += i64::from(answer.status == StatusCode::NO_CONTENT);
        }
        assert_eq!(members(&api, &group).await, succeeded);
    }

    async fn a_huge_group_is_deleted_in_batches_and_its_members_stay(db: Db) {
        let api = Api::new(db).await;
        api.world.bulk(21_000).await;
        let group = large_group(&api, 21_000).await;
        let stale = api.request(Method::DELETE, &format!("/Groups/{group}"), &api.key).header(header::IF_MATCH, "W/\"99\"");
        assert_eq!(api.send(stale).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(members(&api, &group).await, 21_000);
        assert_eq!(api.delete(&format!("/Groups/{group}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.get(&format!("/Groups/{group}")).await.status, StatusCode::NOT_FOUND);
        let remaining = api.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM members WHERE status = 'active'").await;
        assert_eq!((members(&api, &group).await, remaining.as_deref()), (0, Some("21001")));
        let removed: Vec<u64> = moves(&api).await.into_iter().map(|(_, removed, _)| removed).collect();
        assert_eq!(removed, [10_000, 10_000], "the rest leaves with the group");
    }

    async fn a_key_that_ends_while_the_body_arrives_changes_nothing(db: Db) {
        let api = Api::new(db).await;
        let bob = api.user("bob").await;
        let body = json!({"schemas": [USER], "userName": "late"});
        let world = &api.world;
        let off = async || world.operator().scim_turn_off("acme", "").await.unwrap();
        let answer = during_the_body(&api, Method::POST, "/Users", &body, off).await;
        assert!(answer.summary().starts_with("403 SCIM provisioning is off for this team."), "{}", answer.summary());
        world.operator().scim_turn_on("acme").await.unwrap();
        let off = async || world.operator().scim_turn_off("acme", "").await.unwrap();
        let patch = patch_of(json!([{"op": "replace", "path": "active", "value": false}]));
        let answer = during_the_body(&api, Method::PATCH, &format!("/Users/{bob}"), &patch, off).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        world.operator().scim_turn_on("acme").await.unwrap();
        let lower = async || world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        let answer = during_the_body(&api, Method::POST, "/Users", &body, lower).await;
        assert!(answer.summary().starts_with("403 SCIM provisioning is part of the Enterprise plan"), "{}", answer.summary());
        world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        let expire = async || world.pass(366 * DAY);
        let answer = during_the_body(&api, Method::POST, "/Users", &body, expire).await;
        assert!(answer.summary().starts_with("401 This SCIM API key expired on"), "{}", answer.summary());
        let api = api.with_key(world.key("New").await.key.expose());
        let id = world.keys().await.into_iter().find(|key| key.name == "New").unwrap().id;
        let revoke = async || world.operator().key_revoke("acme", &id, "").await.unwrap();
        let answer = during_the_body(&api, Method::POST, "/Users", &body, revoke).await;
        assert!(answer.summary().starts_with("401 This SCIM API key was revoked on"), "{}", answer.summary());
        let api = api.with_key(world.key("Newest").await.key.expose());
        assert_eq!(api.find("/Users", "userName eq \"late\"").await.counts()[0], 0);
        assert_eq!(api.get(&format!("/Users/{bob}")).await.json["active"], true);
    }

    async fn a_bulk_is_rejected_operation_by_operation_after_provisioning_ended(db: Db) {
        let api = Api::new(db).await;
        let operation = |n: u32| {
            json!({"method": "POST", "path": "/Users", "bulkId": format!("b{n}"),
                "data": {"schemas": [USER], "userName": format!("bulk{n}")}})
        };
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [operation(1), operation(2), operation(3)]});
        let off = async || api.world.operator().scim_turn_off("acme", "").await.unwrap();
        let answer = during_the_body(&api, Method::POST, "/Bulk", &body, off).await;
        assert_eq!(answer.status, StatusCode::OK);
        let operations = answer.json["Operations"].as_array().unwrap();
        let statuses: Vec<_> = operations.iter().map(|operation| operation["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["403", "403", "403"]);
        assert!(operations[2]["response"]["detail"].as_str().unwrap().starts_with("SCIM provisioning is off"));
    }

    async fn each_operation_of_a_bulk_takes_a_token(db: Db) {
        let api = Api::limited(db, 60, 5).await;
        let bulk = |from: u32, count: u32| {
            let operations: Vec<_> = (from..from + count)
                .map(|n| json!({"method": "POST", "path": "/Users", "bulkId": format!("b{n}"),
                    "data": {"schemas": [USER], "userName": format!("bulk{n}")}}))
                .collect();
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations})
        };
        let answer = api.post("/Bulk", &bulk(0, 6)).await;
        assert!(answer.summary().starts_with("413 Operations: each counts as a request, and the rate limit of this key allows 5 at once"), "{}", answer.summary());
        api.world.pass(60_000);
        assert_eq!(api.get("/ServiceProviderConfig").await.json["bulk"]["maxOperations"], 5);
        api.world.pass(60_000);
        assert_eq!(api.post("/Bulk", &bulk(0, 5)).await.status, StatusCode::OK);
        assert_eq!(api.get("/Users").await.status, StatusCode::TOO_MANY_REQUESTS);
        api.world.pass(2_000);
        let answer = api.post("/Bulk", &bulk(10, 3)).await;
        assert_eq!((answer.status, answer.header(header::RETRY_AFTER)), (StatusCode::TOO_MANY_REQUESTS, "2"));
        api.world.pass(2_000);
        assert_eq!(api.post("/Bulk", &bulk(10, 3)).await.status, StatusCode::OK, "the wait was enough");
        let members = api.world.store().team_by_slug("acme").await.unwrap().unwrap().member_count;
        assert_eq!(members, 1 + 5 + 3);
    }

    async fn processes_on_one_database_share_the_rate(db: Db) {
        let is_sqlite = db.is_sqlite();
        let api = Api::limited(db, 60, 4).await;
        let other = api.another(60, 4);
        let first = Instance::register(&api.state).await.unwrap();
        let second = Instance::register(&other.state).await.unwrap();
        first.beat(&api.state).await.unwrap();
        let passed = async |api: &Api| {
            let mut passed = 0;
            while api.get("/Users?count=0").await.status == StatusCode::OK {
                passed += 1;
            }
            passed
        };
        let expected = if is_sqlite { (4, 4) } else { (2, 2) };
        assert_eq!((passed(&api).await, passed(&other).await), expected);
        second.end(&other.state).await.unwrap();
        first.beat(&api.state).await.unwrap();
        api.world.pass(60_000);
        assert_eq!(passed(&api).await, 4, "the whole of it, when the other has ended");
    }

    /// SQLite: another process writes. PostgreSQL: another session holds the table.
    async fn changes_rejected_while_the_database_was_locked_are_not_applied_later(db: Db) {
        let api = Api::new(db.clone()).await;
        let mut lock = sqlx::AnyConnection::connect(&db.url).await.unwrap();
        let begin = if db.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE members IN ACCESS EXCLUSIVE MODE" };
        sqlx::raw_sql(begin).execute(&mut lock).await.unwrap();
        let tasks: Vec<_> = (0..12)
            .map(|n| {
                let api = api.clone();
                tokio::spawn(async move {
                    let body = json!({"schemas": [USER], "userName": format!("refused{n}")});
                    api.post("/Users", &body).await
                })
            })
            .collect();
        for task in tasks {
            let answer = task.await.unwrap();
            assert_eq!((answer.status, answer.header(header::RETRY_AFTER)), (StatusCode::SERVICE_UNAVAILABLE, "5"), "{}", answer.body);
        }
        sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.unwrap();
        lock.close().await.unwrap();
        // The queue is served in order, so everything before this command is decided.
        api.user("after").await;
        assert_eq!(api.find("/Users", "userName sw \"refused\"").await.counts()[0], 0);
    }

    async fn changes_beyond_the_queue_are_rejected_with_429(db: Db) {
        let api = Api::new(db.clone()).await;
        let mut lock = sqlx::AnyConnection::connect(&db.url).await.unwrap();
        let begin = if db.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE members IN ACCESS EXCLUSIVE MODE" };
        sqlx::raw_sql(begin).execute(&mut lock).await.unwrap();
        let send = |n: u32| {
            let api = api.clone();
            tokio::spawn(async move { api.post("/Users", &json!({"schemas": [USER], "userName": format!("m{n}")})).await })
        };
        // 128 commands wait, and up to 64 are in the transaction.
        let mut tasks: tokio::task::JoinSet<Answer> = tokio::task::JoinSet::new();
        for n in 0..240 {
            let task = send(n);
            tasks.spawn(async move { task.await.unwrap() });
        }
        let rejection = loop {
            let answer = tasks.join_next().await.unwrap().unwrap();
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                break answer;
            }
        };
        assert_eq!(rejection.header(header::RETRY_AFTER), "1");
        assert!(rejection.summary().starts_with("429 Too many changes of this team are waiting"), "{}", rejection.summary());
        sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.unwrap();
        lock.close().await.unwrap();
        let mut created = 0;
        while let Some(answer) = tasks.join_next().await {
            created += i64::from(answer.unwrap().status == StatusCode::CREATED);
        }
        assert_eq!(api.world.store().team_by_slug("acme").await.unwrap().unwrap().member_count, 1 + created);
    }
}
