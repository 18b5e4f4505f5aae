//! Changes without a difference: they are no error, and no page reports them as done.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::{Conflict, Unchanged, role::Role};

/// Sends a form, and expects a neutral note that nothing changed.
async fn unchanged(browser: &mut Browser, path: &str, form: &[(&str, &str)], why: Unchanged) -> Answer {
    let answer = browser.post(path, form).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.summary());
    assert!(answer.is_unchanged(why), "{path}: {}", answer.text());
    assert!(!answer.body.contains("open closedby"), "{path}: no dialog is open");
    answer
}

on_both_engines! {
    async fn a_member_that_already_has_the_state_is_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = format!("/teams/acme/settings/members/{}", app.id(&bob).await);
        let mut ada = app.ada().await;
        unchanged(&mut ada, &format!("{path}/reactivate"), &[], Unchanged::Active).await;
        unchanged(&mut ada, &format!("{path}/sign-out"), &[], Unchanged::NoSession).await;
        unchanged(&mut ada, &format!("{path}/roles"), &[("role", "developer")], Unchanged::Roles).await;
        ada.post(&format!("{path}/deactivate"), &[]).await;
        let log = app.world.log().await.len();
        unchanged(&mut ada, &format!("{path}/deactivate"), &[], Unchanged::Deactivated).await;
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
            assert!(rejection.refuses(Conflict::InvitePending), "{:?}", rejection.alert());
            assert_eq!(admin.post(&at, &[]).await.status, StatusCode::FORBIDDEN, "an Admin cannot change a Super Admin");
        }
        let link = app.browser().get(&format!("/invite/{}", new.token.expose())).await;
        assert_eq!(link.status, StatusCode::OK);
    }

    async fn the_own_name_and_email_can_be_submitted_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        unchanged(&mut ada, "/teams/acme/account/name", &[("name", " Ada Lovelace ")], Unchanged::OwnName).await;
        let email = [("email", "ada@acme.test")];
        unchanged(&mut ada, "/teams/acme/account/email", &email, Unchanged::OwnEmail).await;
    }

    async fn the_name_and_slug_of_the_team_can_be_submitted_unchanged(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Admin).await;
        let bob = app.id(&bob).await;
        let mut ada = app.ada().await;
        let general = "/teams/acme/settings/general";
        unchanged(&mut ada, &format!("{general}/name"), &[("name", "Acme")], Unchanged::TeamName).await;
        let slug = [("slug", "acme"), ("confirmation", "Acme")];
        unchanged(&mut ada, &format!("{general}/slug"), &slug, Unchanged::TeamSlug).await;
        unchanged(&mut ada, &format!("{general}/unmark"), &[("member", &bob)], Unchanged::NoBreakGlass).await;
        ada.post(&format!("{general}/mark"), &[("member", &bob)]).await;
        unchanged(&mut ada, &format!("{general}/mark"), &[("member", &bob)], Unchanged::BreakGlass).await;
    }
}
