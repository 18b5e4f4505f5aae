//! Other sites cannot make a browser change something here.

use crate::{
    app::{PAGE, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, header},
};

/// The headers that a browser adds to a request, and whether the request is from a page of Rollcall.
const CASES: &[(&[(&str, &str)], bool)] = &[
    (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")], false),
    (&[("sec-fetch-site", "same-site"), ("origin", "https://other.rollcall.test")], false),
    (&[("sec-fetch-site", "cross-site")], false),
    (&[("sec-fetch-site", "same-site")], false),
    (&[("sec-fetch-site", "cross-site"), ("origin", "null")], false),
    (&[("origin", "https://evil.test")], false),
    (&[("origin", "https://rollcall.test.evil.test")], false),
    (&[("origin", "null")], false),
    (&[("origin", "https://rollcall.test:8443")], false),
    (&[("origin", "chrome-extension://rollcall.test")], false),
    (&[("sec-fetch-site", "same-origin"), ("origin", "https://rollcall.test")], true),
    (&[("sec-fetch-site", "none")], true),
    (&[("origin", "https://rollcall.test")], true),
    (&[], true),
];

fn changing() -> Vec<String> {
    let posts = server::web::site_paths().into_iter().filter(|(method, _)| method == Method::POST);
    posts.map(|(_, path)| path.replace("{slug}", "acme")).collect()
}

on_both_engines! {
    async fn forms_of_other_sites_are_rejected_on_every_changing_route(db: Db) {
        let app = TestApp::on(db).await;
        let entries = app.world.log().await.len();
        for path in changing() {
            let mut ada = app.browser();
            for (headers, is_ours) in CASES {
                let mut request = ada.request(Method::POST, &path).header(header::ACCEPT, PAGE);
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                for (name, value) in *headers {
                    request = request.header(*name, *value);
                }
                let answer = ada.send(request, Body::from("team=nowhere")).await;
                assert_eq!(answer.status.as_u16() != 403, *is_ours, "{path} {headers:?}: {}", answer.status);
            }
        }
        assert_eq!(app.world.log().await.len(), entries);
    }

    async fn a_signed_in_browser_changes_nothing_for_another_site(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for site in ["cross-site", "same-site"] {
            let request = ada.request(Method::POST, "/api/scim/turn-on").header("sec-fetch-site", site);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = ada.send(request, Body::from("team=acme")).await;
            assert_eq!(answer.status.as_u16(), 403);
        }
        assert!(!app.world.is_on().await);
    }

    async fn other_content_types_are_rejected_on_every_changing_route(db: Db) {
        let app = TestApp::on(db).await;
        for path in changing() {
            let mut ada = app.browser();
            for content_type in ["text/plain", "application/json", "multipart/form-data; boundary=x", ""] {
                for body in ["team=acme", ""] {
                    let request = ada.request(Method::POST, &path).header(header::CONTENT_TYPE, content_type);
                    let answer = ada.send(request, Body::from(body)).await;
                    assert_eq!(answer.status.as_u16(), 415, "{path} {content_type} {body}");
                }
            }
        }
    }

    async fn over_http_the_host_decides_if_the_public_url_differs(db: Db) {
        let app = TestApp::at(db, "http://localhost:3000").await;
        let mut browser = app.browser();
        for (origin, status) in [("http://localhost:3000", 422), ("http://rollcall.test", 422), ("http://evil.test", 403)] {
            let request = browser.request(Method::POST, "/sign-in").header("origin", origin);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            assert_eq!(browser.send(request, Body::empty()).await.status.as_u16(), status, "{origin}");
        }
    }
}
