//! The built files.

use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, header},
};

/// A site with one script, compressed and not. The "compressed" file is text, so that tests can recognize it.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    for (name, text) in [
        ("pkg/rollcall.0123456789abcdef.js", "plain"),
        ("pkg/rollcall.0123456789abcdef.js.br", "brotli"),
        ("pkg/rollcall.0123456789abcdef.js.gz", "gzip"),
        ("pkg/rollcall.css", "css"),
        ("favicon.svg", "<svg/>"),
        ("secret.txt", "not for you"),
    ] {
        std::fs::write(site.path().join(name), text).unwrap();
    }
    site
}

on_both_engines! {
    async fn files_are_compressed_and_cached_permanently(db: Db) {
        let site = site();
        let app = TestApp::with(db, |config| config.site_root = site.path().into()).await;
        for (encodings, body, encoding) in [("gzip, br", "brotli", "br"), ("gzip", "gzip", "gzip"), ("", "plain", "")] {
            let mut browser = app.browser();
            let request = browser.request(Method::GET, "/pkg/rollcall.0123456789abcdef.js");
            let answer = browser.send(request.header(header::ACCEPT_ENCODING, encodings), Body::empty()).await;
            assert_eq!((answer.body.as_str(), answer.header("content-encoding")), (body, encoding));
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("content-type"), "text/javascript");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }

    async fn files_without_a_hash_are_revalidated(db: Db) {
        let site = site();
        let app = TestApp::with(db, |config| config.site_root = site.path().into()).await;
        assert_eq!(app.browser().get("/pkg/rollcall.css").await.header("cache-control"), "no-cache");
        assert_eq!(app.browser().get("/favicon.svg").await.header("cache-control"), "public, max-age=86400");
    }

    async fn other_files_are_not_served(db: Db) {
        let site = site();
        let app = TestApp::with(db, |config| config.site_root = site.path().into()).await;
        for path in ["/secret.txt", "/pkg/../secret.txt", "/pkg/%2e%2e/secret.txt", "/pkg/..%2fsecret.txt", "/pkg/", "/pkg"] {
            let answer = app.browser().get(path).await;
            assert_eq!(answer.status.as_u16(), 404, "{path}");
            assert!(!answer.body.contains("not for you"));
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}
