//! Changes without a difference: they are no error, and no page reports them as done.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

/// Sends a form, and expects a neutral note that nothing changed.
async fn unchanged(browser: &mut Browser, path: &str, form: &[(&str, &str)], note: &str) -> Answer {
    let answer = browser.post(path, form).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.summary());
    assert!(answer.has_note(note), "{path}: {}", answer.text());
    assert!(!answer.body.contains("open closedby"), "{path}: no dialog is open");
    answer
}

on_both_engines! {
    async fn a_member_that_already_has_the_state_is_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = format!("/teams/acme/settings/members/{}", app.id(&bob).await);
        let mut ada = app.ada().await;
        unchanged(&mut ada, &format!("{path}/reactivate"), &[], "This member is already active.").await;
        unchanged(&mut ada, &format!("{path}/sign-out"), &[], "This member isn't signed in anywhere.").await;
        unchanged(&mut ada, &format!("{path}/roles"), &[("role", "developer")], "These roles are already assigned.").await;
        ada.post(&format!("{path}/deactivate"), &[]).await;
        let log = app.world.log().await.len();
        unchanged(&mut ada, &format!("{path}/deactivate"), &[], "This member is already deactivated.").await;
        assert_eq!(app.world.log().await.len(), log);
    }

    async fn an_invited_person_cannot_be_deactivated_or_reactivated(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let new = app.world.ada().invite_create("acme", "sam@acme.test", Role::SuperAdmin).await.unwrap();
        let path = format!("/teams/acme/settings/members/{}", app.id("sam@acme.test").await);
        let (mut ada, mut admin) = (app.ada().await, app.signed_in(&admin).await);
        for action in ["deactivate", "reactivate"] {
            let at = format!("{path}/{action}");
            let rejection = ada.post(&at, &[]).await;
            assert_eq!(rejection.status, StatusCode::CONFLICT, "{at}: {}", rejection.summary());
            assert!(rejection.shows("This person hasn't joined yet. Create a new link or revoke the invite instead."), "{}", rejection.text());
            assert_eq!(admin.post(&at, &[]).await.status, StatusCode::FORBIDDEN, "an Admin cannot change a Super Admin");
        }
        let link = app.browser().get(&format!("/invite/{}", new.token.expose())).await;
        assert_eq!(link.status, StatusCode::OK);
    }

    async fn the_own_name_and_email_can_be_submitted_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        unchanged(&mut ada, "/teams/acme/account/name", &[("name", " Ada Lovelace ")], "That's already your name.").await;
        let email = [("email", "ada@acme.test")];
        unchanged(&mut ada, "/teams/acme/account/email", &email, "That's already your email.").await;
    }

    async fn the_name_and_slug_of_the_team_can_be_submitted_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Admin).await;
        let bob = app.id(&bob).await;
        let mut ada = app.ada().await;
        let general = "/teams/acme/settings/general";
        unchanged(&mut ada, &format!("{general}/name"), &[("name", "Acme")], "That's already the team's name.").await;
        let slug = [("slug", "acme"), ("confirmation", "Acme")];
        unchanged(&mut ada, &format!("{general}/slug"), &slug, "That's already the team's URL.").await;
        unchanged(&mut ada, &format!("{general}/unmark"), &[("member", &bob)], "This member isn't break-glass.").await;
        ada.post(&format!("{general}/mark"), &[("member", &bob)]).await;
        unchanged(&mut ada, &format!("{general}/mark"), &[("member", &bob)], "This member is already break-glass.").await;
    }
}
