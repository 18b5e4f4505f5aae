//! The page of one member, and changes to one member.

use super::{LIST, page_of};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use app::{error::AppError, model::MemberNotice};
use axum::http::StatusCode;
use domain::{Conflict, Error, member::MemberDenial, role::Role, validation::field_error::FieldError};

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
            "Title <i>Clerk</i>",
            "Email bob@x.test (work)",
        ] {
            assert!(page.shows(words), "{words}: {}", page.text());
        }
        for part in ["managed-by", "membership-reason"] {
            assert!(page.part(part).is_some_and(|text| text.contains("Okta")), "{part}: {:?}", page.part(part));
        }
        assert!(page.part("role-default").is_some_and(|role| role.starts_with("Developer ")), "{}", page.text());
        assert_eq!((page.parts("other-session").len(), page.parts("group").len()), (0, 0));
        for action in ["deactivate", "reactivate", "remove"] {
            let rejection = ada.post(&format!("{path}/{action}"), &[]).await;
            assert_eq!(rejection.status, StatusCode::CONFLICT, "{action}");
            assert!(rejection.refuses(Conflict::ManagedByProvider), "{action}: {:?}", rejection.alert());
        }
        app.signed_in(&bob).await;
        assert_eq!(ada.get(&path).await.parts("other-session").len(), 1);
        let out = ada.post(&format!("{path}/sign-out"), &[]).await;
        assert_eq!(out.summary(), format!("303 {path}?done=signed-out"));
        let page = ada.get(out.header("location")).await;
        assert_eq!(page.done(), Some(MemberNotice::SignedOut.words(None)));
        assert_eq!(page.parts("other-session").len(), 0, "{}", page.text());
    }

    async fn a_member_can_be_changed_deactivated_and_removed(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let path = page_of(&app, &bob).await;
        let mut ada = app.ada().await;
        let roles = ada.post(&format!("{path}/roles"), &[("role", "admin"), ("role", "billing")]).await;
        assert_eq!(roles.summary(), format!("303 {path}?done=roles-changed"));
        assert!(ada.get(&path).await.part("role-manual").unwrap().starts_with("Admin "));
        let none = ada.post(&format!("{path}/roles"), &[("role", "owner")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(none.alert(), Some(FieldError::NoRole.to_string()));
        assert_eq!(none.dialog().as_deref(), Some("roles"));
        let mut his = app.signed_in(&bob).await;
        assert_eq!(ada.post(&format!("{path}/deactivate"), &[]).await.summary(), format!("303 {path}?done=deactivated"));
        assert_eq!(his.get("/").await.summary(), "303 /sign-in");
        let page = ada.get(&format!("{path}?done=deactivated")).await;
        assert_eq!(page.done(), Some(MemberNotice::Deactivated.words(Some("Developer"))));
        assert_eq!(ada.post(&format!("{path}/reactivate"), &[]).await.summary(), format!("303 {path}?done=reactivated"));
        let page = ada.get(&format!("{path}?done=reactivated")).await;
        assert_eq!(page.done(), Some(MemberNotice::Reactivated.words(Some("Developer"))));
        app.signed_in(&bob).await;
        let removed = ada.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(removed.summary(), format!("303 {LIST}?done=removed"), "no name in the address");
        let list = ada.get(removed.header("location")).await;
        assert_eq!(list.done(), Some(MemberNotice::Removed.words(Some("Developer"))));
        assert_eq!(ada.get(removed.header("location")).await.done(), None, "the notice is shown once");
        assert_eq!(ada.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn denied_changes_have_a_reason(db: Db) {
        let app = TestApp::new(db).await;
        let admin = app.member(Role::Admin).await;
        let ada_path = page_of(&app, "ada@acme.test").await;
        let (mut ada, mut admin_browser) = (app.ada().await, app.signed_in(&admin).await);
        let last = ada.post(&format!("{ada_path}/roles"), &[("role", "developer")]).await;
        assert_eq!(last.status, StatusCode::FORBIDDEN);
        assert!(last.refuses_because(MemberDenial::LastSuperAdmin), "{:?}", last.alert());
        let response = admin_browser.post(&format!("{ada_path}/sign-out"), &[]).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN);
        assert!(response.refuses_because(MemberDenial::MaxRole), "{:?}", response.alert());
        let own = page_of(&app, &admin).await;
        let own_page = admin_browser.get(&own).await;
        let reason = AppError::from(Error::from(Conflict::OwnMembership)).to_string();
        assert_eq!(own_page.part("membership-reason"), Some(reason), "{}", own_page.text());
        assert_eq!(admin_browser.post(&format!("{own}/remove"), &[]).await.status, StatusCode::CONFLICT);
    }
}
