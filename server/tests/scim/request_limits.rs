//! Limits of requests by one key.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};

on_both_engines! {
    async fn requests_per_minute_are_limited(db: Db) {
        let api = Api::limited(db, 20, 3).await;
        for _ in 0..3 {
            assert_eq!(api.get("/Users").await.status, StatusCode::OK);
        }
        let answer = api.get("/Users").await;
        assert_eq!(answer.summary(), "429 Rate limit exceeded: 20 requests per minute for this key. Retry in 3 seconds");
        assert_eq!(answer.header(header::RETRY_AFTER), "3");
        api.world.pass(3_000);
        assert_eq!(api.get("/Users").await.status, StatusCode::OK);
        assert_eq!(api.get("/Users").await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn each_key_has_its_own_limit(db: Db) {
        let api = Api::limited(db, 60, 1).await;
        let other = api.world.key("Entra").await.key;
        assert_eq!(api.get("/Users").await.status, StatusCode::OK);
        assert_eq!(api.get("/Users").await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(api.get_with("/Users", other.expose()).await.status, StatusCode::OK);
    }

    async fn unauthenticated_requests_use_no_tokens(db: Db) {
        let api = Api::limited(db, 60, 1).await;
        let mut forged = api.key.clone();
        forged.replace_range(30..31, if &forged[30..31] == "x" { "y" } else { "x" });
        for _ in 0..10 {
            assert_eq!(api.get_with("/Users", &forged).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(api.get("/Users").await.status, StatusCode::OK);
    }

    async fn encoded_bodies_are_rejected_with_415(db: Db) {
        let api = Api::new(db).await;
        let body = r#"{"userName":"ada"}"#;
        for (method, path) in [(Method::POST, "/Users"), (Method::PATCH, "/Users/x"), (Method::POST, "/Bulk"), (Method::POST, "/.search")] {
            let request = api.request(method, path, &api.key).header(header::CONTENT_ENCODING, "gzip");
            let answer = api.send_body(request, Body::from(&b"\x1f\x8b\x08\0"[..])).await;
            let words = "415 The request body is sent with Content-Encoding: gzip, which isn't supported. Send it without";
            assert_eq!(answer.summary(), words, "{path}");
        }
        let request = api.request(Method::POST, "/Users", &api.key).header(header::CONTENT_ENCODING, "identity");
        assert_eq!(api.send_body(request, Body::from(body)).await.status, StatusCode::CREATED);
        let request = api.request(Method::GET, "/Users", &api.key).header(header::CONTENT_ENCODING, "gzip");
        assert_eq!(api.send(request).await.status, StatusCode::OK, "there is no body");
    }

    async fn a_body_of_10_mib_is_rejected_with_413(db: Db) {
        let api = Api::new(db).await;
        let body = vec![b' '; 10 * 1024 * 1024];
        for path in ["/Users", "/Nothing"] {
            let request = api.request(Method::POST, path, &api.key).header(header::CONTENT_LENGTH, body.len());
            let answer = api.send_body(request, Body::from(body.clone())).await;
            assert_eq!(answer.summary(), "413 The request body exceeds 1048576 bytes");
        }
    }
}
