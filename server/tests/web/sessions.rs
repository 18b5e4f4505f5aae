//! How long a session lasts, and what it is worth.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use app::return_to::POLL;
use axum::{body::Body, http::Method};
use domain::{HOUR, MINUTE, role::Role};

const PAGE: &str = "/teams/acme/settings/general";
const SIGNED_OUT: &str = "303 /sign-in?next=%2Fteams%2Facme%2Fsettings%2Fgeneral";

on_both_engines! {
    async fn ends_after_30_minutes_without_a_request(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(30 * MINUTE - 1);
        assert_eq!(ada.get(PAGE).await.summary(), "200");
        app.world.pass(30 * MINUTE - 1);
        assert_eq!(ada.get(PAGE).await.summary(), "200");
        app.world.pass(30 * MINUTE);
        assert_eq!(ada.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn a_page_that_asks_by_itself_does_not_keep_the_session_alive(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..5 {
            app.world.pass(5 * MINUTE);
            let poll = ada.request(Method::GET, PAGE).header(POLL, "1");
            assert_eq!(ada.send(poll, Body::empty()).await.summary(), "200");
        }
        app.world.pass(5 * MINUTE);
        assert_eq!(ada.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn ends_after_12_hours_whatever_happens(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..35 {
            app.world.pass(20 * MINUTE);
            assert_eq!(ada.get(PAGE).await.summary(), "200");
        }
        app.world.pass(20 * MINUTE);
        assert_eq!(ada.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn a_second_team_does_not_make_the_first_sign_in_last_longer(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.ada().await;
        for _ in 0..35 {
            app.world.pass(20 * MINUTE);
            browser.get(PAGE).await;
        }
        browser.sign_in("grace@globex.test", PASSWORD).await;
        app.world.pass(20 * MINUTE);
        assert_eq!(browser.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn signing_in_again_begins_anew(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.ada().await;
        app.world.pass(29 * MINUTE);
        browser.get(PAGE).await;
        browser.sign_in("ada@acme.test", PASSWORD).await;
        let began = app.world.db.text("SELECT CAST(created_at AS TEXT) FROM sessions").await.unwrap();
        assert_eq!(began, app.world.now().to_string());
        assert_eq!(browser.get("/teams/acme/settings/authentication").await.teams().len(), 1);
    }

    async fn the_id_is_new_after_every_sign_in_and_the_old_one_is_worth_nothing(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.ada().await;
        for email in ["ada@acme.test", "grace@globex.test"] {
            let mut old = browser.clone();
            browser.sign_in(email, PASSWORD).await;
            assert_ne!(browser.session(), old.session());
            assert_eq!(old.get(PAGE).await.summary(), SIGNED_OUT);
            assert_eq!(browser.get(PAGE).await.summary(), "200");
        }
    }

    async fn an_answer_to_an_old_id_does_not_take_the_new_cookie_away(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.ada().await;
        let mut late = browser.clone();
        browser.sign_in("ada@acme.test", PASSWORD).await;
        assert!(!late.get(PAGE).await.headers.contains_key("set-cookie"));
    }

    async fn sign_ins_to_two_teams_at_the_same_moment_both_count(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        app.team("initech", "Initech", "milton@initech.test").await;
        let mut ada = app.ada().await;
        let closed = app.state.hashing().close().await;
        let both = [("grace@globex.test", 8), ("milton@initech.test", 9)].map(|(email, address)| {
            let mut browser = ada.clone();
            browser.address = ([192, 0, 2, address], 40_000).into();
            tokio::spawn(async move { (browser.sign_in(email, PASSWORD).await.summary(), browser) })
        });
        while app.state.hashing().entered() < 2 {
            tokio::task::yield_now().await;
        }
        drop(closed);
        let old = ada.session().unwrap().to_owned();
        let mut said = Vec::new();
        for one in both {
            let (answer, browser) = one.await.unwrap();
            said.push(answer);
            if browser.session() != Some(&old) {
                ada = browser;
            }
        }
        assert_eq!(said, ["303 /teams/globex", "303 /teams/initech"]);
        for team in ["acme", "globex", "initech"] {
            assert_eq!(ada.get(&format!("/teams/{team}/settings/general")).await.summary(), "200", "{team}");
        }
    }

    async fn an_id_that_somebody_chose_is_not_taken_over(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        browser.cookies.insert("__Host-rollcall".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
        assert_eq!(browser.get(PAGE).await.summary(), SIGNED_OUT);
        browser.sign_in("ada@acme.test", PASSWORD).await;
        assert_ne!(browser.session(), Some("AAAAAAAAAAAAAAAAAAAAAA"));
        assert_eq!(browser.get(PAGE).await.summary(), "200");
    }

    async fn nonsense_in_the_cookie_is_nobody(db: Db) {
        let app = TestApp::new(db).await;
        for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let mut browser = app.browser();
            browser.cookies.insert("__Host-rollcall".into(), value.into());
            assert_eq!(browser.get(PAGE).await.summary(), SIGNED_OUT, "{value}");
        }
    }

    async fn the_database_does_not_hold_the_id(db: Db) {
        let app = TestApp::new(db).await;
        let browser = app.ada().await;
        let stored = app.world.db.text("SELECT token_hash FROM sessions").await.unwrap();
        assert_eq!(stored.len(), 64);
        assert!(!stored.contains(browser.session().unwrap()));
    }

    async fn the_last_use_is_written_at_most_once_a_minute(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let seen = "SELECT CAST(last_seen_at AS TEXT) FROM sessions";
        let signed_in = app.world.now();
        app.world.pass(MINUTE - 1);
        ada.get(PAGE).await;
        assert_eq!(app.world.db.text(seen).await, Some(signed_in.to_string()));
        app.world.pass(1);
        ada.get(PAGE).await;
        assert_eq!(app.world.db.text(seen).await, Some((signed_in + MINUTE).to_string()));
    }

    async fn a_deactivated_member_is_out_at_once(db: Db) {
        let app = TestApp::new(db).await;
        let email = app.member(Role::Admin).await;
        let mut admin = app.signed_in(&email).await;
        app.world.db.sql("UPDATE members SET status = 'deactivated' WHERE email = 'admin@acme.test'").await;
        assert_eq!(admin.get(PAGE).await.summary(), SIGNED_OUT);
        assert_eq!(admin.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "401");
        assert_eq!(app.browser().sign_in(&email, PASSWORD).await.summary(), "401");
        assert!(!app.world.is_on().await);
    }

    async fn a_role_counts_from_the_next_request_on(db: Db) {
        let app = TestApp::new(db).await;
        let email = app.member(Role::Admin).await;
        let mut admin = app.signed_in(&email).await;
        assert_eq!(admin.get("/teams/acme/settings/authentication").await.summary(), "200");
        app.world.db.sql("UPDATE members SET roles = 1 WHERE email = 'admin@acme.test'").await;
        assert_eq!(admin.get("/teams/acme/settings/authentication").await.summary(), "403");
        assert_eq!(admin.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "403");
    }

    async fn the_cookie_is_for_this_site_alone(db: Db) {
        let app = TestApp::new(db).await;
        let cookie = app.browser().sign_in("ada@acme.test", PASSWORD).await.header("set-cookie").to_owned();
        assert!(cookie.starts_with("__Host-rollcall="), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");
    }

    async fn over_plain_http_the_cookie_has_another_name(db: Db) {
        let app = TestApp::at(db, "http://localhost:3000").await;
        let mut browser = app.browser();
        let cookie = browser.sign_in("ada@acme.test", PASSWORD).await.header("set-cookie").to_owned();
        assert!(cookie.starts_with("rollcall=") && !cookie.contains("Secure"), "{cookie}");
        assert_eq!(browser.get(PAGE).await.summary(), "200");
        assert_eq!(browser.post("/sign-out", &[]).await.header("set-cookie"),
            "rollcall=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    async fn sessions_that_are_over_are_swept(db: Db) {
        let app = TestApp::new(db).await;
        app.ada().await;
        app.world.pass(HOUR);
        assert_eq!(app.world.store().sessions_sweep(app.world.now()).await.unwrap(), 1);
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sign_ins").await, Some("0".into()));
    }
}
