//! A session that expired during work on a form.

use crate::{
    app::{PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use app::{error::AppError, model::Dialog};
use domain::Error;
use domain::HOUR;

const FORM: [(&str, &str); 7] = [
    ("team", "acme"),
    ("provider", "okta"),
    ("protocol", "oidc"),
    ("name", "Okta & Söhne + 1"),
    ("issuer", "https://idp.test/a?b=c"),
    ("client_id", "rollcall"),
    ("client_secret", "hush-hush-hush"),
];

on_both_engines! {
    async fn the_form_returns_after_sign_in_with_all_values_except_the_secret(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        app.world.pass(HOUR);
        let redirect = ada.post("/api/sso/add", &FORM).await;
        assert!(redirect.summary().starts_with("303 /sign-in?next="), "{}", redirect.summary());
        assert!(!redirect.header("location").contains("hush"));

        let page = ada.get(redirect.header("location")).await;
        assert_eq!(page.sign_in_problem().as_deref(), Some("session-ended"));
        let next = page.value("next").unwrap();
        let form = [("email", "ada@acme.test"), ("password", PASSWORD), ("next", &next)];
        let back = ada.post("/sign-in", &form).await;

        let page = ada.get(back.header("location")).await;
        assert_eq!((page.dialog(), page.alert()), (Some(Dialog::AddMethod.id()), None));
        assert_eq!(page.value("name").as_deref(), Some("Okta & Söhne + 1"));
        assert_eq!(page.value("issuer").as_deref(), Some("https://idp.test/a?b=c"));
        assert_eq!(page.value("client_secret"), None);
        assert_eq!(app.world.methods().await.len(), 1);
    }

    async fn a_wrong_password_in_between_keeps_the_form(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.browser();
        let redirect = ada.post("/api/sso/add", &FORM).await;
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        let answer = ada.post("/sign-in", &[("email", "ada@acme.test"), ("password", "wrong"), ("next", &next)]).await;
        assert_eq!(answer.value("next"), Some(next));
    }

    async fn the_scripts_of_a_page_get_an_error(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().api("/api/sso/add", &FORM).await;
        assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (401, AppError::Domain(Error::SignedOut)));
    }

    async fn a_pasted_certificate_is_kept_and_long_metadata_is_not(db: Db) {
        let app = TestApp::new(db).await;
        let certificate = format!("-----BEGIN CERTIFICATE-----\r\n{}", "Ab+/\r\n".repeat(600));
        let metadata = "x".repeat(5000);
        let form = [("team", "acme"), ("name", "A"), ("certificate", &*certificate), ("metadata", &*metadata)];
        let mut ada = app.browser();
        let redirect = ada.post("/api/sso/add", &form).await;
        let next = ada.get(redirect.header("location")).await.value("next").unwrap();
        let fields = [("email", "ada@acme.test"), ("password", PASSWORD), ("next", &next)];
        let back = ada.post("/sign-in", &fields).await;
        let page = ada.get(back.header("location")).await;
        assert_eq!(page.lines("certificate"), Some(certificate));
        assert_eq!(page.lines("metadata").as_deref(), Some(""));
    }
}
