//! Keys that are shown once.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use app::{
    error::AppError,
    model::{Authentication, Dialog},
};
use domain::{Conflict, Error};
use domain::{
    key::{PREFIX, parse},
    plan::Plan,
    provisioning::Reason,
    validation::field_error::Field,
};
use serde_json::Value;

const GENERATE: &str = "/teams/acme/settings/authentication/keys/generate";
const ROLL: &str = "/teams/acme/settings/authentication/keys/roll";

/// The whole keys in a text.
fn keys(text: &str) -> Vec<String> {
    let starts = text.match_indices(PREFIX).map(|(at, _)| at);
    let candidates = starts.filter_map(|at| text.get(at..at + PREFIX.len() + 12 + 1 + 49));
    let mut keys: Vec<_> = candidates.filter(|text| parse(text).is_some()).map(str::to_owned).collect();
    keys.dedup();
    keys
}

on_both_engines! {
    async fn without_javascript_the_key_is_only_in_the_response_itself(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let answer = ada.post(GENERATE, &[("name", "Okta"), ("expiry", "90")]).await;
        let [key] = &keys(&answer.body)[..] else { panic!("{}", answer.body) };
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
        assert!(!answer.body.contains("<script"), "no script could read it");
        assert!(!answer.headers.contains_key("content-encoding"));
        assert!(!answer.header("content-security-policy").contains("script-src"));
        let repeat = ada.get("/teams/acme/settings/authentication").await;
        assert!(!repeat.body.contains(&key[key.len() - 49..]));
        assert!(repeat.shows("Okta rc_scim_…"), "{}", repeat.text());
    }

    async fn with_javascript_the_key_is_beside_the_page(db: Db) {
        let app = TestApp::on(db).await;
        let answer = app.ada().await.api(GENERATE, &[("name", "Okta"), ("expiry", "never")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
        let json: Value = answer.json();
        let key = json["key"].as_str().unwrap();
        let page: Authentication = serde_json::from_value(json["page"].clone()).unwrap();
        assert_eq!(parse(key), Some(page.keys[0].id.clone()));
        assert_eq!((page.keys[0].name.as_str(), page.keys[0].expires_at), ("Okta", None));
        assert_eq!(keys(&answer.body), [key]);
    }

    async fn a_new_key_works_at_the_api(db: Db) {
        let app = TestApp::on(db).await;
        let response: Value = app.ada().await.api(GENERATE, &[("name", "Okta")]).await.json();
        let mut provider = app.browser();
        let request = provider.request(axum::http::Method::GET, "/scim/v2/Users");
        let request = request.header("authorization", format!("Bearer {}", response["key"].as_str().unwrap()));
        let answer = provider.send(request, axum::body::Body::empty()).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    }

    async fn rolling_shows_the_new_key_and_keeps_the_old_one_usable(db: Db) {
        let app = TestApp::on(db).await;
        let old = app.world.key("Okta").await.record;
        let mut ada = app.ada().await;
        let answer = ada.post(ROLL, &[("id", old.id.as_str()), ("overlap", "1h")]).await;
        assert_eq!((answer.status.as_u16(), keys(&answer.body).len()), (200, 1));
        let record = app.world.key_record(&old).await;
        assert_eq!(record.expires_at, Some(app.world.now() + domain::HOUR));
        let repeat = ada.post(ROLL, &[("id", old.id.as_str())]).await;
        assert_eq!((repeat.status.as_u16(), repeat.alert()), (409, Some(AppError::Domain(Error::Conflict(Conflict::KeyReplaced)).to_string())));
    }

    async fn a_rejected_form_generates_no_key(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let answer = ada.post(GENERATE, &[("name", "  "), ("expiry", "90")]).await;
        assert_eq!((answer.status.as_u16(), answer.dialog()), (422, Some(Dialog::GenerateKey.id())));
        assert!(answer.field_error(Field::Name.name()).is_some());
        let answer = ada.api(GENERATE, &[("name", "x"), ("expiry", "1000")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(app.world.keys().await.is_empty());
    }

    async fn a_plan_that_was_lowered_meanwhile_generates_no_key(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        app.world.operator().team_set_plan("acme", Plan::Basic).await.unwrap();
        assert_eq!(ada.api(GENERATE, &[("name", "x")]).await.status.as_u16(), 403);
        let answer = ada.post(GENERATE, &[("name", "x")]).await;
        assert!(answer.status.as_u16() == 403 && answer.alert().is_some_and(|why| why == Reason::Plan(Plan::Basic).to_string()));
        assert!(app.world.keys().await.is_empty());
    }

    async fn a_double_click_generates_one_key(db: Db) {
        let app = TestApp::on(db).await;
        let ada = app.ada().await;
        let clicks: Vec<_> = (0..5)
            .map(|_| {
                let mut ada = ada.clone();
                tokio::spawn(async move { ada.api(GENERATE, &[("name", "Okta")]).await.status.as_u16() })
            })
            .collect();
        let mut statuses = Vec::new();
        for click in clicks {
            statuses.push(click.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422, 422, 422, 422]);
        assert_eq!(app.world.keys().await.len(), 1);
    }

    async fn a_forged_key_id_is_not_found(db: Db) {
        let app = TestApp::on(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let key = app.world.key("Okta").await.record.id;
        let mut grace = app.signed_in("grace@globex.test").await;
        let form = [("id", key.as_str())];
        assert_eq!(grace.api(ROLL, &form).await.json::<AppError>(), AppError::Domain(Error::NotFound));
        assert_eq!(grace.post(ROLL, &form).await.status.as_u16(), 404);
    }
}
