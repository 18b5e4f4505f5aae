//! Error responses outside of the resource endpoints, and tolerated spellings of URLs.

use crate::{
    api::Api,
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

on_both_engines! {
    async fn unknown_endpoints_are_404(db: Db) {
        let api = Api::new(db).await;
        for path in ["/Nothing", "/users", "/Users/1/2", "/v2/Users", "/%FF", "/Schemas/a/b"] {
            let answer = api.get(path).await;
            assert_eq!(answer.summary(), "404 Unknown endpoint", "{path}");
        }
    }

    async fn unsupported_methods_are_405(db: Db) {
        let api = Api::new(db).await;
        for (path, allowed) in [
            ("", "GET,HEAD"),
            ("/ServiceProviderConfig", "GET,HEAD"),
            ("/ResourceTypes", "GET,HEAD"),
            ("/ResourceTypes/User", "GET,HEAD"),
            ("/Schemas", "GET,HEAD"),
            ("/Users", "GET,HEAD,POST"),
            ("/Users/1", "GET,HEAD,PUT,PATCH,DELETE"),
            ("/Groups", "GET,HEAD,POST"),
            ("/Groups/1", "GET,HEAD,PUT,PATCH,DELETE"),
            ("/.search", "POST"),
            ("/Users/.search", "POST"),
            ("/Groups/.search", "POST"),
        ] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"] {
                if allowed.split(',').any(|allowed| allowed == method) {
                    continue;
                }
                let answer =
                    api.send(api.request(Method::from_bytes(method.as_bytes()).unwrap(), path, &api.key)).await;
                assert_eq!(answer.summary(), "405 This endpoint doesn't support this method", "{method} {path}");
                assert_eq!(answer.header(header::ALLOW), allowed, "{path}");
            }
        }
    }

    /// A key is not a person.
    async fn me_is_not_implemented(db: Db) {
        let api = Api::new(db).await;
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(
                api.send(api.request(method, "/Me", &api.key)).await.summary(),
                "501 /Me isn't supported because a SCIM API key belongs to a team, not a user. Use /Users/{id}"
            );
        }
    }

    async fn repeated_slashes_are_tolerated(db: Db) {
        let api = Api::new(db).await;
        let expected = api.get("/Users?count=1").await;
        assert_eq!(expected.status, StatusCode::OK);
        for path in ["/Users/?count=1", "//Users?count=1", "///Users//?count=1&aadOptscim062020"] {
            assert_eq!(api.get(path).await.body, expected.body, "{path}");
        }
        let one = format!("//Users//{}/", api.world.ada);
        assert_eq!(api.get(&one).await.status, StatusCode::OK);
    }

    async fn accept_and_user_agent_are_ignored(db: Db) {
        let api = Api::new(db).await;
        let expected = api.get("/Users").await.body;
        for accept in ["text/html", "application/json", "application/scim+json", "*/*", "", "nonsense"] {
            let request = api.request(Method::GET, "/Users", &api.key).header(header::ACCEPT, accept);
            assert_eq!(api.send(request.header(header::USER_AGENT, "")).await.body, expected);
        }
        for path in ["/Nothing", "/Users/1"] {
            let request = api.request(Method::GET, path, &api.key).header(header::ACCEPT, "text/html");
            assert_eq!(api.send(request).await.status, StatusCode::NOT_FOUND);
        }
    }

    /// A form of another site, and a script of another origin: the API needs no protection against them, because it responds to
    /// nothing without a key.
    async fn cross_site_requests_reach_the_api(db: Db) {
        let api = Api::new(db).await;
        let request = api
            .request(Method::GET, "/Users", &api.key)
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://evil.test");
        let answer = api.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        let form = Request::post("/scim/v2/Users").header("sec-fetch-site", "cross-site");
        assert_eq!(api.send_body(form, Body::from("a=b")).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn head_responds_as_get_without_a_body(db: Db) {
        let api = Api::new(db).await;
        let answer = api.send(api.request(Method::HEAD, "/Users", &api.key)).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    }
}
