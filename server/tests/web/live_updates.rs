//! Live updates of open pages.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{MINUTE, role::Role};
use http_body_util::BodyExt as _;
use server::{live_updates, request_log};
use std::time::Duration;
use tower::ServiceExt as _;

const ACTIVITY: &str = "/teams/acme/settings/activity/events";

/// A page with an event stream.
struct Open(Body);

impl Open {
    async fn at(browser: &Browser, path: &str) -> Self {
        let answer = browser.fetch(browser.request(Method::GET, path)).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        Self(answer.into_body())
    }

    /// The next event. `None`: the stream ended. Heartbeats are skipped.
    async fn next(&mut self) -> Option<String> {
        loop {
            let frame =
                tokio::time::timeout(Duration::from_secs(20), self.0.frame()).await.expect("the stream sends an event");
            let text = String::from_utf8(frame?.unwrap().into_data().unwrap().to_vec()).unwrap();
            if text.starts_with("id: ") {
                return Some(text);
            }
        }
    }
}

async fn newest(app: &TestApp) -> String {
    app.world.log().await[0].id.to_string()
}

async fn follow(app: &TestApp, browser: &Browser, query: &str) -> Open {
    Open::at(browser, &format!("{ACTIVITY}?after={}{query}", newest(app).await)).await
}

/// Sends a request as a provider. It is only recorded if the test runs the recorder.
async fn send(app: &TestApp, key: &str, method: Method, path: &str, body: &str) {
    app.scim(key, method, path, body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
}

on_both_engines! {
    async fn changes_and_requests_arrive_as_rows(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta production").await;
        app.world.pass(1_000);
        let mut page = follow(&app, &app.ada().await, "").await;
        send(&app, &key, Method::POST, "/Users", r#"{"userName":"<b>grace</b>"}"#).await;
        let created = page.next().await.unwrap();
        assert!(created.contains("data-kind=\"member_provisioned\"") && created.contains("&lt;b&gt;grace") && !created.contains("<b>grace</b>"), "{created}");
        assert!(created.contains("data-testid=\"event\"") && created.contains("class=\"event-day\""), "{created}");
        app.world.pass(1_000);
        send(&app, &key, Method::GET, "/Users/nobody", "").await;
        let rejection = page.next().await.unwrap();
        assert!(rejection.contains("data-kind=\"user_get\" data-why=\"missing\"") && rejection.contains("404 Not Found") && !rejection.contains("data-kind=\"member_provisioned\""), "{rejection}");
    }

    async fn a_request_that_is_written_late_is_still_sent(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta production").await;
        app.world.pass(1_000);
        let mut page = follow(&app, &app.ada().await, "").await;
        let request = Request::builder()
            .uri("/scim/v2/Users/nobody")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .body(Body::empty())
            .unwrap();
        app.router.clone().oneshot(request).await.unwrap();
        app.world.pass(1_000);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert!(page.next().await.unwrap().contains("data-kind=\"scim_turned_off\""));
        request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        assert!(page.next().await.unwrap().contains("data-why=\"missing\""), "its id is older than that of the change");
    }

    async fn a_page_gets_only_the_lines_of_its_filter(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta production").await;
        app.world.pass(1_000);
        let ada = app.ada().await;
        let mut failures = follow(&app, &ada, "&result=failures").await;
        let mut people = follow(&app, &ada, "&actor=people").await;
        send(&app, &key, Method::POST, "/Users", r#"{"userName":"grace"}"#).await;
        app.world.pass(1_000);
        send(&app, &key, Method::GET, "/Users/nobody", "").await;
        app.world.pass(1_000);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        let event = failures.next().await.unwrap();
        assert!(event.contains("404 Not Found") && !event.contains("data-kind=\"member_provisioned\""), "{event}");
        let event = people.next().await.unwrap();
        assert!(event.contains("data-kind=\"scim_turned_off\"") && !event.contains("404"), "{event}");
    }

    async fn a_page_that_reconnects_continues_where_it_was(db: Db) {
        let app = TestApp::on(db).await;
        app.key("Okta production").await;
        let after = newest(&app).await;
        app.world.pass(1_000);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        let ada = app.ada().await;
        let event = Open::at(&ada, &format!("{ACTIVITY}?after={after}")).await.next().await.unwrap();
        assert!(event.contains("data-kind=\"scim_turned_off\"") && !event.contains("data-kind=\"key_generated\""), "{event}");
        let cursor = event.lines().next().unwrap().strip_prefix("id: ").unwrap().to_owned();
        app.world.pass(1_000);
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let repeat = ada.request(Method::GET, &format!("{ACTIVITY}?after={after}")).header("last-event-id", cursor);
        let event = Open(ada.fetch(repeat).await.into_body()).next().await.unwrap();
        assert!(event.contains("data-kind=\"scim_turned_on\"") && !event.contains("data-kind=\"scim_turned_off\""), "{event}");
    }

    /// However long the page was disconnected, and however many lines were written at once.
    async fn every_line_is_sent_once(db: Db) {
        let app = TestApp::on(db).await;
        let ada = app.ada().await;
        let after = newest(&app).await;
        for number in 0..120 {
            if number % 30 == 0 {
                app.world.pass(5 * MINUTE);
            }
            app.world.ada().key_generate("acme", &format!("Key {number:03}"), domain::key::Expiry::Never).await.ok();
            let turned = if number % 2 == 0 { app.world.operator().scim_turn_off("acme", "Acme").await } else { app.world.operator().scim_turn_on("acme").await };
            turned.unwrap();
        }
        let expected = app.world.log().await.into_iter().filter(|entry| entry.id.as_str() > after.as_str()).count();
        let mut page = Open::at(&ada, &format!("{ACTIVITY}?after={after}")).await;
        let (mut rows, mut cursor) = (0, String::new());
        while rows < expected {
            let event = page.next().await.unwrap();
            rows += event.matches("data-testid=\"event\"").count();
            cursor = event.lines().next().unwrap().strip_prefix("id: ").unwrap().to_owned();
        }
        assert_eq!(rows, expected, "each once");
        // A page that reconnects gets the lines since then, each once.
        drop(page);
        app.world.pass(5 * MINUTE);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        let repeat = ada.request(Method::GET, ACTIVITY).header("last-event-id", cursor);
        let event = Open(ada.fetch(repeat).await.into_body()).next().await.unwrap();
        assert_eq!(event.matches("data-testid=\"event\"").count(), 1, "{event}");
    }

    async fn a_page_that_misses_lines_has_a_mark(db: Db) {
        let app = TestApp::on(db).await;
        let after = newest(&app).await;
        app.world.pass(1_000);
        for number in 0..310 {
            let turned = if number % 2 == 0 { app.world.operator().scim_turn_off("acme", "Acme").await } else { app.world.operator().scim_turn_on("acme").await };
            turned.unwrap();
        }
        let ada = app.ada().await;
        let mut page = Open::at(&ada, &format!("{ACTIVITY}?after={after}&actor=operator")).await;
        let event = page.next().await.unwrap();
        assert_eq!(event.matches("data-testid=\"event\"").count(), 50);
        assert!(event.contains("href=\"/teams/acme/settings/activity?actor=operator\""), "{event}");
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        let event = page.next().await.unwrap();
        assert_eq!(event.matches("data-testid=\"event\"").count(), 1, "and goes on");
    }

    async fn a_page_without_live_updates_gets_the_reason(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let mut pages = Vec::new();
        for _ in 0..live_updates::A_SESSION {
            pages.push(follow(&app, &ada, "").await);
        }
        let redirect = ada.request(Method::GET, ACTIVITY).header(header::ACCEPT, "text/event-stream");
        let event = Answer::read(ada.fetch(redirect).await).await.body;
        assert!(event.starts_with("retry: 5000\n") && event.contains("event: notice\ndata: ") && event.contains(" 4 tabs"), "{event}");
        drop(pages);
        ada.post("/sign-out", &[]).await;
        let redirect = ada.request(Method::GET, ACTIVITY).header(header::ACCEPT, "text/event-stream");
        let event = Answer::read(ada.fetch(redirect).await).await.body;
        let link = "<a href=\"/sign-in?next=%2Fteams%2Facme%2Fsettings%2Factivity\">Sign in</a>";
        assert!(event.contains("event: over\ndata: ") && event.contains(link), "{event}");
    }

    async fn lines_of_another_process_are_sent(db: Db) {
        let app = TestApp::on(db).await;
        let mut page = follow(&app, &app.ada().await, "").await;
        app.world.pass(MINUTE);
        let elsewhere = store::Store::connect(&app.world.db.url).await.unwrap();
        let service = server::service::Service::new(&elsewhere, &app.world.secrets, &app.world.clock, server::service::Actor::Operator);
        service.scim_turn_off("acme", "Acme").await.unwrap();
        assert!(page.next().await.unwrap().contains("data-kind=\"scim_turned_off\""));
        elsewhere.close().await;
    }

    async fn a_stream_ends_with_the_role_the_session_or_the_server(db: Db) {
        let app = TestApp::on(db).await;
        let email = app.member(Role::Admin).await;
        let other = app.signed_in(&email).await;
        let mut page = follow(&app, &other, "").await;
        app.world.pass(1_000);
        app.world.db.sql(&format!("UPDATE members SET roles = 2 WHERE email = '{email}'")).await;
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(page.next().await, None, "the role was removed");

        let mut ada = app.ada().await;
        let mut page = follow(&app, &ada, "").await;
        ada.post("/sign-out", &[]).await;
        app.world.operator().scim_turn_on("acme").await.unwrap();
        assert_eq!(page.next().await, None, "the session is over");

        let mut page = follow(&app, &app.ada().await, "").await;
        app.state.live().close();
        assert_eq!(page.next().await, None, "the server stops");
        let ada = app.ada().await;
        assert_eq!(ada.fetch(ada.request(Method::GET, ACTIVITY)).await.status().as_u16(), 429);
    }

    async fn a_session_has_a_limit_and_closed_pages_leave_no_subscription(db: Db) {
        let app = TestApp::on(db).await;
        let ada = app.ada().await;
        let mut pages = Vec::new();
        for _ in 0..live_updates::A_SESSION {
            pages.push(follow(&app, &ada, "").await);
        }
        assert_eq!(ada.fetch(ada.request(Method::GET, ACTIVITY)).await.status().as_u16(), 429);
        let other = app.ada().await;
        pages.push(follow(&app, &other, "").await);
        assert_eq!(app.state.live().subscriptions(&app.world.team), live_updates::A_SESSION + 1);
        drop(pages);
        while app.state.live().subscriptions(&app.world.team) > 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn one_member_cannot_use_all_subscriptions_of_the_team(db: Db) {
        let app = TestApp::on(db).await;
        let mut pages = Vec::new();
        while pages.len() < live_updates::A_PERSON {
            let ada = app.ada().await;
            pages.push(follow(&app, &ada, "").await);
        }
        let ada = app.ada().await;
        assert_eq!(ada.fetch(ada.request(Method::GET, ACTIVITY)).await.status().as_u16(), 429);
        let redirect = ada.request(Method::GET, ACTIVITY).header(header::ACCEPT, "text/event-stream");
        let event = Answer::read(ada.fetch(redirect).await).await.body;
        assert!(event.contains("event: notice\ndata: ") && event.contains(" 8 of your tabs"), "{event}");
        let email = app.member(Role::Admin).await;
        let other = app.signed_in(&email).await;
        pages.push(follow(&app, &other, "").await);
        pages.remove(0);
        // The slot is free as soon as the page is closed.
        pages.push(follow(&app, &ada, "").await);
    }

    async fn live_updates_do_not_keep_a_session_alive(db: Db) {
        let app = TestApp::on(db).await;
        let ada = app.ada().await;
        app.world.pass(20 * MINUTE);
        let mut page = follow(&app, &ada, "").await;
        app.world.pass(15 * MINUTE);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(page.next().await, None);
    }

    async fn invalid_cursors_are_ignored(db: Db) {
        let app = TestApp::on(db).await;
        let ada = app.ada().await;
        for query in ["", "?after=", "?after=%00", "?after='%25", &format!("?after={}", "9".repeat(5_000)), "?actor=key:%00&result=x"] {
            let answer = ada.fetch(ada.request(Method::GET, &format!("{ACTIVITY}{query}"))).await;
            assert_eq!(answer.status().as_u16(), 200, "{query}");
        }
    }

    async fn an_open_guide_updates_itself(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta production").await;
        let ada = app.ada().await;
        let guide = "/teams/acme/settings/authentication/guides/okta";
        let mut page = Open::at(&ada, &format!("{guide}/events?after=nothing")).await;
        send(&app, &key, Method::GET, "/Users?startIndex=1&count=2", "").await;
        let event = page.next().await.unwrap();
        assert!(event.contains("data-state=\"connected\"") && event.contains("Okta") && !event.contains("data-testid=\"first-member\""), "{event}");
        assert!(!event.contains("data-done"), "{event}");
        app.world.pass(1_000);
        send(&app, &key, Method::POST, "/Users", r#"{"userName":"grace@acme.test","displayName":"Grace Hopper"}"#).await;
        let event = page.next().await.unwrap();
        assert!(event.contains("data-testid=\"first-member\"") && event.contains("Grace Hopper") && event.contains("data-done"), "{event}");
        let answer = ada.fetch(ada.request(Method::GET, "/teams/acme/settings/authentication/guides/nobody/events")).await;
        assert_eq!(answer.status().as_u16(), 404);
    }
}

/// No task reads while another writes, and no writer waits.
#[tokio::test]
async fn a_stalled_reader_blocks_no_writer() {
    crate::db::run(Db::sqlite().await, async |db| {
        let app = TestApp::on(db).await;
        let page = follow(&app, &app.ada().await, "").await;
        for _ in 0..50 {
            app.world.pass(1_000);
            app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
            app.world.operator().scim_turn_on("acme").await.unwrap();
        }
        drop(page);
    })
    .await;
}
