//! The page of one member: whether they can sign in through SSO methods, and removing a link.

use super::page_of;
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
    parts::last_change,
    sso_method::{LINKS, link},
    world::oidc,
};
use axum::http::StatusCode;
use domain::{Unchanged, member::MemberDenial, role::Role, sso::SsoChange, validation::field_error::FieldError};

on_both_engines! {
    async fn the_state_of_each_method_is_the_members(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        assert_eq!(ada.get(&path).await.state("sso").as_deref(), Some("never"));
        link(&app, &bob, "00u1").await;
        let page = ada.get(&path).await;
        assert_eq!(page.state("sso").as_deref(), Some("linked"));
        let text = page.part("sso").unwrap();
        assert!(text.contains("developer@acme.test") && text.contains("00u1"), "{text}");
        for (change, state) in [
            ("UPDATE sso_methods SET enabled = 0", "disabled"),
            ("UPDATE members SET status = 'deactivated' WHERE email = 'developer@acme.test'", "deactivated"),
        ] {
            app.world.db.sql(change).await;
            assert_eq!(ada.get(&path).await.state("sso").as_deref(), Some(state));
        }
        app.world.db.sql("DELETE FROM sso_links").await;
        assert_eq!(ada.get(&path).await.state("sso"), None, "a disabled method without a link");
        app.world.db.sql("UPDATE sso_methods SET enabled = 1").await;
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        assert_eq!(ada.get(&page_of(&app, "ada@acme.test").await).await.state("sso").as_deref(), Some("break-glass"));
        app.world.ada().invite_create("acme", "sam@acme.test", Role::Developer).await.unwrap();
        assert_eq!(ada.get(&page_of(&app, "sam@acme.test").await).await.state("sso").as_deref(), Some("invited"));
    }

    async fn a_link_is_removed_with_an_entry(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let okta = app.okta().await;
        link(&app, &bob, "00u1").await;
        let mut ada = app.ada().await;
        let mut his = app.signed_in(&bob).await;
        assert!(ada.get(&path).await.body.contains(&format!("name=\"id\" value=\"{okta}\"")));
        let removed = ada.post(&format!("{path}/unlink"), &[("id", &okta)]).await;
        assert_eq!(removed.summary(), format!("303 {path}?done=unlinked"));
        assert!(ada.get(removed.header("location")).await.done().is_some());
        let change = SsoChange::SsoUnlinked { name: "Developer".into(), method: "Okta".into(), subject: "00u1".into() };
        assert_eq!(last_change(&app).await, change.into());
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("none"));
        assert_eq!(his.get("/teams/acme/account").await.status, StatusCode::OK, "the sessions stay");
        let again = ada.post(&format!("{path}/unlink"), &[("id", &okta)]).await;
        assert!(again.is_unchanged(Unchanged::NoLink), "{}", again.text());
    }

    async fn one_of_several_links_is_chosen(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (path, member) = (page_of(&app, &bob).await, app.id(&bob).await);
        link(&app, &bob, "00u1").await;
        let google = app.world.operator().sso_add("acme", oidc("Google"), false).await.unwrap();
        let insert = "INSERT INTO sso_links (team_id, method_id, subject, member_id, linked_at, last_sign_in_at)";
        app.world.db.sql(&format!("{insert} VALUES ('{}', '{google}', 'g1', '{member}', 1, 1)", app.world.team)).await;
        let mut ada = app.ada().await;
        let none = ada.post(&format!("{path}/unlink"), &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((none.dialog().as_deref(), none.alert()), (Some("unlink"), Some(FieldError::NotAnOption.to_string())));
        assert_eq!(ada.post(&format!("{path}/unlink"), &[("id", google.as_str())]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("00u1"));
    }

    async fn an_admin_cannot_remove_the_link_of_a_super_admin(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        link(&app, "ada@acme.test", "00u1").await;
        let path = page_of(&app, "ada@acme.test").await;
        let mut browser = app.signed_in(&admin).await;
        let page = browser.get(&path).await;
        assert!(page.part("links-reason").is_some(), "{}", page.text());
        assert!(!page.body.contains("<dialog class=\"dialog\" id=\"unlink\""));
        let okta = app.okta().await;
        let refused = browser.post(&format!("{path}/unlink"), &[("id", &okta)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.refuses_because(MemberDenial::MaxRole), "{:?}", refused.alert());
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("00u1"));
    }
}
