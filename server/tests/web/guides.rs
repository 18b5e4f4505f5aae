//! The setup guides.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::Method;

const GUIDES: &str = "/teams/acme/settings/authentication/guides";
const ALL: [&str; 6] = ["okta", "entra", "onelogin", "jumpcloud", "ping", "other"];

on_both_engines! {
    async fn each_guide_has_the_values_of_this_team(db: Db) {
        let app = TestApp::on(db).await;
        app.key("Production").await;
        let mut ada = app.ada().await;
        let choice = ada.get(GUIDES).await;
        for provider in ALL {
            assert!(choice.body.contains(&format!("href=\"{GUIDES}/{provider}\"")), "{provider}");
            let guide = ada.get(&format!("{GUIDES}/{provider}")).await;
            assert_eq!(guide.status.as_u16(), 200, "{provider}");
            for words in ["https://rollcall.test/scim/v2", "Production"] {
                assert!(guide.shows(words), "{provider}: {words}: {}", guide.text());
            }
            assert!(guide.part("turned-on").is_some_and(|by| by.contains("the operator")), "{provider}");
            assert_eq!(guide.state("waiting").as_deref(), Some("waiting"), "{provider}");
            assert!(guide.body.contains(&format!("data-live=\"{GUIDES}/{provider}/events\"")), "{provider}");
            assert!(!guide.body.contains("**"), "{provider}");
        }
        assert!(ada.get(&format!("{GUIDES}/entra")).await.shows("https://rollcall.test/scim/v2?aadOptscim062020"));
        for missing in ["nobody", "Okta", "%00", &"x".repeat(10_000)] {
            assert_eq!(ada.get(&format!("{GUIDES}/{missing}")).await.status.as_u16(), 404, "{missing}");
        }
    }

    async fn missing_prerequisites_come_first(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let off = ada.get(&format!("{GUIDES}/okta")).await;
        assert!(off.part("to-switch").is_some() && off.part("to-keys").is_none(), "{}", off.text());
        assert_eq!(off.state("waiting").as_deref(), Some("not-ready"));
        assert!(!off.body.contains("data-live="), "{}", off.text());
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let on = ada.get(&format!("{GUIDES}/okta")).await;
        assert!(on.part("turned-on").is_some() && on.part("to-switch").is_none() && on.part("to-keys").is_some(), "{}", on.text());
        assert_eq!(on.state("waiting").as_deref(), Some("not-ready"));
    }

    async fn the_current_step_follows_the_requests(db: Db) {
        let app = TestApp::on(db).await;
        let guide = async || app.ada().await.get(&format!("{GUIDES}/okta")).await;
        // The number of the current step, and the counts of open and of completed steps.
        let current = |page: &crate::app::Answer| {
            let (before, _) = page.body.split_once("aria-current=\"step\"").unwrap_or(("", ""));
            (before.matches("<li data-state=").count(), page.body.matches("<details open").count(), page.body.matches("data-state=\"done\"").count())
        };
        assert_eq!(current(&guide().await), (2, 4, 1));
        let key = app.key("Production").await;
        assert_eq!(current(&guide().await), (3, 4, 2));
        app.scim_as("Okta SCIM Client 1.0.0", &key, Method::GET, "/Users?count=1", "").await;
        server::request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        assert_eq!(current(&guide().await), (5, 3, 5));
        app.scim_as("Okta SCIM Client 1.0.0", &key, Method::POST, "/Users", r#"{"userName":"grace"}"#).await;
        server::request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        let response = guide().await;
        assert!(!response.body.contains("aria-current=\"step\"") && !response.body.contains("data-state=\"todo\""), "{}", response.body);
        assert!(response.part("no-request-help").is_some(), "{}", response.text());
    }

    async fn the_first_member_counts_after_its_removal(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Production").await;
        for (method, path, body) in [(Method::POST, "/Users", r#"{"userName":"grace"}"#), (Method::DELETE, "/Users/ID", "")] {
            let id = app.world.db.text("SELECT MAX(id) FROM members").await.unwrap();
            app.scim(&key, method, &path.replace("ID", &id), body).await;
            app.world.pass(1_000);
        }
        server::request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        let guide = app.ada().await.get(&format!("{GUIDES}/okta")).await;
        assert_eq!(guide.state("waiting").as_deref(), Some("connected"));
        assert!(guide.part("first-member").is_some_and(|first| !first.contains("grace")), "{}", guide.text());
    }

    async fn an_unreachable_address_has_a_warning(db: Db) {
        let app = TestApp::at(db, "http://localhost:3000").await;
        let warnings = app.ada().await.get(&format!("{GUIDES}/okta")).await.parts("guide-warning");
        assert!(warnings.len() == 1 && warnings[0].contains("http://localhost:3000/scim/v2"), "{warnings:?}");
    }
}

/// The guides that reject an address, and the others.
#[tokio::test]
async fn okta_rejects_an_address_with_an_underscore() {
    crate::db::run(Db::sqlite().await, async |db| {
        let app = TestApp::at(db, "https://roll_call.test").await;
        let mut ada = app.ada().await;
        assert_eq!(ada.get(&format!("{GUIDES}/okta")).await.parts("guide-warning").len(), 1);
        assert_eq!(ada.get(&format!("{GUIDES}/ping")).await.parts("guide-warning").len(), 0);
        let plain = TestApp::at(Db::sqlite().await, "http://rollcall.example.com").await;
        let warnings = plain.ada().await.get(&format!("{GUIDES}/other")).await.parts("guide-warning");
        assert!(warnings.len() == 1 && warnings[0].contains("http://rollcall.example.com"), "{warnings:?}");
    })
    .await;
}
