//! The lifetime and the limits of a session.

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
    async fn a_session_ends_after_30_minutes_without_a_request(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(30 * MINUTE - 1);
        assert_eq!(ada.get(PAGE).await.summary(), "200");
        app.world.pass(30 * MINUTE - 1);
        assert_eq!(ada.get(PAGE).await.summary(), "200");
        app.world.pass(30 * MINUTE);
        assert_eq!(ada.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn polling_does_not_keep_the_session_alive(db: Db) {
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

    async fn a_session_always_ends_after_12_hours(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for _ in 0..35 {
            app.world.pass(20 * MINUTE);
            assert_eq!(ada.get(PAGE).await.summary(), "200");
        }
        app.world.pass(20 * MINUTE);
        assert_eq!(ada.get(PAGE).await.summary(), SIGNED_OUT);
    }

    async fn signing_in_to_a_second_team_does_not_extend_the_session(db: Db) {
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

    async fn signing_in_again_starts_a_new_session(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.ada().await;
        app.world.pass(29 * MINUTE);
        browser.get(PAGE).await;
        browser.sign_in("ada@acme.test", PASSWORD).await;
        let created_at = app.world.db.text("SELECT CAST(created_at AS TEXT) FROM sessions").await.unwrap();
        assert_eq!(created_at, app.world.now().to_string());
        assert_eq!(browser.get("/teams/acme/settings/authentication").await.teams().len(), 1);
    }

    async fn every_sign_in_changes_the_id_and_invalidates_the_old_one(db: Db) {
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

    async fn a_response_to_an_old_id_does_not_remove_the_new_cookie(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.ada().await;
        let mut late = browser.clone();
        browser.sign_in("ada@acme.test", PASSWORD).await;
        assert!(!late.get(PAGE).await.headers.contains_key("set-cookie"));
    }

    async fn simultaneous_sign_ins_to_two_teams_both_succeed(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        app.team("initech", "Initech", "milton@initech.test").await;
        let mut ada = app.ada().await;
        let slots = app.state.hashing().close().await;
        let tasks = [("grace@globex.test", 8), ("milton@initech.test", 9)].map(|(email, address)| {
            let mut browser = ada.clone();
            browser.address = ([192, 0, 2, address], 40_000).into();
            tokio::spawn(async move { (browser.sign_in(email, PASSWORD).await.summary(), browser) })
        });
        while app.state.hashing().entered() < 2 {
            tokio::task::yield_now().await;
        }
        drop(slots);
        let old = ada.session().unwrap().to_owned();
        let mut summaries = Vec::new();
        for one in tasks {
            let (answer, browser) = one.await.unwrap();
            summaries.push(answer);
            if browser.session() != Some(&old) {
                ada = browser;
            }
        }
        assert_eq!(summaries, ["303 /teams/globex", "303 /teams/initech"]);
        for team in ["acme", "globex", "initech"] {
            assert_eq!(ada.get(&format!("/teams/{team}/settings/general")).await.summary(), "200", "{team}");
        }
    }

    async fn a_session_id_chosen_by_an_attacker_is_not_used(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        browser.cookies.insert("__Host-rollcall".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
        assert_eq!(browser.get(PAGE).await.summary(), SIGNED_OUT);
        browser.sign_in("ada@acme.test", PASSWORD).await;
        assert_ne!(browser.session(), Some("AAAAAAAAAAAAAAAAAAAAAA"));
        assert_eq!(browser.get(PAGE).await.summary(), "200");
    }

    async fn an_invalid_cookie_signs_no_one_in(db: Db) {
        let app = TestApp::new(db).await;
        for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let mut browser = app.browser();
            browser.cookies.insert("__Host-rollcall".into(), value.into());
            assert_eq!(browser.get(PAGE).await.summary(), SIGNED_OUT, "{value}");
        }
    }

    async fn the_database_does_not_contain_the_id(db: Db) {
        let app = TestApp::new(db).await;
        let browser = app.ada().await;
        let token_hash = app.world.db.text("SELECT token_hash FROM sessions").await.unwrap();
        assert_eq!(token_hash.len(), 64);
        assert!(!token_hash.contains(browser.session().unwrap()));
    }

    async fn the_last_use_is_written_at_most_once_per_minute(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let last_seen = "SELECT CAST(last_seen_at AS TEXT) FROM sessions";
        let signed_in = app.world.now();
        app.world.pass(MINUTE - 1);
        ada.get(PAGE).await;
        assert_eq!(app.world.db.text(last_seen).await, Some(signed_in.to_string()));
        app.world.pass(1);
        ada.get(PAGE).await;
        assert_eq!(app.world.db.text(last_seen).await, Some((signed_in + MINUTE).to_string()));
    }

    async fn a_deactivated_member_is_signed_out_at_once(db: Db) {
        let app = TestApp::new(db).await;
        let email = app.member(Role::Admin).await;
        let mut admin = app.signed_in(&email).await;
        app.world.db.sql("UPDATE members SET status = 'deactivated' WHERE email = 'admin@acme.test'").await;
        assert_eq!(admin.get(PAGE).await.summary(), SIGNED_OUT);
        assert_eq!(admin.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "401");
        assert_eq!(app.browser().sign_in(&email, PASSWORD).await.summary(), "401");
        assert!(!app.world.is_on().await);
    }

    async fn a_changed_role_takes_effect_with_the_next_request(db: Db) {
        let app = TestApp::new(db).await;
        let email = app.member(Role::Admin).await;
        let mut admin = app.signed_in(&email).await;
        assert_eq!(admin.get("/teams/acme/settings/authentication").await.summary(), "200");
        app.world.db.sql("UPDATE members SET roles = 2 WHERE email = 'admin@acme.test'").await;
        assert_eq!(admin.get("/teams/acme/settings/authentication").await.summary(), "403");
        assert_eq!(admin.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "403");
    }

    async fn the_cookie_is_restricted_to_this_site(db: Db) {
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
            "rollcall=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }

    async fn ended_sessions_are_deleted(db: Db) {
        let app = TestApp::new(db).await;
        app.ada().await;
        app.world.pass(HOUR);
        assert_eq!(app.world.store().sessions_sweep(app.world.now()).await.unwrap(), 1);
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sign_ins").await, Some("0".into()));
    }
}
