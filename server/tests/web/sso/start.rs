//! The start of a sign-in: a redirect and one sealed cookie.

use super::{
    provider::{SIGN_IN_URL, Saml, newest},
    refusal::{Watch, rows},
};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::{MINUTE, sso::SsoFailure};

on_both_engines! {
    async fn nothing_is_written_and_the_cookie_is_sealed(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let (before, entries) = (rows(&app).await, app.world.log().await.len());
        let mut browser = app.browser();
        let answer = browser.get(&saml.path("start?next=/teams/acme/settings/general")).await;
        assert!(answer.header("location").starts_with(&format!("{SIGN_IN_URL}?SAMLRequest=")));
        assert_eq!(answer.header("cache-control"), "no-store");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-rollcall-sso-"), "{cookie}");
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        let request = newest(&app, &browser);
        assert_eq!(request.next.as_deref(), Some("/teams/acme/settings/general"));
        for secret in [&request.id, &request.nonce, &request.code_verifier] {
            assert!(!cookie.contains(secret.as_str()));
        }
        assert_eq!((rows(&app).await, app.world.log().await.len()), (before, entries));
    }

    async fn only_local_pages_follow_a_sign_in(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        for next in [
            "https%3A%2F%2Fevil.test%2F",
            "%2F%2Fevil.test",
            "%2F%5Cevil.test",
            "%2F%252F%252Fevil.test",
            "%2F%252Fevil.test",
            "javascript%3Aalert(1)",
            "%2Fteams%2Facme%0D%0ASet-Cookie%3A%20a%3Db",
            "%2F%09%2Fevil.test",
            "",
        ] {
            let mut browser = app.browser();
            let request = saml.start_for(&app, &mut browser, &format!("?next={next}")).await;
            assert_eq!(newest(&app, &browser).next, None, "{next}");
            let signed_in = saml.answer(&app, &mut browser, &saml.response(&app, &request, "ada@acme.test")).await;
            assert_eq!(signed_in.summary(), "303 /teams/acme", "{next}");
        }
        let mut browser = app.browser();
        let request = saml.start_for(&app, &mut browser, "?next=%2Fteams%2Facme%2Faccount%3Fa%3D1").await;
        let signed_in = saml.answer(&app, &mut browser, &saml.response(&app, &request, "ada@acme.test")).await;
        assert_eq!(signed_in.summary(), "303 /teams/acme/account?a=1");
    }

    /// Without a session, a page of a team leads to the sign-in form, which offers the team's methods.
    async fn the_sign_in_form_of_a_team_s_page_offers_its_methods(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let saml = Saml::add(&app).await;
        let disabled = Saml::of(&app, "acme", "Disabled", saml.signer).await;
        app.world.operator().sso_set_enabled("acme", &disabled.method(), false, false).await.unwrap();
        let mut browser = app.browser();
        let redirect = browser.get("/teams/acme/settings/members").await;
        let form = browser.get(redirect.header("location")).await;
        let link = format!("href=\"{}\"", saml.path("start?next=%2Fteams%2Facme%2Fsettings%2Fmembers"));
        assert!(form.body.contains(&link), "{}", form.body);
        assert!(form.shows("Continue with Company") && !form.shows("Disabled"), "{}", form.text());
        for path in ["/sign-in", "/sign-in?next=%2Fteams%2Fglobex%2Faccount", "/sign-in?next=%2Fteams%2Fnowhere"] {
            assert!(!browser.get(path).await.shows("Continue with"), "{path}");
        }
    }

    async fn two_sign_ins_of_one_browser_do_not_disturb_each_other(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let first = saml.start_for(&app, &mut browser, "?next=/teams/acme/account").await;
        app.world.pass(1);
        let second = saml.start(&app, &mut browser).await;
        let answer = saml.answer(&app, &mut browser, &saml.response(&app, &second, "ada@acme.test")).await;
        assert_eq!(answer.summary(), "303 /teams/acme");
        let answer = saml.answer(&app, &mut browser, &saml.response(&app, &first, "ada@acme.test")).await;
        assert_eq!(answer.summary(), "303 /teams/acme/account");
    }

    async fn a_browser_keeps_the_five_newest_sign_ins(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        let mut requests = Vec::new();
        for _ in 0..7 {
            app.world.pass(1_000);
            requests.push(saml.start(&app, &mut browser).await);
        }
        assert_eq!(browser.cookies.keys().filter(|name| name.starts_with("__Host-rollcall-sso-")).count(), 5);
        let posted = saml.post(&app, &saml.response(&app, &requests[1], "ada@acme.test").signed()).await;
        let watch = Watch::start(&app).await;
        let answer = browser.clone().get(posted.header("location")).await;
        watch.refused(&app, &answer, 400, SsoFailure::OtherBrowser).await;
        let answer = saml.answer(&app, &mut browser, &saml.response(&app, &requests[2], "ada@acme.test")).await;
        assert_eq!(answer.summary(), "303 /teams/acme");
    }

    async fn a_disabled_method_starts_nothing(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.world.operator().sso_set_enabled("acme", &saml.method(), false, false).await.unwrap();
        let watch = Watch::start(&app).await;
        let mut browser = app.browser();
        let answer = browser.get(&saml.path("start")).await;
        watch.refused(&app, &answer, 404, SsoFailure::NotEnabled).await;
        assert!(browser.cookies.is_empty());
    }

    async fn a_provider_that_cannot_be_reached_is_a_page(db: Db) {
        let app = TestApp::new(db).await;
        // The reserved domain "test" has no addresses.
        let okta = app.okta().await;
        let watch = Watch::start(&app).await;
        let answer = app.browser().get(&format!("/sso/{okta}/start")).await;
        let refusal = watch.refused(&app, &answer, 502, SsoFailure::Unreachable).await;
        assert_eq!(refusal.facts[0].expected.as_deref(), Some("https://acme.okta.test/.well-known/openid-configuration"));
    }

    /// Anyone can make sign-ins fail, so the log is bounded.
    async fn a_flood_of_failures_is_bounded_in_the_log(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let failures = async || app.world.log().await.iter().filter(|entry| entry.change.name() == "sso_sign_in_failed").count();
        for _ in 0..60 {
            assert_eq!(saml.post(&app, "<a/>").await.status.as_u16(), 400);
        }
        assert_eq!(failures().await, 50);
        app.world.pass(15 * MINUTE);
        saml.post(&app, "<a/>").await;
        assert_eq!(failures().await, 51);
    }
}
