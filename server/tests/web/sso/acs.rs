//! `POST /sso/{method}/saml/acs`: the form, its limits, and what the page says about a refused response.

use super::{
    provider::{Saml, form, status},
    refusal::{Watch, rows},
};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use base64ct::{Base64, Encoding as _};
use domain::sso::SsoFailure;

on_both_engines! {
    /// S59: what arrives instead of one base64 text with a response in UTF-8.
    async fn the_form_has_one_response_in_base64(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let request = saml.start(&app, &mut app.browser()).await;
        let xml = saml.response(&app, &request, "ada@acme.test").signed();
        let response = form(&xml);
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(xml.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{xml}");
        let parameter = |octets: &[u8]| format!("SAMLResponse={}", encoded(octets));
        let cases = [
            ("nothing", String::new()),
            ("empty", "SAMLResponse=".to_owned()),
            ("two responses", format!("{response}&{response}")),
            ("two relay states", format!("{response}&RelayState=a&RelayState=b")),
            ("another parameter", format!("{response}&SAMLRequest=")),
            ("no base64", "SAMLResponse=%3Csamlp%3AResponse%2F%3E".to_owned()),
            ("base64 of nothing", parameter(b"")),
            ("UTF-16", parameter(&utf16)),
            ("UTF-16, declared", parameter(declared.as_bytes())),
            ("not UTF-8", parameter(&[b'<', 0xff, b'/', b'>'])),
            ("257 KiB", parameter(&vec![b' '; 257 * 1024])),
        ];
        for (name, body) in cases {
            let watch = Watch::start(&app).await;
            let answer = saml.post_body(&app, body).await;
            let refusal = watch.refused(&app, &answer, 400, SsoFailure::BadResponse).await;
            assert!(refusal.facts.iter().any(|fact| fact.received.is_some()), "{name}: {refusal:?}");
            assert_eq!(refusal.subject, None, "{name}");
        }
        // The response itself is good.
        assert_eq!(saml.post_body(&app, response).await.status.as_u16(), 303);
    }

    async fn a_form_beyond_the_limit_is_not_read(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let entries = app.world.log().await.len();
        assert_eq!(saml.post_body(&app, vec![b'a'; 10 * 1024 * 1024]).await.status.as_u16(), 413);
        assert_eq!(app.world.log().await.len(), entries);
    }

    /// S60 and F37: a changed, missing or hostile relay state is no error, and leads nowhere.
    async fn the_relay_state_is_ignored(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        for relay_state in
            [None, Some(""), Some("https://evil.test/"), Some("//evil.test"), Some("javascript:alert(1)"), Some("x")]
        {
            let mut browser = app.browser();
            let request = saml.start(&app, &mut browser).await;
            let xml = saml.response(&app, &request, "ada@acme.test").signed();
            let mut form = vec![("SAMLResponse", Base64::encode_string(xml.as_bytes()))];
            form.extend(relay_state.map(|value| ("RelayState", value.to_owned())));
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let posted = saml.post_form(&app, &form).await;
            assert_eq!(posted.header("location"), format!("{}{request}", saml.path("saml/finish?request=")));
            assert_eq!(browser.get(posted.header("location")).await.summary(), "303 /teams/acme", "{relay_state:?}");
        }
    }

    /// F38 and rule 2.15: the provider's tile.
    async fn a_response_that_no_one_asked_for_offers_one_link(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut response = saml.response(&app, "x", "ada@acme.test");
        for part in [&mut response.facts.response_attributes, &mut response.facts.confirmations] {
            *part = part.replace(" InResponseTo=\"x\"", "");
        }
        let (before, entries) = (rows(&app).await, app.world.log().await.len());
        let answer = saml.post(&app, &response.signed()).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        assert!(answer.body.contains("data-code=\"not-asked\""));
        let link = format!("href=\"{}\"", saml.path("start"));
        assert_eq!(answer.body.matches(&link).count(), 1, "{}", answer.body);
        assert!(answer.shows("Continue with Company"), "{}", answer.text());
        assert_eq!((rows(&app).await, app.world.log().await.len()), (before, entries));
    }

    /// Rule 2.12, and S60: a status other than success is a refusal, also with a signed assertion.
    async fn a_refusal_of_the_provider_is_shown_escaped_and_short(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut response = saml.response(&app, "_x", "ada@acme.test");
        let markup = "&lt;script&gt;alert(1)&lt;/script&gt;";
        let message = format!("<samlp:StatusMessage>{markup}{}</samlp:StatusMessage>", "x".repeat(10_000));
        response.facts.status = status("Responder", &message);
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &response.signed()).await;
        let refusal = watch.refused(&app, &answer, 403, SsoFailure::Refused).await;
        assert!(answer.shows("Responder"), "{}", answer.text());
        assert!(!answer.body.contains("<script>alert") && !answer.body.contains("xxxx"));
        let message = refusal.facts.iter().find(|fact| fact.check == "StatusMessage").unwrap();
        assert!(message.received.as_ref().unwrap().len() <= 250, "{message:?}");
    }

    /// Nothing of a response that was not verified is on the page.
    async fn a_refused_response_shows_no_identity(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &saml.response(&app, "_x", "ada@acme.test").unsigned()).await;
        let refusal = watch.refused(&app, &answer, 400, SsoFailure::BadSignature).await;
        assert!(!answer.body.contains("ada@acme.test") && refusal.subject.is_none());
    }
}

/// Octets as a value of a form.
fn encoded(octets: &[u8]) -> String {
    let form = app::form_encoding::write(&[(String::new(), Base64::encode_string(octets))]);
    form.trim_start_matches('=').to_owned()
}
