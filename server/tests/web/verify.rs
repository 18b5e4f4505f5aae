//! Verification by password before a sensitive change.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use app::{error::AppError, model::Dialog};
use domain::Error;
use domain::MINUTE;

on_both_engines! {
    async fn changes_need_a_verification_within_15_minutes(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(15 * MINUTE);
        assert_eq!(ada.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "200");
        app.world.pass(1);
        let answer = ada.api("/api/scim/turn-off", &[("team", "acme"), ("confirmation", "Acme")]).await;
        assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (401, AppError::Domain(Error::VerifyAgain)));
        assert!(app.world.is_on().await);
    }

    async fn reading_needs_no_verification(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        assert_eq!(ada.get("/teams/acme/settings/authentication").await.summary(), "200");
    }

    async fn the_form_returns_after_verification(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let form = [("team", "acme"), ("name", "Okta & co"), ("expiry", "90")];
        let redirect = ada.post("/teams/acme/settings/authentication/keys/generate", &form).await;
        assert!(redirect.summary().starts_with("303 /teams/acme/verify?next="), "{}", redirect.summary());
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        let back = ada.post("/teams/acme/verify", &[("password", PASSWORD), ("next", &next)]).await;
        let page = ada.get(back.header("location")).await;
        assert_eq!(page.dialog(), Some(Dialog::GenerateKey.id()));
        assert_eq!(page.value("name").as_deref(), Some("Okta & co"));
        assert!(page.body.contains("<option value=\"90\" selected"), "{}", page.body);
        assert!(app.world.keys().await.is_empty());
        let response = ada.post("/teams/acme/settings/authentication/keys/generate", &form).await;
        assert_eq!(response.summary(), "200");
    }

    async fn verification_gives_the_session_a_new_id(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let mut browser = app.ada().await;
        browser.sign_in("grace@globex.test", PASSWORD).await;
        app.world.pass(16 * MINUTE);
        let mut old = browser.clone();
        let answer = browser.post("/teams/acme/verify", &[("password", PASSWORD)]).await;
        assert_eq!(answer.summary(), "303 /teams/acme/settings/authentication");
        assert_ne!(browser.session(), old.session());
        assert_eq!(old.get("/teams/acme/settings/general").await.status.as_u16(), 303);
        assert_eq!(browser.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "200");
        // The verification of the other team is as old as before.
        let other = browser.api("/api/scim/turn-on", &[("team", "globex")]).await;
        assert_eq!(other.json::<AppError>(), AppError::Domain(Error::VerifyAgain));
    }

    async fn a_wrong_password_does_not_verify(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let answer = ada.post("/teams/acme/verify", &[("password", "wrong"), ("next", "/teams/acme")]).await;
        assert_eq!(answer.status.as_u16(), 401);
        assert_eq!(answer.value("next").as_deref(), Some("/teams/acme"));
        assert_eq!(answer.sign_in_problem().as_deref(), Some("wrong"));
        assert_eq!(ada.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "401");
    }

    async fn guesses_are_throttled_by_sign_in(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let (mut ada, mut elsewhere) = (app.ada().await, app.ada().await);
        for _ in 0..5 {
            assert_eq!(ada.post("/teams/acme/verify", &[("password", "wrong")]).await.summary(), "401");
        }
        let answer = ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "1"));
        // A new session id does not reset the counter.
        assert_eq!(ada.sign_in("grace@globex.test", PASSWORD).await.summary(), "303 /teams/globex");
        assert_eq!(ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await.summary(), "429");
        // It blocks neither another session nor sign-in.
        app.world.pass(1);
        assert!(elsewhere.post("/teams/acme/verify", &[("password", PASSWORD)]).await.summary().starts_with("303 "));
        assert_eq!(app.browser().sign_in("ada@acme.test", PASSWORD).await.summary(), "303 /teams/acme");
    }

    async fn guesses_of_strangers_do_not_block_verification(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let mut stranger = app.browser();
        for _ in 0..9 {
            stranger.sign_in("ada@acme.test", "wrong").await;
        }
        assert_eq!(stranger.sign_in("ada@acme.test", "wrong").await.summary(), "429");
        assert!(ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await.summary().starts_with("303 "));
    }

    async fn three_simultaneous_verifications_leave_one_session(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let old = ada.session().unwrap().to_owned();
        app.world.pass(16 * MINUTE);
        // Each reads the session before any of them has compared the password.
        let turn = app.state.hashing().close_known().await;
        let proofs: Vec<_> = (0..3)
            .map(|_| {
                let mut ada = ada.clone();
                tokio::spawn(async move { (ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await, ada) })
            })
            .collect();
        while app.state.hashing().entered() < 3 {
            tokio::task::yield_now().await;
        }
        drop(turn);
        let mut cookies = Vec::new();
        for proof in proofs {
            let (answer, browser) = proof.await.unwrap();
            assert_eq!(answer.summary(), "303 /teams/acme/settings/authentication");
            cookies.extend(answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap().to_owned()));
            if browser.session() != Some(&old) {
                ada = browser;
            }
        }
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        assert_ne!(ada.session(), Some(old.as_str()));
        assert_eq!(ada.api("/api/scim/turn-on", &[("team", "acme")]).await.summary(), "200");
        assert_eq!(app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sessions").await.as_deref(), Some("1"));
    }

    async fn a_late_verification_with_the_old_id_redirects(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let mut late = ada.clone();
        ada.post("/teams/acme/verify", &[("password", PASSWORD)]).await;
        let answer = late.post("/teams/acme/verify", &[("password", "wrong"), ("next", "/teams/acme")]).await;
        assert_eq!(answer.summary(), "303 /teams/acme");
        assert!(!answer.headers.contains_key("set-cookie"));
        assert!(late.get("/teams/acme").await.summary().starts_with("303 /sign-in"), "the old id is worth nothing");
        app.world.pass(MINUTE);
        let answer = late.post("/teams/acme/verify", &[("password", PASSWORD)]).await;
        assert!(answer.summary().starts_with("303 /sign-in"), "{}", answer.summary());
    }

    async fn a_signed_out_visitor_is_redirected_to_sign_in(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().get("/teams/acme/verify?next=%2Fteams%2Facme%2Fsettings%2Factivity").await;
        assert_eq!(answer.summary(), "303 /sign-in?next=%2Fteams%2Facme%2Fsettings%2Factivity");
    }
}
