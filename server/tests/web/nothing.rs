//! What is as it was to be already: no page says that it was done.

use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

/// Sends a form, and is told that nothing was changed, and why.
async fn nothing(browser: &mut Browser, path: &str, form: &[(&str, &str)], why: &str) -> Answer {
    let answer = browser.post(path, form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{path}: {}", answer.said());
    assert!(answer.says(&format!("Nothing was changed: {why}")), "{path}: {}", answer.text());
    answer
}

on_both_engines! {
    async fn a_member_who_is_so_already(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = format!("/teams/acme/settings/members/{}", app.id(&bob).await);
        let mut ada = app.ada().await;
        nothing(&mut ada, &format!("{path}/reactivate"), &[], "this member is active already.").await;
        nothing(&mut ada, &format!("{path}/sign-out"), &[], "this member is not signed in anywhere.").await;
        let roles = nothing(&mut ada, &format!("{path}/roles"), &[("role", "developer")], "these are the roles").await;
        assert!(roles.body.contains("id=\"roles\" open"), "the dialog is where it can be chosen otherwise");
        ada.post(&format!("{path}/deactivate"), &[]).await;
        let log = app.world.log().await.len();
        nothing(&mut ada, &format!("{path}/deactivate"), &[], "this member is deactivated already.").await;
        assert_eq!(app.world.log().await.len(), log);
    }

    async fn an_invited_person_is_neither_deactivated_nor_reactivated(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let new = app.world.ada().invite_make("acme", "sam@acme.test", Role::SuperAdmin).await.unwrap();
        let path = format!("/teams/acme/settings/members/{}", app.id("sam@acme.test").await);
        let (mut ada, mut admin) = (app.ada().await, app.signed_in(&admin).await);
        for action in ["deactivate", "reactivate"] {
            let at = format!("{path}/{action}");
            nothing(&mut ada, &at, &[], "this person was invited and did not join yet.").await;
            assert_eq!(admin.post(&at, &[]).await.status, StatusCode::FORBIDDEN, "a Super Admin is none of an Admin's business");
        }
        let link = app.browser().get(&format!("/invite/{}", new.token.expose())).await;
        assert_eq!(link.status, StatusCode::OK);
    }

    async fn ones_own_name_and_address(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        nothing(&mut ada, "/teams/acme/account/name", &[("name", " Ada Lovelace ")], "this is your name already.").await;
        let email = [("email", "ada@acme.test")];
        nothing(&mut ada, "/teams/acme/account/email", &email, "this is your address already.").await;
    }

    async fn the_teams_name_and_address(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Admin).await;
        let bob = app.id(&bob).await;
        let mut ada = app.ada().await;
        let general = "/teams/acme/settings/general";
        nothing(&mut ada, &format!("{general}/name"), &[("name", "Acme")], "this is the team's name already.").await;
        let slug = [("slug", "acme"), ("confirmation", "Acme")];
        nothing(&mut ada, &format!("{general}/slug"), &slug, "this is the team's address already.").await;
        nothing(&mut ada, &format!("{general}/unmark"), &[("member", &bob)], "this member is not marked.").await;
    }
}
