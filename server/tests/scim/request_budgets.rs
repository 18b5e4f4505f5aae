//! Budgets of one request, and of all requests of one team.

use crate::{
    api::{Api, encoded},
    db::{Db, on_both_engines},
    world::{oidc, person},
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use domain::{key::Expiry, plan::Plan, role::Role};
use serde_json::json;
use server::budget::BudgetLimits;
use std::time::Duration;
use tower::ServiceExt as _;

const GROUP: &str = "01a201a4-176f-75b5-9e31-3840e4fe01e5";

/// Fills Acme with Ada and this many members, whose documents have about this many bytes.
async fn large(api: &Api, members: usize, bytes: usize) {
    api.world.bulk(members).await;
    let text = "x".repeat(bytes);
    api.world.db.sql(&format!("UPDATE members SET document = '{{\"nickName\":\"{text}\"}}' WHERE id LIKE 'b%'")).await;
}

/// A group with all members that were created in bulk.
async fn group_of_all(api: &Api, members: usize) {
    let team = &api.world.team;
    let db = &api.world.db;
    db.sql(&format!(
        "INSERT INTO groups (id, team_id, display_name, display_name_key, member_count, created_at, updated_at) \
         VALUES ('{GROUP}', '{team}', 'All', 'all', {members}, 1, 1)"
    ))
    .await;
    db.sql(&format!(
        "INSERT INTO group_members (team_id, group_id, member_id) SELECT team_id, '{GROUP}', id FROM members WHERE id LIKE 'b%'"
    ))
    .await;
    db.sql(&format!("UPDATE teams SET group_count = 1 WHERE id = '{team}'")).await;
}

/// The key of another team.
async fn other_team(api: &Api) -> Api {
    let operator = api.world.operator();
    operator
        .team_create("other", "Other", Plan::Enterprise, person("Bob", "bob@other.test", Role::SuperAdmin))
        .await
        .unwrap();
    operator.sso_add("other", oidc("Okta"), true).await.unwrap();
    operator.scim_turn_on("other").await.unwrap();
    let key = operator.key_generate("other", "Theirs", Expiry::Days90).await.unwrap();
    api.with_key(key.key.expose())
}

on_both_engines! {
    async fn pages_end_at_their_size_limit_and_the_next_continues_there(db: Db) {
        let api = Api::new(db).await;
        large(&api, 100, 60_000).await;
        for query in [
            "",
            &format!("filter={}", encoded(r#"nickName co "xx" or userName pr"#)),
            "sortBy=nickName",
            "sortBy=userName&sortOrder=descending",
            "attributes=nickName",
        ] {
            let (mut by_number, mut by_cursor) = (Vec::new(), Vec::new());
            let mut pages = 0;
            while by_number.len() < 101 {
                let start = by_number.len() + 1;
                let page = api.get(&format!("/Users?{query}&startIndex={start}&count=200")).await;
                assert!(page.body.len() < 5 * 1024 * 1024, "{query}");
                let ids = page.each("id");
                assert!(!ids.is_empty(), "{query}");
                assert_eq!(page.counts(), [101, start as u64, ids.len() as u64], "{query}");
                by_number.extend(ids);
                pages += 1;
            }
            assert!(pages > 1, "{query}");
            let mut cursor = String::new();
            loop {
                let page = api.get(&format!("/Users?{query}&cursor={cursor}&count=200")).await;
                assert_eq!(page.json["totalResults"], 101, "{query}");
                assert!(page.body.len() < 5 * 1024 * 1024, "{query}");
                by_cursor.extend(page.each("id"));
                match page.json["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            assert_eq!(by_cursor, by_number, "{query}");
            by_number.sort();
            by_number.dedup();
            assert_eq!(by_number.len(), 101, "{query}");
        }
    }

    async fn a_single_resource_of_any_size_is_returned(db: Db) {
        let api = Api::new(db).await;
        api.world.bulk(2_500).await;
        group_of_all(&api, 2_500).await;
        let group = api.get(&format!("/Groups/{GROUP}")).await;
        assert_eq!(group.members().len(), 2_500);
        for (attributes, expected) in [("members.display", json!({"display": "Bulk 02499"})), ("members.value", json!({"value": "b02499"}))] {
            let some = api.get(&format!("/Groups/{GROUP}?attributes={attributes}")).await;
            let members = some.json["members"].as_array().unwrap();
            assert_eq!((members.len(), &members[2_499]), (2_500, &expected), "{attributes}");
            assert_eq!((&some.json["id"], some.json.get("displayName")), (&json!(GROUP), None));
        }
        let none = api.get(&format!("/Groups/{GROUP}?excludedAttributes=members")).await;
        assert_eq!(none.json.get("members"), None);
        let results = api.find("/Groups", r#"members.display eq "bulk 02499""#).await;
        assert_eq!(results.each("id"), [GROUP]);
        assert_eq!(api.find("/Users", r#"groups.display sw "al""#).await.counts()[0], 2_500);
    }

    async fn filters_beyond_the_comparison_budget_are_rejected(db: Db) {
        let api = Api::with_limits(db, BudgetLimits { comparisons: 1_000, ..BudgetLimits::default() }).await;
        api.world.bulk(200).await;
        assert_eq!(api.find("/Users", "title pr").await.counts()[0], 0);
        let filter = vec![r#"not (emails.display co "x")"#; 30].join(" and ");
        for path in ["/Users", ""] {
            let rejection = api.find(path, &filter).await;
            assert!(rejection.summary().starts_with("400 tooMany This filter would compare more than 1000 values. "), "{}", rejection.summary());
        }
        assert_eq!(api.find("/Users", &format!("userName eq \"ada@acme.test\" and ({filter})")).await.counts()[0], 1, "one is looked at");
    }

    async fn requests_beyond_the_row_budget_are_rejected(db: Db) {
        let api = Api::with_limits(db, BudgetLimits { rows: 150, ..BudgetLimits::default() }).await;
        api.world.bulk(200).await;
        group_of_all(&api, 200).await;
        for path in ["/Users?count=0&filter=title%20pr", "/Users?sortBy=title&startIndex=999999", &format!("/Groups/{GROUP}")] {
            let rejection = api.get(path).await;
            assert!(rejection.summary().starts_with("400 tooMany This request would read more than 150 rows. "), "{path} {}", rejection.summary());
        }
        assert_eq!(api.get("/Users?count=100").await.counts(), [201, 1, 100]);
    }

    async fn an_unread_response_uses_memory_of_its_team_only(db: Db) {
        let limits = BudgetLimits { memory_of_team: 300_000, memory_wait: Duration::ZERO, ..BudgetLimits::default() };
        let api = Api::with_limits(db, limits).await;
        large(&api, 100, 2_000).await;
        let theirs = other_team(&api).await;
        let response = api.router().oneshot(api.request(Method::GET, "/Users", &api.key).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let rejection = api.get("/Users").await;
        assert!(rejection.summary().starts_with("503 Requests and responses use all the memory allowed. "), "{}", rejection.summary());
        assert_eq!(rejection.header(header::RETRY_AFTER), "2");
        assert_eq!(api.get("/Users?count=5").await.status, StatusCode::OK, "little is not counted");
        assert_eq!(theirs.get("/Users").await.status, StatusCode::OK);
        drop(response);
        assert_eq!(api.get("/Users").await.status, StatusCode::OK);
    }

    async fn a_body_uses_memory_of_its_team_until_the_response(db: Db) {
        let limits = BudgetLimits { memory_of_team: 300_000, memory_wait: Duration::ZERO, ..BudgetLimits::default() };
        let api = Api::with_limits(db, limits).await;
        let (mut sender, endless) = http_body_util::channel::Channel::<axum::body::Bytes>::new(1);
        let request = api.request(Method::POST, "/Users", &api.key).header(header::CONTENT_LENGTH, 100_000);
        let task = tokio::spawn(api.router().oneshot(request.body(Body::new(endless)).unwrap()));
        // The channel accepts the second part after the first was read. The rest never comes.
        for _ in 0..2 {
            sender.send_data(axum::body::Bytes::from_static(b" ")).await.unwrap();
        }
        let body = json!({"userName": "x", "title": "y".repeat(40_000)}).to_string();
        let answer = api.raw(Method::POST, "/Users/.search", body.clone()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        task.abort();
        assert!(task.await.is_err());
        let answer = api.raw(Method::POST, "/Users/.search", body).await;
        assert_ne!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.summary());
    }

    /// Resources that are deleted or added before the current place do not move the later ones.
    async fn paging_through_a_sorted_list_returns_every_resource(db: Db) {
        let api = Api::new(db).await;
        let mut people = Vec::new();
        for (name, nick) in [("a", "3"), ("b", "1"), ("c", "2"), ("d", "2"), ("e", "5"), ("f", "4")] {
            people.push(api.post("/Users", &json!({"userName": name, "nickName": nick})).await.id());
        }
        for order in ["ascending", "descending"] {
            let query = format!("sortBy=nickName&sortOrder={order}&filter=nickName%20pr&count=2");
            let first = api.get(&format!("/Users?{query}&cursor=")).await;
            let next = first.json["nextCursor"].as_str().unwrap().to_owned();
            let full_list = api.get(&format!("/Users?{}", query.replace("count=2", "count=9"))).await.each("id");
            api.delete(&format!("/Users/{}", first.each("id")[0])).await;
            let early = if order == "ascending" { "0" } else { "9" };
            let added = api.post("/Users", &json!({"userName": format!("new{early}"), "nickName": early})).await.id();
            let mut walked = first.each("id");
            let mut cursor = next;
            loop {
                let page = api.get(&format!("/Users?{query}&cursor={cursor}")).await;
                assert!(!page.each("id").is_empty());
                walked.extend(page.each("id"));
                match page.json["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            assert_eq!(walked, full_list, "{order}");
            api.delete(&format!("/Users/{added}")).await;
        }
        assert_eq!(people.len(), 6);
    }

    async fn cursors_of_an_older_version_are_expired(db: Db) {
        let api = Api::new(db).await;
        let fingerprint = scim::Fingerprint::of(["User", "", "userName", ""]);
        let answer = api.get(&format!("/Users?sortBy=userName&cursor={}", fingerprint.cursor("#2"))).await;
        assert!(answer.summary().starts_with("400 expiredCursor"), "{}", answer.summary());
    }

    /// The operations before the disconnect are committed. The rest does not begin.
    async fn a_bulk_stops_when_its_client_disconnects(db: Db) {
        let api = Api::new(db).await;
        let operation = |n: usize| json!({"method": "POST", "path": "/Users", "bulkId": n.to_string(), "data": {"userName": format!("p{n}")}});
        let operations: Vec<_> = (0..1_000).map(operation).collect();
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations});
        let sender = api.clone();
        let bulk = tokio::spawn(async move { sender.post("/Bulk", &body).await });
        while api.get("/Users?count=0").await.counts()[0] < 2 {
            tokio::task::yield_now().await;
        }
        bulk.abort();
        assert!(bulk.await.is_err_and(|error| error.is_cancelled()));
        // Queued behind the operation in progress.
        api.user("last").await;
        let after = api.get("/Users?count=0").await.counts()[0];
        assert!(after < 1_000, "{after}");
        api.user("more").await;
        assert_eq!(api.get("/Users?count=0").await.counts()[0], after + 1);
    }
}
