//! The health of the connection to the provider, on the Authentication page.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::HOUR;
use server::request_log;

/// Sends a request as a provider, and writes it to the log.
async fn send(app: &TestApp, key: &str, agent: &str, method: Method, path: &str, body: &str) {
    app.scim_as(agent, key, method, path, body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
}

async fn page(app: &TestApp) -> Answer {
    app.ada().await.get("/teams/acme/settings/authentication").await
}

/// The target of the link with these words.
fn link(page: &Answer, words: &str) -> String {
    let (before, _) = page.body.split_once(&format!(">{words}<")).unwrap_or_else(|| panic!("{words}: {}", page.text()));
    before.rsplit_once("href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&")
}

on_both_engines! {
    async fn before_the_first_request_the_page_links_to_the_guide(db: Db) {
        let app = TestApp::on(db).await;
        let empty = page(&app).await;
        assert!(empty.shows("No request yet. Open your provider's setup guide or run the self-test"), "{}", empty.text());
        assert!(empty.body.contains("href=\"/teams/acme/settings/authentication/guides\""));
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert!(!page(&app).await.shows("Not connected"), "no connection is shown while it is off and without a key");
    }

    async fn the_page_has_the_last_request_and_the_last_day(db: Db) {
        let app = TestApp::on(db).await;
        let okta = app.key("Production").await;
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::GET, "/Users?count=1", "").await;
        app.world.pass(HOUR);
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::POST, "/Users", r#"{"userName":"<i>grace</i>"}"#).await;
        let view = page(&app).await;
        assert!(view.shows("Okta created member “<i>grace</i>”: 201 Created."), "{}", view.text());
        assert!(view.shows("In the last 24 hours: 2 requests , none failed."), "{}", view.text());
        assert!(!view.body.contains("<i>grace"));
        send(&app, &okta, "curl/8", Method::GET, "/Users/nobody", "").await;
        app.world.pass(2 * HOUR);
        let failed = page(&app).await;
        assert!(failed.shows("An unknown client (curl/8) tried to look up member “nobody”: 404 Not Found."), "{}", failed.text());
        assert!(failed.shows("3 requests , 1 failed ."), "{}", failed.text());
        assert!(failed.body.contains("activity?actor=providers&amp;result=failures&amp;within=day"), "{}", failed.body);
        assert!(failed.shows("00:00 : 1 request, 0 failed 01:00 : 2 requests, 1 failed"), "the list has the counts of the chart: {}", failed.text());
        app.world.pass(23 * HOUR);
        let later = page(&app).await;
        assert!(later.shows("0 requests , none failed.") && !later.shows("Requests per hour"), "{}", later.text());
        assert!(later.shows("An unknown client (curl/8)"), "{}", later.text());
    }

    async fn the_connection_is_also_shown_while_provisioning_is_off(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        let off = page(&app).await;
        assert!(off.shows("Entra ID tried to list members: 403 Forbidden. In the last 24 hours: 1 request , 1 failed ."), "{}", off.text());
    }

    async fn a_key_keeps_its_product_after_requests_without_one(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        send(&app, &key, "", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.shows("Entra ID listed groups"));
        send(&app, &key, "curl/8", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.shows("An unknown client (curl/8) listed groups"));
    }

    async fn keys_that_expire_soon_are_counted(db: Db) {
        let app = TestApp::on(db).await;
        app.key("Production").await;
        app.key("Staging").await;
        assert!(!page(&app).await.shows("within 30 days"));
        app.world.pass(340 * 24 * HOUR);
        assert!(page(&app).await.shows("2 keys expire within 30 days."), "{}", page(&app).await.text());
    }

    async fn self_tests_and_other_teams_do_not_count(db: Db) {
        let app = TestApp::on(db).await;
        let test = app.world.operator().self_test_begin("acme", 0x0bad_cafe).await.unwrap();
        send(&app, test.key.expose(), "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        send(&app, test.key.expose(), "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
        let mut ada = app.ada().await;
        let failures = ada.get("/teams/acme/settings/activity?result=failures").await;
        assert!(!failures.shows("Self-test"), "{}", failures.text());
        let log = ada.get("/teams/acme/settings/activity?result=").await;
        assert!(log.shows("Self-test · 404 Not Found") && !log.body.contains("value=\"key:"), "{}", log.text());
        let own = format!("/teams/acme/settings/activity?actor=key:{}", test.record.id);
        assert!(ada.get(&own).await.shows("Self-test · 404 Not Found"));
        assert!(page(&app).await.shows("No request yet."), "{}", page(&app).await.text());
        let okta = app.key("Production").await;
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        app.world.operator().scim_turn_on("globex").await.ok();
        let globex = app.world.store().team_by_slug("globex").await.unwrap().unwrap();
        assert_eq!(app.world.store().connection(&globex.id, 0).await.unwrap(), None);
        assert_eq!(app.world.store().connection(&app.world.team, 0).await.unwrap().unwrap().hours.len(), 1);
    }

    async fn a_key_with_the_name_of_a_self_test_is_not_one(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Self-test deadbeef").await;
        send(&app, &key, "", Method::GET, "/Users", "").await;
        assert!(page(&app).await.shows("1 request , none failed."));
        assert_eq!(app.world.keys().await.len(), 1);
    }

    async fn requests_without_a_valid_key_do_not_count(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        // The key's id with another secret, and the right secret that the database no longer has.
        let hash = app.world.db.text("SELECT hash FROM scim_keys").await.unwrap();
        app.world.db.sql("UPDATE scim_keys SET hash = 'x'").await;
        for _ in 0..4 {
            send(&app, &key, "EvilBot", Method::GET, "/Users", "").await;
        }
        let nothing = page(&app).await;
        assert!(nothing.shows("Waiting for the first request") && !nothing.shows("EvilBot"), "{}", nothing.text());
        app.world.db.sql(&format!("UPDATE scim_keys SET hash = '{hash}'")).await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
        app.world.db.sql("UPDATE scim_keys SET hash = 'x'").await;
        send(&app, &key, "EvilBot", Method::GET, "/Users", "").await;
        let okta = page(&app).await;
        assert!(okta.shows("Okta tried to look up") && okta.shows("1 request , 1 failed ."), "{}", okta.text());
        let mut ada = app.ada().await;
        let failed = ada.get(&link(&okta, "1 failed")).await;
        assert_eq!(failed.body.matches("<details class=\"event\"").count(), 1, "{}", failed.text());
        assert!(ada.get("/teams/acme/settings/activity?result=failures").await.shows("Unknown caller"));
    }

    async fn three_consecutive_failures_are_a_failing_connection(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.world.key("Production").await;
        let plain = key.key.expose().to_owned();
        send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.world.operator().key_revoke("acme", &key.record.id, "").await.unwrap();
        for _ in 0..2 {
            send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
            assert!(!page(&app).await.shows("Failing"));
        }
        send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        let failing = page(&app).await;
        assert!(failing.shows("Failing since 00:00"), "{}", failing.text());
        assert!(failing.shows("The last 3 requests from Okta failed: This SCIM API key was revoked on"), "{}", failing.text());
        assert_eq!(link(&failing, "View failures"), "/teams/acme/settings/activity?actor=providers&result=failures");
        app.world.pass(30 * HOUR);
        assert!(page(&app).await.shows("Failing since"), "it does not get better by waiting");
        let other = app.key("Other").await;
        send(&app, &other, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        assert!(page(&app).await.shows("Connected Last request just now"));
    }

    async fn a_day_without_a_request_is_quiet(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.world.pass(23 * HOUR);
        assert!(page(&app).await.shows("Connected Last request"));
        app.world.pass(50 * HOUR);
        let quiet = page(&app).await;
        assert!(quiet.shows("No requests for 3 days Last request") && quiet.shows("normal if no one joined"), "{}", quiet.text());
    }

    async fn the_count_equals_the_listed_requests(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        app.world.pass(50 * domain::MINUTE);
        for _ in 0..26 {
            send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
            app.world.pass(HOUR);
        }
        let health = page(&app).await;
        assert!(health.shows("24 requests , 24 failed ."), "{}", health.text());
        let list = app.ada().await.get(&link(&health, "24 failed")).await;
        assert_eq!(list.body.matches("<details class=\"event\"").count(), 24, "{}", list.text());
    }

    async fn requests_that_are_written_twice_count_only_once(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "", Method::GET, "/Users", "").await;
        let store = app.world.store();
        let id = app.world.db.text("SELECT id FROM scim_requests").await.unwrap();
        let rows = store.scim_requests_by_id(&app.world.team, &[&id]).await.unwrap();
        store.scim_requests_add(&rows).await.unwrap();
        let hours = store.connection(&app.world.team, 0).await.unwrap().unwrap().hours;
        assert_eq!(hours, [(app.world.now(), 1, 0)]);
        assert_eq!(store.scim_hours_sweep(app.world.now() + HOUR).await.unwrap(), 1);
    }
}
