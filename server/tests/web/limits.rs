//! Limits of submitted bodies.

use crate::{
    app::{JSON, PAGE, TestApp},
    db::{Db, on_both_engines},
};
use app::error::AppError;
use axum::{
    body::Body,
    http::{Method, header},
};

on_both_engines! {
    async fn ten_megabytes_are_too_large_for_every_form(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for path in ["/sign-in", "/api/sso/add", "/teams/acme/settings/authentication/keys/generate"] {
            let request = ada.form(path).header(header::ACCEPT, PAGE);
            let answer = ada.send(request, Body::from(vec![b'a'; 10 * 1024 * 1024])).await;
            assert_eq!((answer.status.as_u16(), answer.fails(AppError::TooLarge)), (413, true), "{path}");
            let request = ada.form(path).header(header::ACCEPT, JSON);
            let answer = ada.send(request, Body::from(vec![b'a'; 10 * 1024 * 1024])).await;
            assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (413, AppError::TooLarge), "{path}");
        }
    }

    async fn metadata_of_256_kib_is_accepted_and_other_forms_up_to_64_kib(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let metadata = "x".repeat(256 * 1024);
        let form = [("team", "acme"), ("provider", "okta"), ("name", "A"), ("metadata", metadata.as_str())];
        assert_eq!(ada.api("/api/sso/add", &form).await.status.as_u16(), 422);
        let name = "x".repeat(65 * 1024);
        let path = "/teams/acme/settings/authentication/keys/generate";
        assert_eq!(ada.api(path, &[("name", &name)]).await.status.as_u16(), 413);
        assert!(!ada.api(path, &[("name", &name[..60 * 1024])]).await.status.is_server_error());
    }

    async fn an_encoded_form_is_rejected_with_its_encoding(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for path in ["/sign-in", "/api/sso/add", "/teams/acme/settings/authentication/keys/generate"] {
            let request = ada.form(path).header(header::CONTENT_ENCODING, "gzip").header(header::ACCEPT, PAGE);
            let answer = ada.send(request, Body::from("email=ada")).await;
            assert!(answer.status.as_u16() == 415 && answer.fails(AppError::Encoded("gzip".into())), "{path}: {}", answer.body);
            let request = ada.form(path).header(header::CONTENT_ENCODING, "br").header(header::ACCEPT, JSON);
            let answer = ada.send(request, Body::from("email=ada")).await;
            let failure = AppError::Encoded("br".into());
            assert_eq!((answer.status.as_u16(), answer.json::<AppError>()), (415, failure), "{path}");
        }
    }

    async fn an_empty_body_is_a_form(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        let answer = ada.send(ada.request(Method::POST, "/sign-out"), Body::empty()).await;
        assert_eq!(answer.summary(), "303 /sign-in");
    }

    async fn invalid_utf_8_is_rejected(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for path in server::web::site_paths().into_iter().filter(|(method, _)| method == "POST").map(|(_, path)| path) {
            let request = ada.form(&path.replace("{slug}", "acme")).header(header::ACCEPT, PAGE);
            let answer = ada.send(request, Body::from(&b"team=acme&name=%FF%FE\xff\xfe&password=\x00"[..])).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        }
    }
}
