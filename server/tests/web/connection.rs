//! How the connection to the provider is, on the Authentication page.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{HOUR, scim_client::HourlyRequests};
use server::request_log;

/// Sends a request as a provider, and has it written down.
async fn send(app: &TestApp, key: &str, agent: &str, method: Method, path: &str, body: &str) {
    app.scim_as(agent, key, method, path, body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
}

async fn page(app: &TestApp) -> Answer {
    app.ada().await.get("/teams/acme/settings/authentication").await
}

/// Where the link with these words leads.
fn link(page: &Answer, words: &str) -> String {
    let (before, _) = page.body.split_once(&format!(">{words}<")).unwrap_or_else(|| panic!("{words}: {}", page.text()));
    before.rsplit_once("href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&")
}

on_both_engines! {
    async fn before_the_first_request_it_leads_to_the_guide(db: Db) {
        let app = TestApp::on(db).await;
        let empty = page(&app).await;
        assert!(empty.says("No request yet. Open your provider's setup guide or run the self-test"), "{}", empty.text());
        assert!(empty.body.contains("href=\"/teams/acme/settings/authentication/guides\""));
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert!(!page(&app).await.says("Not connected"), "nothing to say while it is off and there is no key");
    }

    async fn the_last_request_and_the_last_day(db: Db) {
        let app = TestApp::on(db).await;
        let okta = app.key("Production").await;
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::GET, "/Users?count=1", "").await;
        app.world.pass(HOUR);
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::POST, "/Users", r#"{"userName":"<i>grace</i>"}"#).await;
        let seen = page(&app).await;
        assert!(seen.says("Okta created member “<i>grace</i>”: 201 Created."), "{}", seen.text());
        assert!(seen.says("In the last 24 hours: 2 requests , none failed."), "{}", seen.text());
        assert!(!seen.body.contains("<i>grace"));
        send(&app, &okta, "curl/8", Method::GET, "/Users/nobody", "").await;
        app.world.pass(2 * HOUR);
        let failed = page(&app).await;
        assert!(failed.says("An unknown client (curl/8) tried to look up member “nobody”: 404 Not Found."), "{}", failed.text());
        assert!(failed.says("3 requests , 1 failed ."), "{}", failed.text());
        assert!(failed.body.contains("activity?actor=providers&amp;result=failures&amp;within=day"), "{}", failed.body);
        assert!(failed.says("00:00 : 1 request, 0 failed 01:00 : 2 requests, 1 failed"), "the list says what the chart shows: {}", failed.text());
        app.world.pass(23 * HOUR);
        let later = page(&app).await;
        assert!(later.says("0 requests , none failed.") && !later.says("Requests per hour"), "{}", later.text());
        assert!(later.says("An unknown client (curl/8)"), "{}", later.text());
    }

    async fn it_is_also_there_while_provisioning_is_off(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        let off = page(&app).await;
        assert!(off.says("Entra ID tried to list members: 403 Forbidden. In the last 24 hours: 1 request , 1 failed ."), "{}", off.text());
    }

    async fn a_sender_stays_known_by_requests_that_do_not_show_it(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        send(&app, &key, "", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.says("Entra ID listed groups"));
        send(&app, &key, "curl/8", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.says("An unknown client (curl/8) listed groups"));
    }

    async fn keys_that_expire_soon_are_counted(db: Db) {
        let app = TestApp::on(db).await;
        app.key("Production").await;
        app.key("Staging").await;
        assert!(!page(&app).await.says("within 30 days"));
        app.world.pass(340 * 24 * HOUR);
        assert!(page(&app).await.says("2 keys expire within 30 days."), "{}", page(&app).await.text());
    }

    async fn self_tests_and_other_teams_are_no_connection(db: Db) {
        let app = TestApp::on(db).await;
        let test = app.world.operator().self_test_begin("acme", 0x0bad_cafe).await.unwrap();
        send(&app, test.key.expose(), "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        send(&app, test.key.expose(), "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
        let mut ada = app.ada().await;
        let failures = ada.get("/teams/acme/settings/activity?result=failures").await;
        assert!(!failures.says("Self-test"), "{}", failures.text());
        let log = ada.get("/teams/acme/settings/activity?result=").await;
        assert!(log.says("Self-test · 404 Not Found") && !log.body.contains("value=\"key:"), "{}", log.text());
        let own = format!("/teams/acme/settings/activity?actor=key:{}", test.listed.id);
        assert!(ada.get(&own).await.says("Self-test · 404 Not Found"));
        assert!(page(&app).await.says("No request yet."), "{}", page(&app).await.text());
        let okta = app.key("Production").await;
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.team("globex", "Globex", "grace@globex.test").await;
        app.world.operator().scim_turn_on("globex").await.ok();
        let globex = app.world.store().team_by_slug("globex").await.unwrap().unwrap();
        assert_eq!(app.world.store().connection(&globex.id, 0).await.unwrap(), None);
        assert_eq!(app.world.store().connection(&app.world.team, 0).await.unwrap().unwrap().hours.len(), 1);
    }

    async fn a_key_that_is_called_like_that_of_a_self_test_is_none(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Self-test deadbeef").await;
        send(&app, &key, "", Method::GET, "/Users", "").await;
        assert!(page(&app).await.says("1 request , none failed."));
        assert_eq!(app.world.keys().await.len(), 1);
    }

    async fn whoever_has_no_key_moves_nothing(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        // The key's id with another secret: the same as another secret at rest.
        let hash = app.world.db.text("SELECT hash FROM scim_keys").await.unwrap();
        app.world.db.sql("UPDATE scim_keys SET hash = 'x'").await;
        for _ in 0..4 {
            send(&app, &key, "EvilBot", Method::GET, "/Users", "").await;
        }
        let nothing = page(&app).await;
        assert!(nothing.says("Waiting for the first request") && !nothing.says("EvilBot"), "{}", nothing.text());
        app.world.db.sql(&format!("UPDATE scim_keys SET hash = '{hash}'")).await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
        app.world.db.sql("UPDATE scim_keys SET hash = 'x'").await;
        send(&app, &key, "EvilBot", Method::GET, "/Users", "").await;
        let okta = page(&app).await;
        assert!(okta.says("Okta tried to look up") && okta.says("1 request , 1 failed ."), "{}", okta.text());
        let mut ada = app.ada().await;
        let failed = ada.get(&link(&okta, "1 failed")).await;
        assert_eq!(failed.body.matches("<details class=\"event\"").count(), 1, "{}", failed.text());
        assert!(ada.get("/teams/acme/settings/activity?result=failures").await.says("Unknown caller"));
    }

    async fn three_failures_in_a_row_are_a_connection_that_fails(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.world.key("Production").await;
        let plain = key.key.expose().to_owned();
        send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.world.operator().key_revoke("acme", &key.listed.id, "").await.unwrap();
        for _ in 0..2 {
            send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
            assert!(!page(&app).await.says("Failing"));
        }
        send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        let failing = page(&app).await;
        assert!(failing.says("Failing since 00:00"), "{}", failing.text());
        assert!(failing.says("The last 3 requests from Okta failed: This SCIM API key was revoked on"), "{}", failing.text());
        assert_eq!(link(&failing, "View failures"), "/teams/acme/settings/activity?actor=providers&result=failures");
        app.world.pass(30 * HOUR);
        assert!(page(&app).await.says("Failing since"), "it does not get better by waiting");
        let other = app.key("Other").await;
        send(&app, &other, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        assert!(page(&app).await.says("Connected Last request just now"));
    }

    async fn a_day_without_a_request_is_quiet(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.world.pass(23 * HOUR);
        assert!(page(&app).await.says("Connected Last request"));
        app.world.pass(50 * HOUR);
        let quiet = page(&app).await;
        assert!(quiet.says("No requests for 3 days Last request") && quiet.says("normal if no one joined"), "{}", quiet.text());
    }

    async fn what_is_counted_is_what_is_listed(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        app.world.pass(50 * domain::MINUTE);
        for _ in 0..26 {
            send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
            app.world.pass(HOUR);
        }
        let health = page(&app).await;
        assert!(health.says("24 requests , 24 failed ."), "{}", health.text());
        let listed = app.ada().await.get(&link(&health, "24 failed")).await;
        assert_eq!(listed.body.matches("<details class=\"event\"").count(), 24, "{}", listed.text());
    }

    async fn requests_that_are_written_twice_count_once(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "", Method::GET, "/Users", "").await;
        let store = app.world.store();
        let id = app.world.db.text("SELECT id FROM scim_requests").await.unwrap();
        let rows = store.scim_requests_by_id(&app.world.team, &[&id]).await.unwrap();
        store.scim_requests_add(&rows).await.unwrap();
        let hours = store.connection(&app.world.team, 0).await.unwrap().unwrap().hours;
        assert_eq!(hours, [HourlyRequests { at: app.world.now(), requests: 1, failures: 0 }]);
        assert_eq!(store.scim_hours_sweep(app.world.now() + HOUR).await.unwrap(), 1);
    }
}
