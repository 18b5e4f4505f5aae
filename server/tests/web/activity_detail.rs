//! Requests in the log: the sender, the result, the bodies, and the search.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::MINUTE;
use serde_json::{Value, json};
use server::request_log;

const ACTIVITY: &str = "/teams/acme/settings/activity";

async fn with_key(db: Db) -> (TestApp, String) {
    let app = TestApp::on(db).await;
    let key = app.key("Okta production").await;
    app.world.pass(1_000);
    (app, key)
}

async fn send(app: &TestApp, key: &str, method: Method, path: &str, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = app.scim(key, method, path, &body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
    answer
}

/// Creates a User. Returns its id.
async fn create(app: &TestApp, key: &str, user_name: &str, name: &str) -> String {
    let response = send(app, key, Method::POST, "/Users", json!({"userName": user_name, "displayName": name})).await;
    let response: Value = response.json();
    response["id"].as_str().unwrap().to_owned()
}

async fn activity(app: &TestApp, query: &str) -> Answer {
    app.ada().await.get(&format!("{ACTIVITY}?{query}")).await
}

/// The lines of the export.
async fn export(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.ada().await.get(&format!("{ACTIVITY}/export?{query}")).await;
    let lines = answer.body.lines().map(|line| serde_json::from_str(line).unwrap());
    // The reader's own sign-in and export are tested elsewhere.
    let is_theirs = |line: &Value| {
        let name = line["change"]["what"].as_str().unwrap_or_default();
        matches!(name, "signed_in" | "activity_exported")
    };
    lines.filter(|line| !is_theirs(line)).collect()
}

on_both_engines! {
    async fn a_change_has_its_product_key_response_and_request(db: Db) {
        let (app, key) = with_key(db).await;
        let response = send(&app, &key, Method::POST, "/Users", json!({"userName": "grace@acme.test", "displayName": "Grace Hopper"})).await;
        let page = activity(&app, "").await;
        let hint = format!("Key Okta production, rc_scim_…{}", &key[key.len() - 4..]);
        let id = response.header("x-request-id");
        for words in ["Okta via key Okta production ", "Grace Hopper", "201 Created", &hint, "POST /scim/v2/Users", &format!("Request ID {id}"), "Authorization: Bearer redacted", "Response 201 Created"] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        let results = activity(&app, &format!("member={id}")).await;
        assert_eq!(results.kinds(), ["member_provisioned"], "{}", results.text());
        assert!(results.body.contains(" open class=\"event\""), "{}", results.body);
        let other = activity(&app, "request=req_019e0000000070008000000000000000").await;
        assert_eq!((other.kinds().len(), other.state("empty").as_deref()), (0, Some("no-match")), "{}", other.text());
    }

    async fn each_of_several_reads_can_be_opened_and_exported(db: Db) {
        let (app, key) = with_key(db).await;
        app.world.pass(MINUTE);
        let mut names = Vec::new();
        for number in 0..4 {
            let path = format!("/Users?filter=userName%20eq%20%22who{number}%40acme.test%22&count={number}");
            names.push(send(&app, &key, Method::GET, &path, Value::Null).await.header("x-request-id").to_owned());
        }
        let page = activity(&app, "").await;
        assert!(page.events("reads")[0].contains("Okta via key Okta production "), "{}", page.text());
        assert!(page.body.contains("data-count=\"4\""), "{}", page.text());
        for (number, name) in names.iter().enumerate() {
            assert!(page.shows(&format!("GET /scim/v2/Users?filter=userName eq \"who{number}@acme.test\"&count={number}")), "{}", page.text());
            assert!(page.body.contains(&format!("href=\"?request={name}\"")), "{}", page.body);
        }
        let one = activity(&app, &format!("request={}", names[2])).await;
        assert_eq!(one.kinds(), ["user_list"], "{}", one.text());
        assert!(one.shows("“who2@acme.test”") && one.shows("200 OK") && one.shows("\"totalResults\": 0") && !one.shows("who1"), "{}", one.text());
        assert_eq!(one.value("member").as_deref(), Some(names[2].as_str()));
        let lines = export(&app, "").await;
        let read_line = lines.iter().find(|line| line["request"] == names[1].as_str()).unwrap();
        assert_eq!(read_line["exchange"]["method"], "GET");
        assert!(read_line["exchange"]["path"].as_str().unwrap().contains("who1@acme.test"), "{read_line}");
        assert_eq!((&read_line["exchange"]["client"], &read_line["exchange"]["answered"]["totalResults"]), (&json!("Okta"), &json!(0)));
        assert!(read_line["exchange"]["milliseconds"].is_number() && read_line["at"].as_str().unwrap().ends_with(".000Z"), "{read_line}");
    }

    async fn an_export_has_the_actor_and_the_request_of_a_change(db: Db) {
        let (app, key) = with_key(db).await;
        let id = create(&app, &key, "grace@acme.test", "Grace Hopper").await;
        send(&app, &key, Method::PATCH, &format!("/Users/{id}"), json!({"Operations": [{"op": "replace", "value": {"active": false}}]})).await;
        let line = export(&app, "").await.remove(0);
        assert_eq!((line["member"].as_str(), line["change"]["what"].as_str()), (Some(id.as_str()), Some("member_deactivated")));
        assert_eq!(line["differences"], json!([{"attribute": "active", "was": "yes", "is": "no"}]));
        assert_eq!(line["exchange"]["sent"]["Operations"][0]["value"]["active"], false);
        let page = activity(&app, "").await;
        assert!(page.events("member_deactivated")[0].contains("Active yes no"), "{}", page.text());
    }

    async fn a_key_in_the_wrong_place_is_not_logged(db: Db) {
        let (app, key) = with_key(db).await;
        let id = create(&app, &key, "grace@acme.test", "Grace").await;
        let path = format!("/Users/{id}");
        send(&app, &key, Method::PATCH, &path, json!({"Operations": [{"op": "replace", "path": "title", "value": format!("Boss {key}")}]})).await;
        send(&app, &key, Method::POST, "/Users", json!({"userName": key, "displayName": format!("Name {key}")})).await;
        send(&app, &key, Method::POST, "/Groups", json!({"displayName": format!("Group {key}")})).await;
        let page = activity(&app, "").await;
        let full_export = app.ada().await.get(&format!("{ACTIVITY}/export")).await;
        let bodies = app.world.db.text("SELECT MAX(body) FROM activity WHERE kind = 'member_updated'").await.unwrap();
        let searched = app.world.db.text("SELECT MAX(search) FROM activity WHERE kind = 'group_created'").await.unwrap();
        for text in [&page.body, &full_export.body, &bodies, &searched] {
            assert!(!text.contains(&key) && !text.contains(&key[8..]) && text.contains("rc_scim_•••"), "{text}");
        }
        assert!(page.shows("Title Nothing Boss rc_scim_•••"), "{}", page.text());
        let user: Value = send(&app, &key, Method::GET, &path, Value::Null).await.json();
        assert_eq!(user["title"], format!("Boss {key}"), "the member's own attribute stays");
    }

    async fn failed_operations_of_a_bulk_request_are_failures(db: Db) {
        let (app, key) = with_key(db).await;
        create(&app, &key, "grace@acme.test", "Grace").await;
        let ada = app.world.ada.to_string();
        let operations = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "alan@acme.test"}},
            {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "grace@acme.test"}},
            {"method": "DELETE", "path": format!("/Users/{ada}")},
        ]});
        app.world.pass(1_000);
        assert_eq!(send(&app, &key, Method::POST, "/Bulk", operations).await.status.as_u16(), 200);
        let page = activity(&app, "result=failures").await;
        let [bulk] = &page.events("bulk")[..] else { panic!("{:?}", page.kinds()) };
        assert!(bulk.contains(" 2 of 3 ") && bulk.contains("200 OK"), "{bulk}");
        assert_eq!(page.reasons(), ["partly"]);
        let [taken, protected] = &page.parts("failed-operation")[..] else { panic!("{bulk}") };
        assert!(taken.starts_with("POST /Users grace@acme.test: 409, userName: "), "{taken}");
        let why = domain::member::MemberDenial::LastSuperAdmin;
        assert!(protected.starts_with(&format!("DELETE /Users/{ada}: 403, {why}")), "{protected}");
        let succeeded = activity(&app, "result=succeeded").await;
        assert!(succeeded.events("member_provisioned").iter().any(|event| event.contains("alan@acme.test")));
        assert_eq!(succeeded.events("bulk").len(), 0);
        let fine = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "luca@acme.test"}},
        ]});
        send(&app, &key, Method::POST, "/Bulk", fine).await;
        assert_eq!(activity(&app, "result=failures").await.kinds().len(), 2, "that one and what the guard refused");
    }

    async fn requests_are_found_by_parts_of_names(db: Db) {
        let (app, key) = with_key(db).await;
        let id = create(&app, &key, "p.delgado@zeta.test", "Priya Delgado").await;
        create(&app, &key, "hassan@zeta.test", "Hassan Bergström").await;
        app.world.pass(1_000);
        send(&app, &key, Method::POST, "/Groups", json!({"displayName": "Équipe Managers", "members": [{"value": id}]})).await;
        send(&app, &key, Method::POST, "/Users", json!({"userName": "hassan@zeta.test"})).await;
        send(&app, &key, Method::POST, "/Users", json!({"userName": "nora.new@zeta.test", "active": "perhaps"})).await;
        let count = async |search: &str| export(&app, &format!("member={search}")).await.len();
        for (search, lines) in [
            ("Priya", 1), ("delgado", 1), ("P.DELGADO", 1), ("hassan", 2), ("Hassan+Bergstrom", 1), ("bergstr%C3%B6m", 1),
            ("managers", 1), ("equipe", 1), ("nora.new", 1), ("zeta.test", 4), ("nobody-at-all", 0), ("%25", 0), ("_", 0),
        ] {
            assert!(count(search).await >= lines && (lines > 0 || count(search).await == 0), "{search}: {}", count(search).await);
        }
        assert_eq!(export(&app, "member=hassan%40zeta.test&result=failures").await.len(), 1);
        let page = activity(&app, "member=managers").await;
        assert!(page.shows("created group Équipe Managers") && !page.shows("created member"), "{}", page.text());
    }

    async fn each_kind_of_failure_has_its_own_text(db: Db) {
        let (app, key) = with_key(db).await;
        let id = create(&app, &key, "grace@acme.test", "Grace Hopper").await;
        let path = format!("/Users/{id}");
        app.world.pass(1_000);
        send(&app, &key, Method::PATCH, &path, json!({"Operations": [{"op": "replace", "path": "userName", "value": ""}]})).await;
        send(&app, &key, Method::PUT, "/Users", json!({})).await;
        app.scim(&key, Method::POST, "/Users", "{\"userName\": ").await;
        send(&app, &key, Method::GET, "/Users?filter=nickNa%20zz%20%22x%22", Value::Null).await;
        send(&app, &key, Method::GET, "/Users?filter=nope%20eq%20%22mallory%22", Value::Null).await;
        let page = activity(&app, "result=failures").await;
        assert!(page.events("user_patch")[0].contains("“Grace Hopper” : userName "), "{}", page.text());
        for (why, count) in [("malformed", 4), ("method", 1)] {
            assert_eq!(page.reasons().iter().filter(|one| **one == why).count(), count, "{why}: {:?}", page.reasons());
        }
        for words in ["PUT /scim/v2/Users", "405 Method Not Allowed", "400 Bad Request"] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        assert!(!page.shows("“mallory”") && !page.shows("0.0 ms"), "{}", page.text());
    }
}
