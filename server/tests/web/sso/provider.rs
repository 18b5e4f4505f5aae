//! A SAML provider whose responses are signed when the test runs.

#[path = "../../../../saml/tests/support/mod.rs"]
mod support;

pub(super) use support::{
    Facts, MINUTE, SECOND, at, audience, authn_statement, conditions, confirmation, confirmed, escaped, issuer,
    keys::{self, Signer},
    name_id, status,
};

use crate::app::{Answer, Browser, PAGE, TestApp};
use app::form_encoding;
use axum::{
    body::Body,
    http::{Method, header},
};
use base64ct::{Base64, Encoding as _};
use domain::{
    id::MethodId,
    sso::{LinkAttribute, MethodForm},
};
use server::{
    service::LinkRuleEdit,
    sso::request::{SsoPurpose, SsoRequest, cookie_name, is_cookie},
};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) const IDP: &str = "https://idp.test/saml";
/// Where sign-ins begin at the provider.
pub(super) const SIGN_IN_URL: &str = "https://idp.test/saml/sso";
/// A certificate that is valid at the time of the tests.
const VALID: &str = include_str!("../../../../domain/tests/fixtures/valid.pem");

/// A method of a team, and its provider.
#[derive(Clone)]
pub(super) struct Saml {
    pub(super) id: String,
    pub(super) team: String,
    pub(super) signer: &'static Signer,
}

impl Saml {
    /// An enabled method of Acme. Its rule compares the NameID with userName.
    pub(super) async fn add(app: &TestApp) -> Self {
        Self::of(app, "acme", "Company", keys::p256()).await
    }

    pub(super) async fn of(app: &TestApp, team: &str, name: &str, signer: &'static Signer) -> Self {
        let form = MethodForm {
            provider: "custom_saml".into(),
            protocol: "saml".into(),
            name: name.into(),
            entity_id: IDP.into(),
            sign_in_url: SIGN_IN_URL.into(),
            certificate: VALID.into(),
            ..MethodForm::default()
        };
        let id = app.world.operator().sso_add(team, form, true).await.unwrap().to_string();
        let method = Self { id, team: team.to_owned(), signer };
        method.pin(app, signer).await;
        method
    }

    /// Pins the certificate of another key. The form would refuse it, because it was issued after the tests' clock.
    pub(super) async fn pin(&self, app: &TestApp, signer: &Signer) {
        app.world
            .db
            .sql(&format!("UPDATE sso_methods SET certificate = '{}' WHERE id = '{}'", signer.pem, self.id))
            .await;
    }

    /// Changes the rule for the first sign-in.
    pub(super) async fn rule(&self, app: &TestApp, edit: LinkRuleEdit) {
        app.world.operator().sso_set_link_rule(&self.team, &self.method(), edit).await.unwrap();
    }

    pub(super) fn method(&self) -> MethodId {
        MethodId::new(self.id.clone())
    }

    pub(super) fn path(&self, path: &str) -> String {
        format!("/sso/{}/{path}", self.id)
    }

    pub(super) fn entity_id(&self) -> String {
        format!("https://rollcall.test/sso/{}/saml/metadata", self.id)
    }

    pub(super) fn acs(&self) -> String {
        format!("https://rollcall.test/sso/{}/saml/acs", self.id)
    }

    /// A response for this person to a request, which would sign in. The assertion has an ID of its own.
    pub(super) fn response(&self, app: &TestApp, request: &str, person: &str) -> Response {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let assertion = format!("_assertion{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let now = app.world.now();
        let facts = Facts {
            response_attributes: format!("Version=\"2.0\" InResponseTo=\"{request}\""),
            destination: format!("Destination=\"{}\"", self.acs()),
            response_issuer: issuer(IDP),
            assertion_attributes: format!("ID=\"{assertion}\" Version=\"2.0\""),
            issue_instant: at(now),
            issuer: issuer(IDP),
            name_ids: name_id(person),
            confirmations: confirmed(&self.acs(), request, now + 5 * MINUTE),
            conditions: conditions(&at(now - MINUTE), &at(now + 5 * MINUTE), &audience(&self.entity_id())),
            authn_statement: authn_statement(&at(now), ""),
            attributes: String::new(),
            ..Facts::default()
        };
        Response { facts, assertion, signer: self.signer }
    }

    /// Starts a sign-in, and returns the ID of its request.
    pub(super) async fn start(&self, app: &TestApp, browser: &mut Browser) -> String {
        self.start_for(app, browser, "").await
    }

    /// As [`Saml::start`], with a query.
    pub(super) async fn start_for(&self, app: &TestApp, browser: &mut Browser, query: &str) -> String {
        let answer = browser.get(&(self.path("start") + query)).await;
        assert!(answer.summary().starts_with(&format!("303 {SIGN_IN_URL}?SAMLRequest=")), "{}", answer.summary());
        newest(app, browser).id
    }

    /// Posts a response as the provider's page does: a form of another site, which carries no cookie.
    pub(super) async fn post(&self, app: &TestApp, xml: &str) -> Answer {
        self.post_form(app, &[("SAMLResponse", &Base64::encode_string(xml.as_bytes())), ("RelayState", "")]).await
    }

    pub(super) async fn post_form(&self, app: &TestApp, form: &[(&str, &str)]) -> Answer {
        let form: Vec<_> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.post_body(app, form_encoding::write(&form)).await
    }

    pub(super) async fn post_body(&self, app: &TestApp, body: impl Into<Body>) -> Answer {
        let mut provider = app.browser();
        let request = cross_site(&provider, &self.path("saml/acs"));
        provider.send(request, body.into()).await
    }

    /// The whole sign-in of a person in this browser: start, response, finish.
    pub(super) async fn sign_in(&self, app: &TestApp, browser: &mut Browser, person: &str) -> Answer {
        let request = self.start(app, browser).await;
        self.answer(app, browser, &self.response(app, &request, person)).await
    }

    /// The provider's response to a request of this browser, and the way back.
    pub(super) async fn answer(&self, app: &TestApp, browser: &mut Browser, response: &Response) -> Answer {
        let posted = self.post(app, &response.signed()).await;
        assert_eq!(posted.status.as_u16(), 303, "{}", posted.text());
        browser.get(posted.header("location")).await
    }
}

/// The text of a response, to be signed.
pub(super) struct Response {
    pub(super) facts: Facts,
    /// The ID of the assertion.
    pub(super) assertion: String,
    pub(super) signer: &'static Signer,
}

impl Response {
    pub(super) fn unsigned(&self) -> String {
        self.facts.response()
    }

    /// With a signed assertion.
    pub(super) fn signed(&self) -> String {
        self.sign(&self.unsigned(), &self.assertion)
    }

    /// Signs the element with this ID.
    pub(super) fn sign(&self, xml: &str, id: &str) -> String {
        support::Provider::new(self.signer, support::ECDSA_SHA256).sign(xml, id)
    }

    /// The same with other attributes of the person.
    pub(super) fn with_attributes(mut self, attributes: &[(&str, &str)]) -> Self {
        let attribute = |(name, value): &(&str, &str)| {
            let value = escaped(value);
            format!(
                "<saml:Attribute Name=\"{name}\"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
            )
        };
        let attributes: String = attributes.iter().map(attribute).collect();
        self.facts.attributes = format!("<saml:AttributeStatement>{attributes}</saml:AttributeStatement>");
        self
    }
}

/// A form of another site.
pub(super) fn cross_site(browser: &Browser, path: &str) -> axum::http::request::Builder {
    let request = browser.request(Method::POST, path).header(header::ACCEPT, PAGE);
    let request = request.header("sec-fetch-site", "cross-site").header(header::ORIGIN, "https://idp.test");
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// The sign-in that this browser started last.
pub(super) fn newest(app: &TestApp, browser: &Browser) -> SsoRequest {
    let sealed = browser.cookies.iter().filter(|(name, _)| is_cookie(name, true)).map(|(_, value)| value);
    let requests = sealed.filter_map(|sealed| SsoRequest::open(&app.state.secrets, sealed));
    requests.max_by_key(|request| request.at).expect("a sign-in under way")
}

/// Gives a browser the cookie of a sign-in, as after a start.
pub(super) fn give_request(app: &TestApp, browser: &mut Browser, method: &str, next: Option<&str>) -> SsoRequest {
    let next = next.map(str::to_owned);
    let request = SsoRequest::new(MethodId::new(method), SsoPurpose::SignIn, next, app.world.now());
    browser.cookies.insert(cookie_name(&request.id, true), request.seal(&app.state.secrets));
    request
}

/// The attribute of the member that a rule compares.
pub(super) fn compares(attribute: LinkAttribute) -> LinkRuleEdit {
    LinkRuleEdit { attribute: Some(attribute), ..LinkRuleEdit::default() }
}

/// The form with which a provider posts a response.
pub(super) fn form(xml: &str) -> String {
    form_encoding::write(&[("SAMLResponse".to_owned(), Base64::encode_string(xml.as_bytes()))])
}
