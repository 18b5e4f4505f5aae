//! The self-test on its page.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use app::model::TestState;
use axum::http::{Method, StatusCode};
use domain::{Conflict, HOUR, key::Expiry, provisioning::Reason};
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

const PAGE: &str = "/teams/acme/settings/authentication/self-test";

/// The program at its public URL. Without `served`, nothing responds there.
pub(crate) async fn at_its_address(db: Db, served: bool) -> TestApp {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = TestApp::at(db, &format!("http://{}", listener.local_addr().unwrap())).await;
    app.world.operator().scim_turn_on("acme").await.unwrap();
    if served {
        let router = app.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    app
}

/// Starts a test and waits for its end.
pub(crate) async fn run(app: &TestApp, browser: &mut Browser) -> Answer {
    assert_eq!(browser.post(PAGE, &[]).await.summary(), format!("303 {PAGE}"));
    while app.state.self_tests().last(&app.world.team).unwrap().state == TestState::Running {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    browser.get(PAGE).await
}

/// Checks that no data of a test is left.
async fn is_clean(app: &TestApp) {
    let team = app.world.store().team_by_slug("acme").await.unwrap().unwrap();
    assert_eq!((team.member_count, team.group_count), (1, 0));
    assert!(app.world.store().remaining_self_tests(None).await.unwrap().is_empty());
}

on_both_engines! {
    async fn every_step_passes_and_no_data_is_left(db: Db) {
        let app = at_its_address(db, true).await;
        let mut ada = app.ada().await;
        let before = ada.get(PAGE).await;
        assert_eq!(before.part("result"), None, "{}", before.text());
        for _ in 0..2 {
            let page = run(&app, &mut ada).await;
            assert_eq!(page.state("result").as_deref(), Some("passed"), "{}", page.text());
            assert!(page.part("started-by").is_some_and(|by| by.contains("Ada Lovelace")), "{}", page.text());
            let scripts = |name: &str| page.parts("test-step").iter().filter(|step| step.starts_with(name)).count();
            assert!(scripts("Okta ") > 5 && scripts("Entra ID ") > 5, "{}", page.text());
            assert_eq!(page.body.matches("data-testid=\"test-step\" data-state=\"passed\"").count(), page.parts("test-step").len());
            assert!(!page.body.contains("rc_scim_"), "{}", page.text());
            is_clean(&app).await;
        }
        assert_eq!(app.world.keys().await, [], "its key is not listed");
        let log = ada.get("/teams/acme/settings/activity").await;
        assert!(log.shows("Self-test") && !log.body.contains("value=\"key:"), "nor offered: {}", log.text());
    }

    async fn an_unreachable_address_is_reported_with_advice(db: Db) {
        let app = at_its_address(db, false).await;
        let page = run(&app, &mut app.ada().await).await;
        assert_eq!(page.state("result").as_deref(), Some("failed"), "{}", page.text());
        assert_eq!((page.parts("fault").len(), page.state("fault").as_deref()), (1, Some("no-answer")));
        let steps = page.parts("test-step");
        let states: Vec<&str> = page.body.split("data-testid=\"test-step\" data-state=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let failed = states.iter().filter(|state| **state == "failed").count();
        assert!(failed > 0 && states[failed..].iter().all(|state| *state == "skipped"), "{steps:?}: {states:?}");
        assert!(failed < states.len(), "{steps:?}");
        assert!(steps.last().is_some_and(|step| step.starts_with("Entra ID ")), "{steps:?}");
        assert_eq!(page.part("test-requests"), None, "nothing arrived: {}", page.text());
        is_clean(&app).await;
    }

    async fn a_blocked_test_has_a_reason_and_generates_no_key(db: Db) {
        let app = TestApp::at(db, "http://127.0.0.1:1").await;
        let mut ada = app.ada().await;
        let off = ada.get(PAGE).await;
        assert!(off.part("self-test.blocked").is_some() && off.body.contains("aria-disabled=\"true\""), "{}", off.text());
        let rejection = ada.post(PAGE, &[]).await;
        assert_eq!(rejection.status, StatusCode::CONFLICT);
        assert!(rejection.refuses(Conflict::ScimOff), "{:?}", rejection.alert());

        app.world.operator().scim_turn_on("acme").await.unwrap();
        assert_eq!(app.state.self_tests().last(&app.world.team), None);
    }

    async fn five_active_keys_do_not_block_the_test(db: Db) {
        let app = at_its_address(db, true).await;
        for number in 0..5 {
            app.world.ada().key_generate("acme", &format!("Key {number}"), Expiry::Never).await.unwrap();
        }
        let page = run(&app, &mut app.ada().await).await;
        assert_eq!(page.state("result").as_deref(), Some("passed"), "{}", page.text());
        assert_eq!(app.world.keys().await.len(), 5);
    }

    async fn a_second_method_blocks_the_test_with_a_reason(db: Db) {
        let app = TestApp::on(db).await;
        app.world.operator().sso_add("acme", crate::world::oidc("Second"), true).await.ok();
        app.world.db.sql("UPDATE sso_methods SET enabled = 1").await;
        let page = app.ada().await.get(PAGE).await;
        let why = page.part("self-test.blocked").unwrap();
        assert!(why.contains("Okta") && why.contains("Second"), "{why}");
        app.world.db.sql("DELETE FROM sso_methods").await;
        let none = app.ada().await.get(PAGE).await;
        let why = none.part("self-test.blocked").unwrap();
        assert!(why.contains(&Reason::NoSsoMethod.to_string()) && !why.contains(".."), "each sentence has one full stop: {why}");
    }

    async fn a_test_needs_verification_and_runs_only_once(db: Db) {
        // Accepts connections and never responds, so that the first test still runs when the second is started.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app = TestApp::at(db, &format!("http://{}", silent.local_addr().unwrap())).await;
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let mut ada = app.ada().await;
        app.world.pass(HOUR / 3);
        let redirect = ada.post(PAGE, &[]).await.summary();
        assert_eq!(redirect, "303 /teams/acme/verify?next=%2Fteams%2Facme%2Fsettings%2Fauthentication%2Fself-test");
        let mut ada = app.ada().await;
        let (mut one, mut two) = (ada.clone(), ada.clone());
        let (first, second) = tokio::join!(one.post(PAGE, &[]), two.post(PAGE, &[]));
        let started_redirect = format!("303 {PAGE}");
        assert_eq!((first.summary(), second.summary()), (started_redirect.clone(), started_redirect));
        app.state.self_tests().stop().await;
        let response = app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM scim_keys").await;
        assert_eq!(response.as_deref(), Some("1"), "one key for two wishes");
        let page = ada.get(PAGE).await;
        assert!(page.part("started-by").is_some_and(|by| by.contains("Ada Lovelace")), "{}", page.text());
        is_clean(&app).await;
    }

    async fn the_next_test_removes_the_data_of_a_crashed_one(db: Db) {
        let app = at_its_address(db, true).await;
        let crashed = app.world.operator().self_test_begin("acme", 1).await.unwrap();
        let person = "rollcall-self-test-okta-00000001@invalid";
        app.add("acme", "Left", "left@acme.test", domain::role::Role::Developer).await;
        app.world.db.sql(&format!("UPDATE members SET user_name = '{person}', user_name_key = '{person}' WHERE email = 'left@acme.test'")).await;
        let end = crashed.record.expires_at.unwrap() - app.world.now();
        assert!(end < 10 * domain::MINUTE, "it expires within minutes");
        let mut ada = app.ada().await;
        let page = run(&app, &mut ada).await;
        assert_eq!(page.state("result").as_deref(), Some("passed"), "{}", page.text());
        is_clean(&app).await;
    }

    async fn the_test_of_another_team_is_not_shown(db: Db) {
        let app = at_its_address(db, false).await;
        run(&app, &mut app.ada().await).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let own = grace.get("/teams/globex/settings/authentication/self-test").await;
        assert_eq!(own.part("result"), None, "{}", own.text());
        let request = grace.request(Method::GET, &format!("{PAGE}/events"));
        assert_eq!(grace.fetch(request).await.status().as_u16(), 404);
    }
}
