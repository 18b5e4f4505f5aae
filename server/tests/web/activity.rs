//! Activity: changes and requests of identity providers as one list.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{MINUTE, key::Expiry};
use server::request_log;

/// The team with the key "Okta production", and that key.
async fn with_key(db: Db) -> (TestApp, String) {
    let app = TestApp::on(db).await;
    let key = app.key("Okta production").await;
    (app, key)
}

async fn activity(app: &TestApp) -> Answer {
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
    app.ada().await.get("/teams/acme/settings/activity").await
}

on_both_engines! {
    async fn a_request_has_its_sender_operation_and_result(db: Db) {
        let (app, key) = with_key(db).await;
        app.world.pass(1_000);
        app.scim(&key, Method::GET, &format!("/Users/{}", app.world.ada), "").await;
        app.world.pass(1_000);
        app.scim(&key, Method::POST, "/Nothing", r#"{"userName":"<b>bob</b>","password":"CANARY"}"#).await;
        let page = activity(&app).await;
        let [read] = &page.events("user_get")[..] else { panic!("{}", page.text()) };
        for words in ["Okta via key Okta production ", "“Ada Lovelace”", "200 OK"] {
            assert!(read.contains(words), "{words}: {read}");
        }
        let [unknown] = &page.events("unknown")[..] else { panic!("{:?}", page.kinds()) };
        assert!(unknown.contains("Okta via key Okta production ") && unknown.contains("404 Not Found"), "{unknown}");
        assert_eq!(page.reasons(), ["unsupported"]);
        for words in [
            "Client Okta SCIM Client 1.0.0",
            "POST /scim/v2/Nothing",
            "Request POST /scim/v2/Nothing",
            r#""userName": "<b>bob</b>""#,
            r#""password": "•••""#,
            "Response 404 Not Found",
            "9 events",
        ] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        assert!(!page.body.contains("CANARY") && !page.body.contains(&key[21..]) && !page.body.contains("<b>bob"));
    }

    async fn reads_of_one_minute_are_one_line(db: Db) {
        let (app, key) = with_key(db).await;
        app.world.pass(MINUTE);
        for _ in 0..37 {
            app.scim(&key, Method::GET, "/Users?count=1", "").await;
        }
        app.world.pass(MINUTE);
        app.scim(&key, Method::GET, "/Groups", "").await;
        let page = activity(&app).await;
        assert!(page.body.contains("data-kind=\"reads\" data-count=\"37\""), "{}", page.text());
        assert!(page.events("reads")[0].contains("Okta via key Okta production "), "{}", page.text());
        assert_eq!(page.events("group_list").len(), 1, "{}", page.text());
        assert!(page.shows("45 events, in 9 lines"), "{}", page.text());
    }

    async fn a_rejected_key_is_listed_and_an_unknown_one_is_not(db: Db) {
        let (app, key) = with_key(db).await;
        let id = app.world.keys().await[0].id.clone();
        app.world.ada().key_revoke("acme", &id, "Okta production").await.unwrap();
        app.world.pass(1_000);
        app.scim(&key, Method::GET, "/Users", "").await;
        let page = activity(&app).await;
        let [refused] = &page.events("user_list")[..] else { panic!("{}", page.text()) };
        for words in ["Okta via key Okta production ", " 2026-06-01", "401 Unauthorized"] {
            assert!(refused.contains(words), "{words}: {refused}");
        }
        assert_eq!(page.reasons(), ["ended-key"]);
    }

    async fn a_change_shows_its_request(db: Db) {
        let (app, key) = with_key(db).await;
        app.world.pass(1_000);
        app.scim(&key, Method::GET, "/Users", "").await;
        request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        let id = app.world.db.text("SELECT id FROM scim_requests").await.unwrap();
        app.world.db.sql("UPDATE scim_requests SET changed = 1, notes = '[\"active: string converted to boolean\"]'").await;
        app.world.db.sql(&format!("UPDATE activity SET request_id = '{id}' WHERE kind = 'key_generated'")).await;
        let page = activity(&app).await;
        assert!(page.events("key_generated")[0].contains("Okta production"), "{}", page.text());
        assert!(page.shows("GET /scim/v2/Users") && page.shows("active: string converted to boolean") && page.shows(&format!("Request ID req_{}", id.replace('-', ""))), "{}", page.text());
        assert_eq!(page.events("user_list").len(), 0, "it is one line, not two: {}", page.text());
    }

    async fn a_change_without_a_recorded_request_is_listed(db: Db) {
        let app = TestApp::with(db, |config| config.request_days = 0).await;
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let key = app.world.ada().key_generate("acme", "Okta", Expiry::Never).await.unwrap();
        app.scim(key.key.expose(), Method::GET, "/Users", "").await;
        let page = activity(&app).await;
        assert!(!page.part("lead").unwrap().contains("30 days"), "{:?}", page.part("lead"));
        assert_eq!(app.world.store().log_requests_count(&app.world.team, 10).await.unwrap(), 0);
    }
}
