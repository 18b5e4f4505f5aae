//! `GET /sso/{method}/oidc/callback`, as far as it ends before a request to the provider.

use super::{
    provider::{Saml, give_request, keys},
    refusal::{FailureEntry, Watch},
};
use crate::{
    app::{Answer, Browser, TestApp},
    db::{Db, on_both_engines},
    world::oidc,
};
use domain::{MINUTE, id::MethodId, sso::SsoFailure};
use server::{
    service::{SsoResponse, SsoSignIn, SsoSignInError, SsoSignInPurpose, sso_sign_in},
    sso::identity::SsoIdentity,
};

/// Secrets of a response, which must not be on any page or in the log.
const CODE: &str = "canary-code-of-the-provider";

async fn callback(browser: &mut Browser, method: &str, query: &str) -> Answer {
    browser.get(&format!("/sso/{method}/oidc/callback?{query}")).await
}

/// A refused callback. No part of its query is on the page or in the log.
async fn refused(
    app: &TestApp,
    browser: &mut Browser,
    method: &str,
    query: &str,
    status: u16,
    failure: SsoFailure,
) -> FailureEntry {
    let watch = Watch::start(app).await;
    let answer = callback(browser, method, query).await;
    let refusal = watch.refused(app, &answer, status, failure).await;
    let entries = format!("{:?}", app.world.log().await);
    for canary in ["canary", "?state", "&state"] {
        assert!(!answer.body.contains(canary) && !entries.contains(canary), "{canary}: {}", answer.body);
    }
    assert_eq!(browser.session(), None);
    refusal
}

on_both_engines! {
    /// O1 and O2.
    async fn a_callback_needs_the_state_of_a_sign_in(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let twice = format!("state={0}&state={0}&code={CODE}", request.id);
        let long = format!("state={}&code={CODE}&more={}", request.id, "x".repeat(16 * 1024));
        for query in [
            "".to_owned(),
            format!("code={CODE}"),
            format!("state=&code={CODE}"),
            format!("state=canary-unknown&code={CODE}"),
            format!("state={}0&code={CODE}", request.id),
            twice,
            long,
        ] {
            refused(&app, &mut browser.clone(), &okta, &query, 400, SsoFailure::OtherBrowser).await;
        }
    }

    /// O3: login CSRF.
    async fn only_the_browser_that_started_may_finish(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let (mut own, mut other) = (app.browser(), app.browser());
        let request = give_request(&app, &mut own, &okta, None);
        give_request(&app, &mut other, &okta, None);
        for mut browser in [app.browser(), other] {
            let query = format!("state={}&code={CODE}", request.id);
            refused(&app, &mut browser, &okta, &query, 400, SsoFailure::OtherBrowser).await;
        }
    }

    async fn a_forged_cookie_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        for value in browser.cookies.values_mut() {
            let changed = if value.ends_with('0') { "1" } else { "0" };
            value.replace_range(value.len() - 1.., changed);
        }
        let query = format!("state={}&code={CODE}", request.id);
        refused(&app, &mut browser, &okta, &query, 400, SsoFailure::OtherBrowser).await;
    }

    async fn a_sign_in_ends_after_ten_minutes(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        app.world.pass(10 * MINUTE + 1);
        let query = format!("state={}&code={CODE}", request.id);
        refused(&app, &mut browser, &okta, &query, 400, SsoFailure::TooSlow).await;
        assert!(browser.cookies.is_empty(), "the sign-in has ended");
    }

    /// O5 (mix-up): the code of one provider at the callback of another method.
    async fn a_sign_in_finishes_at_its_own_method(db: Db) {
        let app = TestApp::new(db).await;
        let other = app.world.operator().sso_add("acme", oidc("Other"), true).await.unwrap().to_string();
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let query = format!("state={}&code={CODE}", request.id);
        refused(&app, &mut browser, &other, &query, 400, SsoFailure::NotForUs).await;
    }

    /// O6, before a request to any provider.
    async fn the_issuer_in_the_callback_is_the_method_s(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        for iss in ["https%3A%2F%2Fevil.test", "https%3A%2F%2Facme.okta.test%2F", "https%3A%2F%2FACME.okta.test"] {
            let mut browser = app.browser();
            let request = give_request(&app, &mut browser, &okta, None);
            let query = format!("state={}&code={CODE}&iss={iss}", request.id);
            let refusal = refused(&app, &mut browser, &okta, &query, 400, SsoFailure::NotForUs).await;
            assert_eq!(refusal.facts[0].expected.as_deref(), Some("https://acme.okta.test"));
        }
    }

    /// O8, without a request to the provider.
    async fn a_refusal_of_the_provider_is_shown_escaped_and_short(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let markup = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
        let description = format!("{markup}{}", "x".repeat(10_000));
        let query = format!("state={}&error=access_denied&error_description={description}", request.id);
        let watch = Watch::start(&app).await;
        let answer = callback(&mut browser, &okta, &query).await;
        let refusal = watch.refused(&app, &answer, 403, SsoFailure::Refused).await;
        assert!(answer.shows("access_denied"), "{}", answer.text());
        assert!(!answer.body.contains("alert(1)") && !answer.body.contains("xxxx"), "only admins see the description");
        let log = format!("{:?}", refusal.facts);
        assert!(log.contains("access_denied") && log.len() < 1_000, "{log}");
        assert!(browser.cookies.is_empty(), "the sign-in has ended");
        let again = callback(&mut browser, &okta, &query).await;
        assert!(again.body.contains("data-code=\"other-browser\""), "{}", again.text());
    }

    async fn an_error_code_with_markup_is_escaped(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let watch = Watch::start(&app).await;
        let query = format!("state={}&error=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", request.id);
        let answer = callback(&mut browser, &okta, &query).await;
        watch.refused(&app, &answer, 403, SsoFailure::Refused).await;
        assert!(!answer.body.contains("<img"), "{}", answer.body);
    }

    async fn a_callback_without_a_code_is_refused(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let query = format!("state={}", request.id);
        refused(&app, &mut browser, &okta, &query, 400, SsoFailure::BadResponse).await;
    }

    async fn a_provider_that_does_not_respond_is_a_page(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        let query = format!("state={}&code={CODE}&session_state=x", request.id);
        refused(&app, &mut browser, &okta, &query, 502, SsoFailure::Unreachable).await;
    }

    async fn a_method_that_was_disabled_meanwhile_asks_no_provider(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &okta, None);
        app.world.operator().sso_set_enabled("acme", &MethodId::new(okta.as_str()), false, false).await.unwrap();
        let query = format!("state={}&code={CODE}", request.id);
        refused(&app, &mut browser, &okta, &query, 404, SsoFailure::NotEnabled).await;
    }

    /// A method of the other protocol has no callback, and no client secret either.
    async fn a_method_of_saml_has_no_callback(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::of(&app, "acme", "Company", keys::p256()).await;
        let mut browser = app.browser();
        let request = give_request(&app, &mut browser, &saml.id, None);
        let query = format!("state={}&code={CODE}", request.id);
        refused(&app, &mut browser, &saml.id, &query, 404, SsoFailure::NotEnabled).await;
    }

    /// O4: the same response 20 times at once.
    async fn a_response_signs_in_once(db: Db) {
        let app = TestApp::new(db).await;
        let method = app.world.store().sso_method(&MethodId::new(app.okta().await)).await.unwrap().unwrap();
        let attempts = (0..20).map(|_| {
            let (app, method) = (app.clone(), method.clone());
            tokio::spawn(async move {
                let claims = vec![("preferred_username".to_owned(), vec!["ada@acme.test".to_owned()])];
                let identity =
                    SsoIdentity { subject: "a-1".into(), claims, authenticated_at: None, session_ends_at: None, provider_session: None };
                let response =
                    SsoResponse { id: "state", request_id: "state", expires_at: app.world.now() + 10 * MINUTE };
                let sign_in = SsoSignIn {
                    method: &method,
                    identity: &identity,
                    response,
                    purpose: SsoSignInPurpose::SignIn,
                    address: None,
                };
                sso_sign_in(app.world.store(), &app.world.clock, sign_in).await
            })
        });
        let mut signed_in = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => signed_in += 1,
                Err(SsoSignInError::Refused(refusal)) => assert_eq!(refusal.failure, SsoFailure::Used),
                Err(SsoSignInError::Failed(error)) => panic!("{error}"),
            }
        }
        assert_eq!(signed_in, 1);
        let entries = app.world.log().await.into_iter().filter(|entry| entry.change.name() == "sso_signed_in");
        assert_eq!(entries.count(), 1);
    }
}
