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
            for words in ["https://rollcall.test/scim/v2", "Copy", "Turned on by the operator, ", "Production", "Waiting for the first request…", "Check again"] {
                assert!(guide.shows(words), "{provider}: {words}: {}", guide.text());
            }
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
        assert!(off.shows("Turn it on in Authentication") && off.shows("Available once SCIM provisioning is on."), "{}", off.text());
        assert!(off.shows("Not ready yet") && !off.body.contains("data-live="), "{}", off.text());
        app.world.operator().scim_turn_on("acme").await.unwrap();
        let on = ada.get(&format!("{GUIDES}/okta")).await;
        assert!(on.shows("Turned on by the operator, just now") && on.shows("Generate a key in Authentication"), "{}", on.text());
        assert!(on.shows("Not ready yet"), "{}", on.text());
    }

    async fn the_current_step_follows_the_requests(db: Db) {
        let app = TestApp::on(db).await;
        let guide = async || app.ada().await.get(&format!("{GUIDES}/okta")).await;
        // The current step is the text between its mark and the next step. Also the counts of open and of completed steps.
        let current = |page: &crate::app::Answer| {
            let (_, from) = page.body.split_once("aria-current=\"step\"").map_or(("", ""), |parts| parts);
            let title = from.split("<h2>").nth(1).and_then(|rest| rest.split("</h2>").next()).unwrap_or_default();
            (title.replace("<!>", ""), page.body.matches("<details open").count(), page.body.matches("data-state=\"done\"").count())
        };
        assert_eq!(current(&guide().await), ("Generate an API key".into(), 4, 1));
        let key = app.key("Production").await;
        assert_eq!(current(&guide().await), ("Enable SCIM in the Okta app".into(), 4, 2));
        app.scim_as("Okta SCIM Client 1.0.0", &key, Method::GET, "/Users?count=1", "").await;
        server::request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        assert_eq!(current(&guide().await), ("Allow Okta to change members".into(), 3, 5));
        app.scim_as("Okta SCIM Client 1.0.0", &key, Method::POST, "/Users", r#"{"userName":"grace"}"#).await;
        server::request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
        let response = guide().await;
        assert!(!response.body.contains("aria-current=\"step\"") && !response.body.contains("data-state=\"todo\""), "{}", response.body);
        assert!(response.shows("unknown or incomplete key can't be matched to a team"), "{}", response.text());
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
        assert!(guide.shows("Connected") && guide.shows("Members were created."), "{}", guide.text());
    }

    async fn an_unreachable_address_has_a_warning(db: Db) {
        let app = TestApp::at(db, "http://localhost:3000").await;
        assert!(app.ada().await.get(&format!("{GUIDES}/okta")).await.shows("Providers on the internet can't reach http://localhost:3000/scim/v2"));
    }
}

/// The guides that reject an address, and the others.
#[tokio::test]
async fn okta_rejects_an_address_with_an_underscore() {
    crate::db::run(Db::sqlite().await, async |db| {
        let app = TestApp::at(db, "https://roll_call.test").await;
        let mut ada = app.ada().await;
        assert!(ada.get(&format!("{GUIDES}/okta")).await.shows("Okta doesn't accept a base URL with an underscore"));
        assert!(!ada.get(&format!("{GUIDES}/ping")).await.shows("underscore"));
        let plain = TestApp::at(Db::sqlite().await, "http://rollcall.example.com").await;
        assert!(plain.ada().await.get(&format!("{GUIDES}/other")).await.shows("Providers only send keys over HTTPS"));
    })
    .await;
}
