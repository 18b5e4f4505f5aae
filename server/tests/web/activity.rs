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
        for words in [
            "Okta via key Okta production looked up member “Ada Lovelace” 200 OK",
            "Okta via key Okta production tried to use an unknown endpoint: Unknown endpoint 404 Not Found",
            "Check the base URL in the provider",
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
        assert!(page.shows("Okta via key Okta production sent 37 read requests"), "{}", page.text());
        assert!(page.shows("Listed members, 37 times") && page.shows("Okta via key Okta production listed groups"), "{}", page.text());
        assert!(page.shows("45 events, in 9 lines"), "{}", page.text());
    }

    async fn a_rejected_key_is_listed_and_an_unknown_one_is_not(db: Db) {
        let (app, key) = with_key(db).await;
        let id = app.world.keys().await[0].id.clone();
        app.world.ada().key_revoke("acme", &id, "Okta production").await.unwrap();
        app.world.pass(1_000);
        app.scim(&key, Method::GET, "/Users", "").await;
        let page = activity(&app).await;
        let text = "Okta via key Okta production sent a request that was refused: This SCIM API key was revoked on 2026-06-01";
        assert!(page.shows(text) && page.shows("401 Unauthorized"), "{}", page.text());
        assert!(page.shows("Something is still using an old key."), "{}", page.text());
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
        assert!(page.shows("generated SCIM API key Okta production"), "{}", page.text());
        assert!(page.shows("GET /scim/v2/Users") && page.shows("active: string converted to boolean") && page.shows(&format!("Request ID req_{}", id.replace('-', ""))), "{}", page.text());
        assert!(!page.shows("listed members"), "it is one line, not two: {}", page.text());
    }

    async fn a_change_without_a_recorded_request_is_listed(db: Db) {
        let app = TestApp::with(db, |config| config.request_days = 0).await;
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let key = app.world.ada().key_generate("acme", "Okta", Expiry::Never).await.unwrap();
        app.scim(key.key.expose(), Method::GET, "/Users", "").await;
        let page = activity(&app).await;
        assert!(page.shows("Read-only requests aren't recorded."), "{}", page.text());
        assert_eq!(app.world.store().log_requests_count(&app.world.team, 10).await.unwrap(), 0);
    }
}
