//! Every route and every role: one table. A route that is not in it fails the test.
//!
//! This file is also the root of the tests of pages, forms, server functions and what holds for all of them: the whole router, in
//! process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/app.rs"]
mod app;
#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod account;
mod activity;
mod activity_detail;
mod activity_filter;
mod activity_member;
mod adoption;
mod api;
mod appearance;
mod audit;
mod connection;
mod csrf;
mod error_pages;
mod files;
mod forms;
mod general;
mod groups;
mod guides;
mod headers;
mod health;
mod invites;
mod keys;
mod limits;
mod live_updates;
mod member_blocked;
mod members;
mod pages;
mod parts;
mod self_test;
mod session_expired;
mod sessions;
mod sign_in;
mod sign_in_redirect;
mod sso;
mod sso_method;
mod throttle;
mod unchanged;
mod verify;
mod wording;

use crate::{
    app::{Browser, JSON, PAGE, TestApp},
    db::{Db, on_both_engines},
};
use axum::{
    body::Body,
    http::{Method, header},
};
use domain::role::Role;

/// Who opens a page or sends a form: a column of [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq)]
enum Visitor {
    SignedOut,
    /// A member whose role manages nothing.
    Member,
    Admin,
    SuperAdmin,
    /// The Super Admin of another team.
    Stranger,
}

impl Visitor {
    /// The column of a role.
    fn of(role: Role) -> Self {
        match role {
            Role::SuperAdmin => Visitor::SuperAdmin,
            role if role.manages_authentication() => Visitor::Admin,
            _ => Visitor::Member,
        }
    }
}

/// Method and path, then the status for each [`Visitor`]. Forms are sent without what they need, so that nothing is changed: 422 and
/// 404 mean "let through".
const TABLE: &[(&str, &str, [u16; 5])] = &[
    ("GET", "/", [303, 303, 303, 303, 303]),
    ("GET", "/sign-in", [200, 200, 200, 200, 200]),
    ("POST", "/sign-in", [422, 422, 422, 422, 422]),
    ("POST", "/appearance", [303, 303, 303, 303, 303]),
    ("GET", "/invite/{token}", [404, 404, 404, 404, 404]),
    ("POST", "/invite/{token}", [404, 404, 404, 404, 404]),
    ("GET", "/teams/{slug}", [303, 303, 303, 303, 404]),
    ("GET", "/teams/{slug}/sign-in", [200, 200, 200, 200, 200]),
    ("POST", "/teams/{slug}/sign-in", [422, 422, 422, 422, 422]),
    ("GET", "/sso/{method}/start", [404, 404, 404, 404, 404]),
    ("GET", "/sso/{method}/oidc/callback", [404, 404, 404, 404, 404]),
    ("GET", "/sso/{method}/saml/finish", [404, 404, 404, 404, 404]),
    ("GET", "/sso/{method}/saml/metadata", [404, 404, 404, 404, 404]),
    ("GET", "/sso/{method}/link", [404, 404, 404, 404, 404]),
    ("POST", "/sso/{method}/link", [404, 404, 404, 404, 404]),
    ("GET", "/sso/{method}/sign-out", [404, 404, 404, 404, 404]),
    ("GET", "/teams/{slug}/verify", [303, 200, 200, 200, 404]),
    ("POST", "/teams/{slug}/verify", [303, 422, 422, 422, 404]),
    ("GET", "/teams/{slug}/account", [303, 200, 200, 200, 404]),
    ("POST", "/teams/{slug}/account/name", [303, 422, 422, 422, 404]),
    ("POST", "/teams/{slug}/account/email", [303, 403, 403, 403, 404]),
    ("POST", "/teams/{slug}/account/password", [303, 403, 403, 403, 404]),
    ("POST", "/teams/{slug}/account/sign-out", [303, 200, 200, 200, 404]),
    ("POST", "/teams/{slug}/account/leave", [303, 403, 403, 403, 404]),
    ("GET", "/teams/{slug}/settings", [303, 303, 303, 303, 404]),
    ("GET", "/teams/{slug}/settings/general", [303, 200, 200, 200, 404]),
    ("POST", "/teams/{slug}/settings/general/name", [303, 403, 422, 422, 404]),
    ("POST", "/teams/{slug}/settings/general/slug", [303, 403, 422, 422, 404]),
    ("POST", "/teams/{slug}/settings/general/mark", [303, 403, 403, 422, 404]),
    ("POST", "/teams/{slug}/settings/general/unmark", [303, 403, 403, 404, 404]),
    ("POST", "/teams/{slug}/settings/general/sign-out", [303, 403, 403, 422, 404]),
    ("POST", "/teams/{slug}/settings/general/revoke-keys", [303, 403, 422, 422, 404]),
    ("GET", "/teams/{slug}/settings/members", [303, 200, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/members/export", [303, 403, 200, 200, 404]),
    ("POST", "/teams/{slug}/settings/members/roles", [303, 403, 400, 400, 404]),
    ("POST", "/teams/{slug}/settings/members/invite", [303, 403, 422, 422, 404]),
    ("GET", "/teams/{slug}/settings/members/{id}", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/roles", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/sign-out", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/unlink", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/deactivate", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/reactivate", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/remove", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/allow-adoption", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/resend-invite", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/members/{id}/cancel-invite", [303, 403, 404, 404, 404]),
    ("GET", "/teams/{slug}/settings/groups", [303, 200, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/groups/{id}", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/groups/{id}/role", [303, 403, 404, 404, 404]),
    ("GET", "/teams/{slug}/settings/authentication", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/authentication/methods/{id}", [303, 403, 404, 404, 404]),
    ("POST", "/teams/{slug}/settings/authentication/methods/{id}/match", [303, 403, 404, 404, 404]),
    ("GET", "/teams/{slug}/settings/authentication/guides", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/authentication/guides/{provider}", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/authentication/guides/{provider}/events", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/authentication/self-test", [303, 403, 200, 200, 404]),
    ("POST", "/teams/{slug}/settings/authentication/self-test", [303, 403, 303, 303, 404]),
    ("GET", "/teams/{slug}/settings/authentication/self-test/events", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/activity", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/activity/export", [303, 403, 200, 200, 404]),
    ("GET", "/teams/{slug}/settings/activity/events", [303, 403, 200, 200, 404]),
    ("POST", "/teams/{slug}/settings/authentication/keys/generate", [303, 403, 422, 422, 404]),
    ("POST", "/teams/{slug}/settings/authentication/keys/roll", [303, 403, 404, 404, 404]),
    ("POST", "/api/scim/turn-on", [401, 403, 200, 200, 404]),
    ("POST", "/api/scim/turn-off", [401, 403, 422, 422, 404]),
    ("POST", "/api/sso/add", [401, 403, 422, 422, 404]),
    ("POST", "/api/sso/edit", [401, 403, 404, 404, 404]),
    ("POST", "/api/sso/set-enabled", [401, 403, 404, 404, 404]),
    ("POST", "/api/sso/keep-only", [401, 403, 404, 404, 404]),
    ("POST", "/api/sso/delete", [401, 403, 404, 404, 404]),
    ("POST", "/api/keys/revoke", [401, 403, 404, 404, 404]),
    ("POST", "/api/keys/set-overlap", [401, 403, 404, 404, 404]),
    // Last, because it ends the session.
    ("POST", "/sign-out", [303, 303, 303, 303, 303]),
];

/// The routes outside of the table, which read no cookies.
const WITHOUT_COOKIES: [(&str, u16); 4] =
    [("/healthz", 200), ("/readyz", 200), ("/favicon.svg", 404), ("/pkg/rollcall.js", 404)];

/// Signed out, every role, and a stranger.
async fn visitors(app: &TestApp) -> Vec<(Visitor, String, Browser)> {
    app.team("globex", "Globex", "grace@globex.test").await;
    let stranger = app.signed_in("grace@globex.test").await;
    let mut visitors = vec![
        (Visitor::SignedOut, "signed out".to_owned(), app.browser()),
        (Visitor::Stranger, "of another team".to_owned(), stranger),
    ];
    for role in Role::ALL {
        let email = app.member(role).await;
        visitors.push((Visitor::of(role), role.to_string(), app.signed_in(&email).await));
    }
    visitors
}

/// A path of [`TABLE`] with values. The routes below `/sso` have tests with real methods in the module `sso`.
fn fill_in(path: &str) -> String {
    let path = path.replace("{slug}", "acme").replace("{id}", "forged").replace("{provider}", "okta");
    path.replace("{method}", "forged")
}

async fn status_of(browser: &mut Browser, method: &str, path: &str) -> u16 {
    let accept = if path.starts_with("/api") { JSON } else { PAGE };
    let path = fill_in(path);
    if path.ends_with("/events") {
        // A response that does not end.
        return browser
            .fetch(browser.request(Method::GET, &path).header(header::ACCEPT, accept))
            .await
            .status()
            .as_u16();
    }
    let (request, body) = match method {
        "GET" => (browser.request(Method::GET, &path), Body::empty()),
        _ => (browser.form(&path), Body::from("team=acme&id=forged&enabled=true&overlap=24h")),
    };
    browser.send(request.header(header::ACCEPT, accept), body).await.status.as_u16()
}

#[test]
fn every_route_is_in_the_table() {
    let routes: Vec<_> = server::web::site_paths();
    for (method, path) in &routes {
        let is_listed = TABLE.iter().any(|(method_in_table, at, _)| method_in_table == method && at == path);
        assert!(is_listed, "who may do what with {method} {path}?");
    }
    assert_eq!(routes.len(), TABLE.len());
}

on_both_engines! {
    async fn every_role_has_the_listed_statuses(db: Db) {
        let app = TestApp::on(db).await;
        let mut visitors = visitors(&app).await;
        for (method, path, expected) in TABLE {
            for (visitor, name, browser) in &mut visitors {
                let status = status_of(browser, method, path).await;
                assert_eq!(status, expected[*visitor as usize], "{method} {path}, {name}");
            }
        }
    }

    async fn the_other_routes_need_no_session_and_change_nothing(db: Db) {
        let app = TestApp::new(db).await;
        for (path, expected) in WITHOUT_COOKIES {
            let answer = app.ada().await.get(path).await;
            assert_eq!(answer.status.as_u16(), expected, "{path}");
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        }
    }

    /// GET on a form of a team only redirects to its page.
    async fn only_the_listed_methods_are_answered(db: Db) {
        let app = TestApp::new(db).await;
        let mut ada = app.ada().await;
        for (method_in_table, path, _) in TABLE {
            let only_forms = !TABLE.iter().any(|(method, at, _)| at == path && *method == "GET");
            let path = fill_in(path);
            let mut other_methods = vec![Method::PUT, Method::DELETE, Method::PATCH];
            if only_forms {
                other_methods.push(Method::GET);
            }
            for method in other_methods {
                let answer = ada.send(ada.request(method.clone(), &path), Body::empty()).await;
                let expected = if method == Method::GET && path.starts_with("/teams/") { 303 } else { 405 };
                assert_eq!(answer.status.as_u16(), expected, "{method} {path} ({method_in_table})");
            }
        }
    }
}
