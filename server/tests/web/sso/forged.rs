//! Forged, misdirected and late responses: rows S45 to S57 of the attacks. Their signatures are tested in the crate `saml`.

use super::{
    provider::{
        IDP, MINUTE, Response, SECOND, Saml, at, audience, conditions, confirmation, confirmed, issuer, keys, name_id,
    },
    refusal::Watch,
};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use domain::sso::SsoFailure;

/// Posts a response with a change to its facts, which must be refused at once.
async fn refused(app: &TestApp, saml: &Saml, name: &str, failure: SsoFailure, change: impl FnOnce(&mut Response)) {
    let mut response = saml.response(app, "_request", "ada@acme.test");
    change(&mut response);
    let watch = Watch::start(app).await;
    let answer = saml.post(app, &response.signed()).await;
    let page = answer.text();
    assert!(answer.body.contains(&format!("data-code=\"{}\"", failure.name())), "{name}: {page}");
    let refusal = watch.refused(app, &answer, 400, failure).await;
    assert!(!refusal.facts.is_empty(), "{name}: the log has the decoded facts");
}

on_both_engines! {
    async fn keys_of_other_methods_and_removed_certificates_verify_nothing(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let saml = Saml::add(&app).await;
        for (name, team) in [("S45", "acme"), ("S46", "globex")] {
            let signer = Saml::of(&app, team, "Other", keys::other()).await.signer;
            refused(&app, &saml, name, SsoFailure::BadSignature, |response| response.signer = signer).await;
        }
        saml.pin(&app, keys::other()).await;
        refused(&app, &saml, "S47", SsoFailure::BadSignature, |_| {}).await;
        saml.pin(&app, keys::p256()).await;
        let answer = saml.post(&app, &saml.response(&app, "_request", "ada@acme.test").signed()).await;
        assert_eq!(answer.status.as_u16(), 303, "the pinned key again");
    }

    /// A response is good at the one method whose address it names: not at another of the team, nor of another team.
    async fn a_response_for_another_method_is_not_for_us(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let saml = Saml::add(&app).await;
        let others = [
            Saml::of(&app, "acme", "Two", keys::p256()).await,
            Saml::of(&app, "globex", "Three", keys::p256()).await,
        ];
        for other in others {
            let watch = Watch::start(&app).await;
            let answer = saml.post(&app, &other.response(&app, "_request", "ada@acme.test").signed()).await;
            let refusal = watch.refused(&app, &answer, 400, SsoFailure::NotForUs).await;
            assert_eq!(refusal.facts[0].expected.as_deref(), Some(saml.acs().as_str()));
            assert_eq!(refusal.facts[0].received.as_deref(), Some(other.acs().as_str()));
        }
    }

    async fn unsigned_and_encrypted_responses_are_refused(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let response = saml.response(&app, "_request", "ada@acme.test");
        let (signed, unsigned) = (response.signed(), response.unsigned());
        let from = signed.find("<ds:Signature ").unwrap();
        let end = "</ds:Signature>";
        let signature = signed[from..signed.find(end).unwrap() + end.len()].to_owned();
        let assertion = unsigned[unsigned.find("<saml:Assertion").unwrap()..unsigned.find("</samlp:Response>").unwrap()].to_owned();
        let encrypted = unsigned.replace(&assertion, "<saml:EncryptedAssertion/>");
        for (name, xml, failure) in [
            ("S48, no signature", unsigned, SsoFailure::BadSignature),
            ("S48, an empty one", signed.replace(&signature, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"), SsoFailure::BadSignature),
            ("S49", signed.replace("ada@acme.test", "bob@acme.test"), SsoFailure::BadSignature),
            ("S50", encrypted, SsoFailure::BadResponse),
        ] {
            let watch = Watch::start(&app).await;
            let answer = saml.post(&app, &xml).await;
            assert!(answer.body.contains(failure.name()), "{name}: {}", answer.text());
            let refusal = watch.refused(&app, &answer, 400, failure).await;
            if name == "S50" {
                let expected = refusal.facts[0].expected.as_deref().unwrap();
                assert!(expected.contains("turn off assertion encryption"), "{expected}");
            }
        }
    }

    async fn issuers_are_compared_exactly(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        for wrong in ["https://evil.test/saml", "https://idp.test/saml/", "https://IDP.test/saml", "https://idp.test/SAML"] {
            refused(&app, &saml, "S51, assertion", SsoFailure::NotForUs, |response| response.facts.issuer = issuer(wrong)).await;
            refused(&app, &saml, "S51, response", SsoFailure::NotForUs, |response| response.facts.response_issuer = issuer(wrong)).await;
            refused(&app, &saml, "S51, both", SsoFailure::NotForUs, |response| {
                (response.facts.issuer, response.facts.response_issuer) = (issuer(wrong), issuer(wrong));
            })
            .await;
        }
        refused(&app, &saml, "S51, none", SsoFailure::NotForUs, |response| response.facts.issuer.clear()).await;
        let mut response = saml.response(&app, "_request", "ada@acme.test");
        response.facts.response_issuer.clear();
        assert_eq!(saml.post(&app, &response.signed()).await.status.as_u16(), 303, "{IDP} in the assertion is enough");
    }

    async fn the_audience_is_the_method(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let now = app.world.now();
        let own = audience(&saml.entity_id());
        let with = |inner: &str| conditions(&at(now - MINUTE), &at(now + MINUTE), inner);
        for (name, inner) in [
            ("another", audience("https://other.test")),
            ("none", String::new()),
            ("two, of which one is another", own.clone() + &audience("https://other.test")),
            ("with a slash", audience(&format!("{}/", saml.entity_id()))),
        ] {
            refused(&app, &saml, name, SsoFailure::NotForUs, |response| response.facts.conditions = with(&inner)).await;
        }
    }

    async fn recipient_and_destination_are_our_address(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let until = app.world.now() + MINUTE;
        let acs = saml.acs();
        let other_addresses = [
            acs.replace("https:", "http:"),
            acs.replace("rollcall.test", "rollcall.test:8443"),
            acs.replace("rollcall.test", "evil.test"),
            acs.clone() + "/",
            acs.replace("/acs", "/ACS"),
        ];
        for other in &other_addresses {
            refused(&app, &saml, other, SsoFailure::NotForUs, |response| response.facts.confirmations = confirmed(other, "_request", until)).await;
            refused(&app, &saml, other, SsoFailure::NotForUs, |response| response.facts.destination = format!("Destination=\"{other}\"")).await;
        }
        refused(&app, &saml, "no Recipient", SsoFailure::NotForUs, |response| {
            response.facts.confirmations = confirmation(&format!("InResponseTo=\"_request\" NotOnOrAfter=\"{}\"", at(until)));
        })
        .await;
        // A Destination is required where the response is signed.
        let mut response = saml.response(&app, "_request", "ada@acme.test");
        response.facts.destination.clear();
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &response.sign(&response.unsigned(), "_r1")).await;
        watch.refused(&app, &answer, 400, SsoFailure::NotForUs).await;
    }

    async fn a_response_names_one_request_of_this_browser(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let until = app.world.now() + MINUTE;
        let other = confirmed(&saml.acs(), "_other", until);
        refused(&app, &saml, "S54, different", SsoFailure::OtherBrowser, |response| response.facts.confirmations = other.clone()).await;
        refused(&app, &saml, "S54, not confirmed", SsoFailure::OtherBrowser, |response| {
            response.facts.confirmations = response.facts.confirmations.replace(" InResponseTo=\"_request\"", "");
        })
        .await;
        // An unknown request is refused where the cookie would be.
        let mut browser = app.browser();
        saml.start(&app, &mut browser).await;
        let posted = saml.post(&app, &saml.response(&app, "_unknown", "ada@acme.test").signed()).await;
        let watch = Watch::start(&app).await;
        let answer = browser.get(posted.header("location")).await;
        watch.refused(&app, &answer, 400, SsoFailure::OtherBrowser).await;
    }

    /// S56. The page and the log name the difference of the clocks.
    async fn times_have_a_tolerance_of_sixty_seconds(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let now = app.world.now();
        let window = |from: &str, until: &str| conditions(from, until, &audience(&saml.entity_id()));
        for (name, from, until, is_accepted) in [
            ("60 s ahead", at(now + 60 * SECOND), at(now + 5 * MINUTE), true),
            ("61 s ahead", at(now + 61 * SECOND), at(now + 5 * MINUTE), false),
            ("59 s ago", at(now - 5 * MINUTE), at(now - 59 * SECOND), true),
            ("60 s ago", at(now - 5 * MINUTE), at(now - 60 * SECOND), false),
            ("5 min ahead", at(now + 5 * MINUTE), at(now + 10 * MINUTE), false),
            ("5 min ago", at(now - 10 * MINUTE), at(now - 5 * MINUTE), false),
        ] {
            let mut response = saml.response(&app, &format!("_{}", name.replace(' ', "")), "ada@acme.test");
            response.facts.conditions = window(&from, &until);
            let watch = Watch::start(&app).await;
            let answer = saml.post(&app, &response.signed()).await;
            if is_accepted {
                assert_eq!(answer.status.as_u16(), 303, "{name}: {}", answer.text());
            } else {
                watch.refused(&app, &answer, 400, SsoFailure::Clock).await;
            }
        }
        for (name, issued, is_accepted) in [
            ("issued 10 min ago", now - 10 * MINUTE, true),
            ("issued 11 min ago", now - 11 * MINUTE, false),
            ("issued in 61 s", now + 61 * SECOND, false),
        ] {
            let mut response = saml.response(&app, &format!("_{}", name.replace(' ', "")), "ada@acme.test");
            response.facts.issue_instant = at(issued);
            let answer = saml.post(&app, &response.signed()).await;
            assert_eq!(answer.status.as_u16() == 303, is_accepted, "{name}: {}", answer.text());
        }
        refused(&app, &saml, "no end", SsoFailure::BadResponse, |response| response.facts.conditions = window(&at(now), "")).await;
        refused(&app, &saml, "year 9999", SsoFailure::BadResponse, |response| response.facts.conditions = window(&at(now), "9999-12-31T23:59:59Z")).await;
        refused(&app, &saml, "no zone", SsoFailure::BadResponse, |response| response.facts.conditions = window(&at(now), "2026-06-01T00:05:00")).await;
        let mut response = saml.response(&app, "_ahead", "ada@acme.test");
        response.facts.conditions = window(&at(now + 84 * SECOND), &at(now + 5 * MINUTE));
        assert!(saml.post(&app, &response.signed()).await.shows("differ by 84 seconds"));
    }

    async fn the_name_is_one_value_of_a_lasting_format(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let transient = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\">ada@acme.test</saml:NameID>";
        for (name, name_ids) in [
            ("F22, transient", transient.to_owned()),
            ("none", String::new()),
            ("two", name_id("ada@acme.test") + &name_id("bob@acme.test")),
            ("empty", name_id("")),
        ] {
            refused(&app, &saml, name, SsoFailure::BadResponse, |response| response.facts.name_ids = name_ids).await;
        }
    }
}
