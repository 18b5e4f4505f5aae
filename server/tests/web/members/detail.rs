//! The page of one member, and changes to one member.

use super::{LIST, page_of};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::role::Role;

on_both_engines! {
    async fn a_member_of_the_directory_has_its_attributes(db: Db) {
        let app = TestApp::on(db).await;
        let bob = app.member(Role::Developer).await;
        app.world.db.sql(&format!(
            "UPDATE members SET source = 'directory', document = '{{\"userName\":\"bob\",\"title\":\"<i>Clerk</i>\",\
             \"emails\":[{{\"value\":\"bob@x.test\",\"type\":\"work\"}}]}}' WHERE email = '{bob}'"
        )).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let page = ada.get(&path).await;
        for words in [
            "Managed by Okta through SCIM",
            "Title <i>Clerk</i>",
            "Developer , default",
            "Email bob@x.test (work)",
            "Okta manages this member through SCIM. Deactivate or remove them there, and the change applies here.",
            "Not signed in anywhere",
            "Not in any groups.",
        ] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        for action in ["deactivate", "reactivate", "remove"] {
            let rejection = ada.post(&format!("{path}/{action}"), &[]).await;
            assert_eq!(rejection.status, StatusCode::CONFLICT, "{action}");
            assert!(rejection.shows("Your identity provider manages this member. Deactivate or remove them there."), "{action}");
        }
        app.signed_in(&bob).await;
        assert!(ada.get(&path).await.shows("Signed in"));
        let out = ada.post(&format!("{path}/sign-out"), &[]).await;
        assert_eq!(out.summary(), format!("303 {path}?done=signed-out"));
        let page = ada.get(out.header("location")).await;
        assert!(page.shows("Signed out everywhere.") && page.shows("Not signed in anywhere"), "{}", page.text());
    }

    async fn a_member_can_be_changed_deactivated_and_removed(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let roles = ada.post(&format!("{path}/roles"), &[("role", "admin"), ("role", "billing")]).await;
        assert_eq!(roles.summary(), format!("303 {path}?done=roles-changed"));
        assert!(ada.get(&path).await.shows("Admin , assigned manually"));
        let none = ada.post(&format!("{path}/roles"), &[("role", "owner")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.shows("Select at least one role.") && none.body.contains("id=\"roles\" open"), "{}", none.body);
        let mut his = app.signed_in(&bob).await;
        assert_eq!(ada.post(&format!("{path}/deactivate"), &[]).await.summary(), format!("303 {path}?done=deactivated"));
        assert_eq!(his.get("/").await.summary(), "303 /sign-in");
        let page = ada.get(&format!("{path}?done=deactivated")).await;
        assert!(page.shows("Developer was deactivated and signed out everywhere."), "{}", page.text());
        assert_eq!(ada.post(&format!("{path}/reactivate"), &[]).await.summary(), format!("303 {path}?done=reactivated"));
        let page = ada.get(&format!("{path}?done=reactivated")).await;
        assert!(page.shows("Developer was reactivated and can sign in again."), "{}", page.text());
        app.signed_in(&bob).await;
        let removed = ada.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(removed.summary(), format!("303 {LIST}?done=removed"), "no name in the address");
        let list = ada.get(removed.header("location")).await;
        assert!(list.shows("Developer was removed and signed out everywhere."), "{}", list.text());
        assert!(!ada.get(removed.header("location")).await.shows("was removed"), "the notice is shown once");
        assert_eq!(ada.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn denied_changes_have_a_reason(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let ada_path = page_of(&app, "ada@acme.test").await;
        let (mut ada, mut admin_browser) = (app.ada().await, app.signed_in(&admin).await);
        let last = ada.post(&format!("{ada_path}/roles"), &[("role", "developer")]).await;
        assert_eq!(last.status, StatusCode::FORBIDDEN);
        assert!(last.shows("last active Super Admin"), "{}", last.text());
        let ceiling = admin_browser.post(&format!("{ada_path}/sign-out"), &[]).await;
        assert_eq!(ceiling.status, StatusCode::FORBIDDEN);
        assert!(ceiling.shows("Only a Super Admin"));
        let own = page_of(&app, &admin).await;
        let own_page = admin_browser.get(&own).await;
        assert!(own_page.shows("You can't deactivate or remove yourself. Ask another Admin or Super Admin."), "{}", own_page.text());
        assert_eq!(admin_browser.post(&format!("{own}/remove"), &[]).await.status, StatusCode::CONFLICT);
    }
}
