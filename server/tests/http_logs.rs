//! The log of a process. It is a separate test program, because a process has one log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "common/app.rs"]
mod app;
#[path = "common/db.rs"]
mod db;
#[path = "common/world.rs"]
mod world;

use app::{PASSWORD, TestApp};
use axum::http::Method;
use db::Db;
use server::sso::request::{SsoPurpose, SsoRequest, cookie_name};
use std::{
    io,
    sync::{LazyLock, Mutex, PoisonError},
};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// From now on, the log contains every line of every library.
static EVERYTHING: LazyLock<()> = LazyLock::new(|| {
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    log.with_writer(|| Keep).init();
});

struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log() -> String {
    String::from_utf8(LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_logged_even_at_trace() {
    LazyLock::force(&EVERYTHING);
    let app = TestApp::on(Db::sqlite().await).await;
    let mut ada = app.ada().await;
    let form = [("team", "acme"), ("provider", "okta"), ("name", "Two"), ("client_secret", "canary-client-secret")];
    ada.api("/api/sso/add", &form).await;
    ada.get("/teams/acme/settings/authentication?dialog=add-method&name=canary-in-the-query").await;
    let response: serde_json::Value =
        ada.api("/teams/acme/settings/authentication/keys/generate", &[("name", "ci")]).await.json();
    let key = response["key"].as_str().unwrap();
    ada.post("/teams/acme/verify", &[("password", "canary-wrong-password")]).await;
    let invite =
        ada.post("/teams/acme/settings/members/invite", &[("email", "new@acme.test"), ("as", "developer")]).await;
    let token = &invite.body.split_once("/invite/").unwrap().1[..64];
    app.browser().get(&format!("/invite/{token}")).await;
    app.browser().get(&format!("/invite/{token}/?{token}")).await;
    let fields = [("name", "New"), ("password", "canary-of-a-new-member")];
    assert_eq!(app.browser().post(&format!("/invite/{token}"), &fields).await.summary(), "303 /teams/acme");
    let ada_by_scim = format!("/Users/{}", app.world.ada);
    for body in [
        r#"{"Operations":[{"path":"password","value":"canary"}]}"#,
        r#"{"Operations":[{"op":"replace","path":"password","value":"canary"}]}"#,
        r#"{"Operations":[{"op":"canary","value":{"password":"canary"}}]}"#,
    ] {
        app.scim(key, Method::PATCH, &ada_by_scim, body).await;
    }
    let log = log();
    assert!(log.contains("answered") && log.contains("/api/sso/add"), "{log}");
    for secret in [PASSWORD, "violet", "canary", ada.session().unwrap(), key, &key[21..], token] {
        assert!(!log.contains(secret), "{secret} is logged");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_has_one_line_with_its_id() {
    LazyLock::force(&EVERYTHING);
    let app = TestApp::new(Db::sqlite().await).await;
    let answer = app.browser().get("/teams/acme?secret=1").await;
    let id = answer.header("x-request-id");
    let log = log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(id) && line.contains("answered")).collect();
    let [line] = lines[..] else { panic!("{lines:?}") };
    for part in ["INFO", "method=GET", "route=\"/teams/{slug}\"", "team=\"acme\"", "status=303", "ms="] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

/// The line about the end of this request.
fn line(request: &str) -> String {
    let log = log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(request) && line.contains("answered")).collect();
    let [line] = lines[..] else { panic!("{lines:?}") };
    line.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_line_of_a_scim_request_has_its_route_and_team() {
    LazyLock::force(&EVERYTHING);
    let app = TestApp::on(Db::sqlite().await).await;
    let key = app.key("Okta").await;
    let revoked = app.key("Old").await;
    let revoke = domain::key::parse(&revoked).unwrap();
    app.world.operator().key_revoke("acme", &revoke, "Old").await.unwrap();
    let cases = |key| {
        [
            (key, Method::GET, "/Users/someone-s-id", "INFO", "/scim/v2/Users/{id}", "acme", 404),
            (key, Method::GET, "/Users", "DEBUG", "/scim/v2/Users", "acme", 200),
            (key, Method::GET, "/Me", "INFO", "/scim/v2/Me", "acme", 501),
            (key, Method::POST, "/Users", "INFO", "/scim/v2/Users", "acme", 400),
            (key, Method::GET, "/Nothing/someone-s-id", "INFO", "/scim/v2", "acme", 404),
        ]
    };
    let rejection = [
        (revoked.as_str(), Method::GET, "/Groups", "INFO", "/scim/v2/Groups", "acme", 401),
        ("rc_scim_nonsense", Method::GET, "/Groups", "INFO", "/scim/v2/Groups", "-", 401),
    ];
    for (key, method, path, level, route, team, status) in cases(key.as_str()).into_iter().chain(rejection) {
        let answer = app.scim(key, method, path, "").await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        let line = line(answer.header("x-request-id"));
        for part in
            [format!(" {level} "), format!("route=\"{route}\""), format!("team=\"{team}\""), format!("status={status}")]
        {
            assert!(line.contains(&part), "{part}: {line}");
        }
        assert!(!line.contains("someone-s-id"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_are_logged_with_a_pseudonym_and_the_address() {
    LazyLock::force(&EVERYTHING);
    let app = TestApp::new(Db::sqlite().await).await;
    let email = "pseudonym@acme.test";
    app.add("acme", "Pseudonym", email, domain::role::Role::Developer).await;
    let mut browser = app.browser();
    browser.address = ([203, 0, 113, 77], 40_000).into();
    browser.sign_in(email, "a guess").await;
    browser.sign_in(email, PASSWORD).await;
    browser.post("/teams/acme/verify", &[("password", "a guess")]).await;
    browser.post("/teams/acme/verify", &[("password", PASSWORD)]).await;
    browser.post("/sign-out", &[]).await;
    let account = app.state.secrets.account_hash(email);
    let device = browser.device().unwrap().1;
    let log = log();
    for event in ["sign_in_failed", "signed_in", "step_up_failed", "stepped_up", "signed_out"] {
        let event_field = format!("event=\"{event}\"");
        let line = log.lines().find(|line| line.contains(&event_field) && line.contains(&account));
        let line = line.unwrap_or_else(|| panic!("no line of {event}"));
        assert!(line.contains("203.0.113.77"), "{line}");
    }
    let ours = log.lines().filter(|line| line.contains(" server::"));
    assert!(ours.clone().count() > 5 && ours.clone().all(|line| !line.contains(email)));
    assert!(!log.contains(&device));
}

/// The cookies and requests of a sign-in through an SSO method are secrets: its state, nonce and code verifier, the client secret,
/// the code, and the response of a SAML provider.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_an_sso_sign_in_is_logged_even_at_trace() {
    LazyLock::force(&EVERYTHING);
    let app = TestApp::new(Db::sqlite().await).await;
    let okta = app.okta().await;
    let mut browser = app.browser();
    let id = domain::id::MethodId::new(okta.as_str());
    let request = SsoRequest::new(id, SsoPurpose::SignIn, Some("/teams/acme".into()), app.world.now());
    let sealed = request.seal(&app.state.secrets);
    let name = cookie_name(&request.id, true);
    let code = "canary-sso-code";
    for query in [
        format!("state={}&error=access_denied&error_description=canary-sso-description", request.id),
        format!("state={}&code={code}&iss=https%3A%2F%2Fcanary-sso-issuer.test", request.id),
        format!("state={}&code={code}", request.id),
        format!("state=canary-sso-state&code={code}"),
    ] {
        browser.cookies.insert(name.clone(), sealed.clone());
        let answer = browser.get(&format!("/sso/{okta}/oidc/callback?{query}")).await;
        assert!(answer.status.is_client_error() || answer.status.as_u16() == 502, "{}", answer.text());
        for secret in ["canary-sso", &request.id, &request.nonce, &request.code_verifier, &sealed] {
            assert!(!answer.body.contains(secret), "{secret} is on the page");
        }
    }
    let form = [("SAMLResponse", "Y2FuYXJ5LXNzby1yZXNwb25zZQ=="), ("RelayState", "canary-sso-relay")];
    browser.post(&format!("/sso/{okta}/saml/acs"), &form).await;
    let log = log();
    assert!(log.contains("route=\"/sso/{method}/oidc/callback\"") && log.contains("sso_sign_in_failed"), "{log}");
    let secrets = ["hunter2", "canary-sso", "Y2FuYXJ5"];
    for secret in secrets.into_iter().chain([request.id.as_str(), &request.nonce, &request.code_verifier, &sealed]) {
        assert!(!log.contains(secret), "{secret} is logged");
    }
}
