//! The health of the connection to the provider, on the Authentication page.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{HOUR, scim_client::HourlyRequests};
use server::request_log;

/// Sends a request as a provider, and writes it to the log.
async fn send(app: &TestApp, key: &str, agent: &str, method: Method, path: &str, body: &str) {
    app.scim_as(agent, key, method, path, body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
}

async fn page(app: &TestApp) -> Answer {
    app.ada().await.get("/teams/acme/settings/authentication").await
}

/// How many requests of the last 24 hours the page counts, and how many of them failed.
fn of_the_day(page: &Answer) -> (u32, u32) {
    let text = page.part("requests-of-day").unwrap_or_else(|| panic!("{}", page.text()));
    let numbers = text.split(' ').filter_map(|word| word.parse().ok()).collect::<Vec<u32>>();
    // The first is the 24 of the hours; where none failed, there is a word instead of a number.
    (numbers[1], numbers.get(2).copied().unwrap_or(0))
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
        assert_eq!(empty.state("connection").as_deref(), Some("not-connected"), "{}", empty.text());
        assert!(empty.body.contains("href=\"/teams/acme/settings/authentication/guides\""));
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(page(&app).await.part("connection"), None, "no connection is shown while it is off and without a key");
    }

    async fn the_page_has_the_last_request_and_the_last_day(db: Db) {
        let app = TestApp::on(db).await;
        let okta = app.key("Production").await;
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::GET, "/Users?count=1", "").await;
        app.world.pass(HOUR);
        send(&app, &okta, "Okta SCIM Client 1.0.0", Method::POST, "/Users", r#"{"userName":"<i>grace</i>"}"#).await;
        let view = page(&app).await;
        let last = view.part("last-request").unwrap();
        assert!(last.starts_with("Okta ") && last.contains("“<i>grace</i>”") && last.contains("201 Created"), "{last}");
        assert_eq!(of_the_day(&view), (2, 0));
        assert!(!view.body.contains("<i>grace"));
        send(&app, &okta, "curl/8", Method::GET, "/Users/nobody", "").await;
        app.world.pass(2 * HOUR);
        let failed = page(&app).await;
        let last = failed.part("last-request").unwrap();
        assert!(last.contains("(curl/8)") && last.contains("“nobody”") && last.contains("404 Not Found"), "{last}");
        assert_eq!(of_the_day(&failed), (3, 1));
        assert!(failed.body.contains("activity?actor=providers&amp;result=failures&amp;within=day"), "{}", failed.body);
        let hours = failed.part("requests-per-hour").unwrap();
        assert_eq!(hours, "00:00 : 1 request, 0 failed 01:00 : 2 requests, 1 failed", "the list has the counts of the chart");
        app.world.pass(23 * HOUR);
        let later = page(&app).await;
        assert_eq!((of_the_day(&later), later.part("requests-per-hour")), ((0, 0), None));
        assert!(later.part("last-request").is_some_and(|last| last.contains("(curl/8)")), "{}", later.text());
    }

    async fn the_connection_is_also_shown_while_provisioning_is_off(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        let off = page(&app).await;
        let last = off.part("last-request").unwrap();
        assert!(last.starts_with("Entra ID ") && last.contains("403 Forbidden"), "{last}");
        assert_eq!(of_the_day(&off), (1, 1));
    }

    async fn a_key_keeps_its_product_after_requests_without_one(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "", Method::GET, "/Users?aadOptscim062020", "").await;
        send(&app, &key, "", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.part("last-request").unwrap().starts_with("Entra ID "));
        send(&app, &key, "curl/8", Method::GET, "/Groups", "").await;
        assert!(page(&app).await.part("last-request").unwrap().contains("(curl/8)"));
    }

    async fn keys_that_expire_soon_are_counted(db: Db) {
        let app = TestApp::on(db).await;
        app.key("Production").await;
        app.key("Staging").await;
        assert_eq!(page(&app).await.part("expiring-keys"), None);
        app.world.pass(340 * 24 * HOUR);
        assert!(page(&app).await.part("expiring-keys").unwrap().starts_with("2 keys"));
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
        assert_eq!(page(&app).await.part("last-request"), None);
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
        assert_eq!(of_the_day(&page(&app).await), (1, 0));
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
        assert_eq!(nothing.state("connection").as_deref(), Some("waiting"));
        assert!(!nothing.shows("EvilBot"), "{}", nothing.text());
        app.world.db.sql(&format!("UPDATE scim_keys SET hash = '{hash}'")).await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users/nobody", "").await;
        app.world.db.sql("UPDATE scim_keys SET hash = 'x'").await;
        send(&app, &key, "EvilBot", Method::GET, "/Users", "").await;
        let okta = page(&app).await;
        assert!(okta.part("last-request").is_some_and(|last| last.starts_with("Okta ") && last.contains("404")), "{}", okta.text());
        assert_eq!(of_the_day(&okta), (1, 1));
        let mut ada = app.ada().await;
        let failed = ada.get(&link(&okta, "1 failed")).await;
        assert_eq!(failed.body.matches("data-testid=\"event\"").count(), 1, "{}", failed.text());
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
            assert_eq!(page(&app).await.state("connection").as_deref(), Some("connected"));
        }
        send(&app, &plain, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        let failing = page(&app).await;
        assert_eq!(failing.state("connection").as_deref(), Some("failing"));
        assert!(failing.part("connection").unwrap().ends_with(" 00:00"), "since when: {:?}", failing.part("connection"));
        let note = failing.part("connection-note").unwrap();
        assert!(note.contains(" 3 requests ") && note.contains("Okta") && note.contains("2026-06-01"), "{note}");
        assert_eq!(link(&failing, "View failures"), "/teams/acme/settings/activity?actor=providers&result=failures");
        app.world.pass(30 * HOUR);
        assert_eq!(page(&app).await.state("connection").as_deref(), Some("failing"), "it does not get better by waiting");
        let other = app.key("Other").await;
        send(&app, &other, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        assert_eq!(page(&app).await.state("connection").as_deref(), Some("connected"));
    }

    async fn a_day_without_a_request_is_quiet(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        send(&app, &key, "Okta SCIM Client 1.0.0", Method::GET, "/Users", "").await;
        app.world.pass(23 * HOUR);
        assert_eq!(page(&app).await.state("connection").as_deref(), Some("connected"));
        app.world.pass(50 * HOUR);
        let quiet = page(&app).await;
        assert_eq!(quiet.state("connection").as_deref(), Some("quiet"));
        assert!(quiet.part("connection").unwrap().ends_with(" 3 days") && quiet.part("connection-note").is_some(), "{}", quiet.text());
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
        assert_eq!(of_the_day(&health), (24, 24));
        let list = app.ada().await.get(&link(&health, "24 failed")).await;
        assert_eq!(list.body.matches("data-testid=\"event\"").count(), 24, "{}", list.text());
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
        assert_eq!(hours, [HourlyRequests { at: app.world.now(), requests: 1, failures: 0 }]);
        assert_eq!(store.scim_hours_sweep(app.world.now() + HOUR).await.unwrap(), 1);
    }
}
