//! The page of a member: consent to the adoption of an Admin whom an identity provider matches only by email.

use crate::{
    app::{Answer, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use app::model::MemberNotice;
use axum::http::{Method, StatusCode};
use domain::{MINUTE, Unchanged, activity::Change, role::Role};

async fn page_of(app: &TestApp, email: &str) -> String {
    format!("/teams/acme/settings/members/{}", app.id(email).await)
}

/// Provisions a User with this email and another userName.
async fn provision(app: &TestApp, key: &str, email: &str) -> Answer {
    let body = format!(r#"{{"userName":"from.the.directory","emails":[{{"value":"{email}"}}]}}"#);
    app.scim(key, Method::POST, "/Users", &body).await
}

/// Whether an adoption is offered, and its state.
fn offer(page: &Answer) -> Option<String> {
    page.state("adoption")
}

on_both_engines! {
    async fn an_admin_allows_the_adoption_on_the_page_of_a_member(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        let bob = app.member(Role::Admin).await;
        let path = page_of(&app, &bob).await;
        assert_eq!(provision(&app, &key, &bob).await.status, StatusCode::CONFLICT);
        let mut ada = app.ada().await;
        let page = ada.get(&path).await;
        assert_eq!(offer(&page).as_deref(), Some("needs-consent"), "{}", page.text());
        // Without JavaScript, the dialog is a page.
        let dialog = ada.get(&format!("{path}?dialog=allow-adoption")).await;
        assert_eq!(dialog.dialog().as_deref(), Some("allow-adoption"), "{}", dialog.text());
        assert!(dialog.part("allow-adoption.title").is_some_and(|title| title.contains("Admin")));
        assert!(dialog.body.contains(&format!("action=\"{path}/allow-adoption\"")), "{}", dialog.body);
        let response = ada.post(&format!("{path}/allow-adoption"), &[]).await;
        assert_eq!(response.summary(), format!("303 {path}?done=adoption-allowed"));
        let page = ada.get(&format!("{path}?done=adoption-allowed")).await;
        assert_eq!(page.done(), Some(MemberNotice::AdoptionAllowed.words(None)));
        assert_eq!(offer(&page).as_deref(), Some("allowed"), "{}", page.text());
        assert!(page.body.contains("data-kind=\"member_adoption_allowed\""), "{}", page.text());
        let repeat = ada.post(&format!("{path}/allow-adoption"), &[]).await;
        assert_eq!(repeat.status, StatusCode::OK);
        assert!(repeat.is_unchanged(Unchanged::Adoption), "{}", repeat.text());
        assert_eq!(provision(&app, &key, &bob).await.status, StatusCode::CREATED);
        assert_eq!(offer(&ada.get(&path).await), None);
    }

    async fn consent_is_offered_only_where_it_is_needed(db: Db) {
        let app = TestApp::on(db).await;
        let billing = app.member(Role::Billing).await;
        let admin = app.member(Role::Admin).await;
        let mut ada = app.ada().await;
        assert_eq!(offer(&ada.get(&page_of(&app, &billing).await).await), None);
        let mine = page_of(&app, "ada@acme.test").await;
        assert!(offer(&ada.get(&mine).await).is_some(), "also for oneself");
        // An Admin sees the action as blocked on the page of a Super Admin.
        let mut by_admin = app.signed_in(&admin).await;
        let page = by_admin.get(&mine).await;
        assert!(offer(&page).is_some() && page.body.contains("aria-describedby=\"adoption-reason\""), "{}", page.body);
        let rejection = by_admin.post(&format!("{mine}/allow-adoption"), &[]).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        app.world.operator().scim_turn_off("acme", "Acme").await.unwrap();
        assert_eq!(offer(&ada.get(&mine).await), None, "without provisioning, no adoption is possible");
    }

    async fn consent_needs_a_recent_verification(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Admin).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let redirect = ada.post(&format!("{path}/allow-adoption"), &[]).await;
        assert_eq!(redirect.status, StatusCode::SEE_OTHER);
        assert!(redirect.summary().contains("/teams/acme/verify"), "{}", redirect.summary());
        assert!(!matches!(last_change(&app).await, Change::MemberAdoptionAllowed { .. }));
    }
}
