//! The headers of every response.

use crate::{
    app::{Answer, JSON, PAGE, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, header},
};

/// One response of every kind.
async fn answers(app: &TestApp) -> Vec<(&'static str, Answer)> {
    let mut ada = app.ada().await;
    let key = [("name", "ci"), ("expiry", "90")];
    let generate = "/teams/acme/settings/authentication/keys/generate";
    vec![
        ("page", ada.get("/teams/acme/settings/authentication").await),
        ("sign-in", app.browser().get("/sign-in").await),
        ("redirect", app.browser().get("/teams/acme").await),
        ("not found", app.browser().get("/nowhere").await),
        ("wrong method", app.browser().get("/sign-out").await),
        ("json", ada.api("/api/scim/turn-on", &[("team", "acme")]).await),
        ("json failure", app.browser().api("/api/scim/turn-on", &[("team", "acme")]).await),
        ("key page", ada.post(generate, &key).await),
        ("key json", ada.api(generate, &[("name", "ci 2")]).await),
        ("too large", ada.send(ada.form("/sign-in"), Body::from(vec![b'a'; 100_000])).await),
        ("cross-site", {
            let request = ada.request(Method::POST, "/sign-out").header("sec-fetch-site", "cross-site");
            ada.send(request, Body::empty()).await
        }),
        ("health", app.browser().get("/healthz").await),
        ("scim", app.browser().get("/scim/v2/Users").await),
        ("missing file", app.browser().get("/pkg/nothing.js").await),
    ]
}

on_both_engines! {
    async fn every_response_is_protected_from_other_sites(db: Db) {
        let app = TestApp::on(db).await;
        for (kind, answer) in answers(&app).await {
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=63072000"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.header(name), value, "{kind} {name}");
            }
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"), "{kind}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval'; ") || policy.contains("wasm-"), "{kind}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{kind}");
            assert!(answer.header("x-request-id").starts_with("req_"), "{kind}");
            assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{kind}");
        }
    }

    async fn a_page_runs_only_its_own_script(db: Db) {
        let app = TestApp::new(db).await;
        let answer = app.browser().get("/sign-in").await;
        let policy = answer.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0;
        assert_eq!(nonce.len(), 32);
        assert_eq!(
            policy.replace(nonce, "X"),
            "default-src 'none'; script-src 'self' 'nonce-X' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        assert!(answer.body.contains(&format!("nonce=\"{nonce}\"")));
        assert!(!answer.body.contains(" style=\"") && !answer.body.contains(" onclick"));
    }

    async fn nonces_and_request_ids_are_unique(db: Db) {
        let app = TestApp::new(db).await;
        let (one, two) = (app.browser().get("/sign-in").await, app.browser().get("/sign-in").await);
        assert_ne!(one.header("content-security-policy"), two.header("content-security-policy"));
        assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    }

    async fn a_request_id_of_the_client_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let mut browser = app.browser();
        let request = browser.request(Method::GET, "/healthz").header("x-request-id", "forged");
        assert_ne!(browser.send(request, Body::empty()).await.header("x-request-id"), "forged");
    }

    async fn pages_are_compressed_and_keys_are_not(db: Db) {
        let app = TestApp::on(db).await;
        let mut ada = app.ada().await;
        for (accepted, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
            let request = ada.request(Method::GET, "/teams/acme/settings/authentication");
            let answer = ada.fetch(request.header(header::ACCEPT_ENCODING, accepted)).await;
            assert_eq!(answer.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap()), encoding);
            assert_eq!(answer.headers()["vary"], "accept-encoding");
        }
        for accept in [PAGE, JSON] {
            let request = ada.form("/teams/acme/settings/authentication/keys/generate").header(header::ACCEPT, accept);
            let request = request.header(header::ACCEPT_ENCODING, "br, gzip");
            let answer = ada.send(request, Body::from(format!("name={}", accept.len()))).await;
            assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, ""));
            assert!(answer.body.contains("rc_scim_"));
        }
    }

    async fn over_plain_http_there_is_no_hsts(db: Db) {
        let app = TestApp::at(db, "http://localhost:3000").await;
        assert_eq!(app.browser().get("/sign-in").await.header("strict-transport-security"), "");
    }

    async fn pages_are_html_and_server_functions_are_json(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for (accept, content_type) in [(PAGE, "text/html; charset=utf-8"), (JSON, "application/json")] {
            let request = ada.form("/api/sso/add").header(header::ACCEPT, accept);
            let answer = ada.send(request, Body::from("team=acme")).await;
            assert_eq!((answer.status.as_u16(), answer.header("content-type")), (422, content_type));
        }
    }
}
