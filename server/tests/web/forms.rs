//! The forms without JavaScript.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use app::{error::AppError, model::Dialog};
use domain::{Conflict, Error};
use domain::{plan::Plan, provisioning::Reason, role::Role, validation::field_error::FieldError};

const DONE: &str = "303 /teams/acme/settings/authentication?done=";

on_both_engines! {
    async fn a_change_redirects_to_the_page_with_a_notice(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let answer = ada.post("/api/scim/turn-on", &[("team", "acme")]).await;
        assert_eq!(answer.summary(), format!("{DONE}scim-on"));
        let page = ada.get(answer.header("location")).await;
        assert!(page.done().is_some() && app.world.is_on().await, "{}", page.text());
        let form = [("team", "acme"), ("confirmation", "Acme")];
        assert_eq!(ada.post("/api/scim/turn-off", &form).await.summary(), format!("{DONE}scim-off"));
    }

    async fn a_method_can_be_added_edited_disabled_and_deleted(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let form = [("team", "acme"), ("provider", "google"), ("name", "Google"), ("later", "true")];
        assert_eq!(ada.post("/api/sso/add", &form).await.summary(), format!("{DONE}method-added"));
        let id = app.world.method("Google").await.to_string();
        let form = [
            ("team", "acme"), ("id", id.as_str()), ("provider", "custom_oidc"), ("protocol", "oidc"), ("name", "Ours"),
            ("issuer", "https://idp.test"), ("client_id", "rollcall"), ("client_secret", "hush-hush"),
        ];
        assert_eq!(ada.post("/api/sso/edit", &form).await.summary(), format!("{DONE}method-saved"));
        let form = [("team", "acme"), ("id", id.as_str()), ("enabled", "true")];
        assert_eq!(ada.post("/api/sso/set-enabled", &form).await.summary(), "303 /teams/acme/settings/authentication");
        assert_eq!(ada.post("/api/sso/keep-only", &form).await.summary(), format!("{DONE}kept-one"));
        assert_eq!(app.world.methods().await.iter().filter(|method| method.enabled).count(), 1);
        assert_eq!(ada.post("/api/sso/delete", &form).await.summary(), format!("{DONE}method-deleted"));
    }

    async fn a_choice_that_is_missing_is_an_error_of_the_form(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let form = [("team", "acme"), ("provider", "google"), ("name", "Google"), ("later", "true")];
        ada.post("/api/sso/add", &form).await;
        let id = app.world.method("Google").await.to_string();
        let settings = [("provider", "custom_oidc"), ("protocol", "oidc"), ("name", "Ours"), ("issuer", "https://idp.test"), ("client_id", "r"), ("client_secret", "hush-hush")];
        ada.post("/api/sso/edit", &[&[("team", "acme"), ("id", id.as_str())][..], &settings].concat()).await;
        ada.post("/api/sso/set-enabled", &[("team", "acme"), ("id", id.as_str()), ("enabled", "true")]).await;
        for form in [&[("team", "acme")][..], &[("team", "acme"), ("id", "")]] {
            let answer = ada.post("/api/sso/keep-only", form).await;
            assert_eq!(answer.status.as_u16(), 422);
            assert!(answer.dialog().is_some() && answer.body.contains(&FieldError::NotAnOption.to_string()), "{}", answer.text());
        }
        assert_eq!(app.world.methods().await.iter().filter(|method| method.enabled).count(), 2);
    }

    async fn a_form_without_its_fields_cannot_be_read(db: Db) {
        let app = TestApp::new(db).await;
        let (mut ada, okta) = (app.ada().await, app.okta().await);
        for (path, field) in [
            ("/api/sso/edit", ("name", "Ours")),
            ("/api/sso/set-enabled", ("enabled", "true")),
            ("/api/sso/set-enabled", ("id", okta.as_str())),
            ("/api/sso/delete", ("name", "Okta")),
            ("/api/keys/revoke", ("confirmation", "Okta")),
            ("/api/keys/set-overlap", ("overlap", "now")),
        ] {
            let answer = ada.post(path, &[("team", "acme"), field]).await;
            assert_eq!(answer.status.as_u16(), 400, "{path}");
        }
        assert!(app.world.methods().await[0].enabled);
    }

    async fn a_key_is_revoked_and_its_overlap_moved(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        let okta = app.world.key("Okta").await.record;
        let old = okta.id.clone();
        app.world.ada().key_roll("acme", &old, domain::key::Overlap::Day).await.unwrap();
        let form = [("team", "acme"), ("id", old.as_str()), ("overlap", "7d")];
        let response = ada.post("/api/keys/set-overlap", &form).await;
        assert_eq!(response.summary(), format!("{DONE}overlap-changed"));
        let page = ada.get(response.header("location")).await;
        assert!(page.done().is_some_and(|done| done.contains("7 days")), "{}", page.text());
        let asks = ada.get(&format!("/teams/acme/settings/authentication?dialog=end-key.{old}")).await;
        let id = format!("end-key.{old}");
        assert!(asks.dialog() == Some(id.clone()) && asks.part(&id).is_some_and(|dialog| dialog.contains(&okta.tail)), "{}", asks.text());
        assert_eq!(asks.value("overlap").as_deref(), Some("now"));
        let form = [("team", "acme"), ("id", old.as_str()), ("overlap", "now")];
        let response = ada.post("/api/keys/set-overlap", &form).await;
        let page = ada.get(response.header("location")).await;
        assert!(page.done().is_some_and(|done| !done.contains("days")), "{}", page.text());
        assert_eq!(app.world.key_record(&okta).await.expires_at, Some(app.world.now()));
        let late = ada.post("/api/keys/set-overlap", &form).await;
        assert_eq!(late.alert(), Some(AppError::from(Error::Conflict(Conflict::KeyEnded)).to_string()));
        let ci = app.world.key("CI").await.record.id;
        let form = [("team", "acme"), ("id", ci.as_str()), ("confirmation", "CI")];
        assert_eq!(ada.post("/api/keys/revoke", &form).await.summary(), format!("{DONE}key-revoked"));
    }

    async fn a_rejected_form_is_returned_with_its_values(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let form = [
            ("team", "acme"), ("provider", "okta"), ("protocol", "oidc"), ("name", "Second"),
            ("issuer", "http://idp.test"), ("client_id", "rollcall"), ("client_secret", "hush-hush-hush"),
        ];
        let answer = ada.post("/api/sso/add", &form).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert_eq!(answer.dialog(), Some(Dialog::AddMethod.id()));
        assert_eq!(answer.field_error("issuer"), Some(FieldError::NotHttps.to_string()));
        assert_eq!((answer.value("name").as_deref(), answer.value("issuer").as_deref()), (Some("Second"), Some("http://idp.test")));
        assert!(!answer.body.contains("hush-hush-hush"));
        assert_eq!(app.world.methods().await.len(), 1);
    }

    async fn a_rejected_form_keeps_long_values(db: Db) {
        let app = TestApp::new(db).await;
        let metadata = format!("<EntityDescriptor>{}", "x".repeat(100_000));
        let form = [("team", "acme"), ("provider", "okta"), ("protocol", "saml"), ("name", "Second"), ("metadata", &metadata)];
        let answer = app.ada().await.post("/api/sso/add", &form).await;
        assert_eq!((answer.status.as_u16(), answer.lines("metadata")), (422, Some(metadata)));
    }

    async fn a_forged_id_is_not_found(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let okta = app.okta().await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let form = [("team", "globex"), ("id", okta.as_str())];
        let answer = grace.post("/api/sso/delete", &form).await;
        assert_eq!((answer.status.as_u16(), answer.alert()), (404, Some(AppError::Domain(Error::NotFound).to_string())));
        assert_eq!(answer.dialog(), None, "the form has no effect");
        let answer = grace.post("/api/sso/delete", &[("team", "acme"), ("id", &okta)]).await;
        assert_eq!((answer.status.as_u16(), answer.title()), (404, "Not found"));
        assert_eq!(app.world.methods().await.len(), 1);
    }

    async fn a_plan_that_was_lowered_meanwhile_is_reported_on_the_page(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        let answer = ada.post("/api/scim/turn-on", &[("team", "acme")]).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(answer.alert().is_some_and(|why| why == Reason::Plan(Plan::Free).to_string()), "{:?}", answer.alert());
        assert!(!app.world.is_on().await);
    }

    async fn enabling_a_second_method_needs_a_confirmation(db: Db) {
        let app = TestApp::on(db).await;
        let id = app.world.operator().sso_add("acme", crate::world::oidc("Second"), false).await.unwrap();
        let mut ada = app.ada().await;
        let form = [("team", "acme"), ("id", id.as_str()), ("enabled", "true")];
        let answer = ada.post("/api/sso/set-enabled", &form).await;
        assert_eq!((answer.status.as_u16(), answer.dialog()), (409, Some(Dialog::EnableMethod(id.clone()).id())));
        let form = [("team", "acme"), ("id", id.as_str()), ("enabled", "true"), ("confirmed", "true")];
        assert_eq!(ada.post("/api/sso/set-enabled", &form).await.status.as_u16(), 303);
    }

    async fn a_forbidden_page_names_the_admins_who_can_help(db: Db) {
        let app = TestApp::new(db).await;
        let developer = app.member(Role::Developer).await;
        let answer = app.signed_in(&developer).await.post("/api/scim/turn-on", &[("team", "acme")]).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(answer.shows("Ada Lovelace ada@acme.test"));
    }

    async fn a_form_without_a_team_is_malformed(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.ada().await.post("/api/scim/turn-on", &[]).await;
        assert_eq!((answer.status.as_u16(), answer.fails(Error::Malformed)), (400, true));
    }
}
