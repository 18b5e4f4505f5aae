//! Sign-out: requests to the provider (RP-Initiated Logout 1.0) and from it (Back-Channel Logout 1.0).

use crate::{
    claim_checks::{self, Checked, LEEWAY, MAX_AGE, claim_error},
    claims::Claims,
    endpoint::Endpoint,
    error::{DocumentError, OidcError},
    facts::Facts,
    issuer::Issuer,
    json,
    jws::TokenKind,
    key_set::KeySet,
    secret::{RawIdToken, RawLogoutToken, StateParameter},
    token_report::{TokenCheck, TokenReport},
};
use serde_json::Value;

/// The member of `events` that makes a token a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A redirect to the provider that ends the person's session there.
#[derive(Clone, Copy, Debug)]
pub struct EndSessionRequest<'a> {
    /// `end_session_endpoint` of the provider.
    pub end_session_endpoint: &'a Endpoint,
    /// The client id.
    pub client_id: &'a str,
    /// The ID token of the sign-in, even if it expired.
    pub id_token_hint: Option<&'a RawIdToken>,
    /// Where the provider redirects afterwards. The provider must know this address.
    pub post_logout_redirect_uri: Option<&'a str>,
    /// A value that the provider sends back.
    pub state: Option<&'a StateParameter>,
}

impl EndSessionRequest<'_> {
    /// The address to which the browser is redirected.
    pub fn url(&self) -> String {
        let parameters = [
            ("id_token_hint", self.id_token_hint.map(RawIdToken::expose)),
            ("client_id", Some(self.client_id)),
            ("post_logout_redirect_uri", self.post_logout_redirect_uri),
            ("state", self.state.map(StateParameter::expose)),
        ];
        let parameters = parameters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        self.end_session_endpoint.with_parameters(parameters)
    }
}

/// The parameter `logout_token` of a back-channel logout request (section 2.5).
///
/// # Errors
/// [`OidcError::LogoutTokenMissing`] unless it is in the form exactly once.
pub fn logout_token_parameter(form: &[u8]) -> Result<RawLogoutToken, OidcError> {
    let mut tokens = url::form_urlencoded::parse(form).filter(|(name, _)| name == "logout_token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) if !token.is_empty() => Ok(RawLogoutToken::new(token)),
        _ => Err(OidcError::LogoutTokenMissing),
    }
}

/// What a logout token must match.
#[derive(Clone, Copy, Debug)]
pub struct LogoutExpectation<'a> {
    /// The configured issuer.
    pub issuer: &'a Issuer,
    /// The client id.
    pub client_id: &'a str,
    /// The current time.
    pub now: i64,
}

/// A logout token that passed every check (section 2.6). Only [`LogoutToken::verify`] creates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutToken {
    subject: Option<String>,
    session_id: Option<String>,
    token_id: String,
    valid_until: i64,
}

impl LogoutToken {
    /// Verifies a logout token. The caller accepts each [`LogoutToken::token_id`] once.
    ///
    /// # Errors
    /// The first check that failed.
    pub fn verify(
        token: &RawLogoutToken,
        keys: &KeySet,
        expectation: &LogoutExpectation<'_>,
    ) -> Result<Self, OidcError> {
        let LogoutExpectation { issuer, client_id, now } = *expectation;
        let mut report = TokenReport::verify_signature(token.expose(), TokenKind::LogoutToken, keys);
        report.check(TokenCheck::Issuer, |token| claim_checks::issuer(&token.claims, issuer));
        report.check(TokenCheck::Audience, |token| claim_checks::audience(&token.claims, client_id));
        let expires =
            report.check(TokenCheck::ExpirationTime, |token| claim_checks::expiration_time(&token.claims, now));
        let issued = report.check(TokenCheck::IssuedAt, |token| claim_checks::issued_at(&token.claims, now));
        report.check(TokenCheck::NotBefore, |token| claim_checks::not_before(&token.claims, now));
        report.check(TokenCheck::Nonce, |token| no_nonce(&token.claims));
        report.check(TokenCheck::Events, |token| logout_event(&token.claims));
        let subject = report.check(TokenCheck::Subject, |token| identifier(&token.claims, "sub")).flatten();
        let session_id = report.check(TokenCheck::SessionId, |token| identifier(&token.claims, "sid")).flatten();
        let token_id = report.check(TokenCheck::TokenId, |token| identifier(&token.claims, "jti")).flatten();
        report.into_claims()?;
        if subject.is_none() && session_id.is_none() {
            return Err(OidcError::LogoutSubjectMissing);
        }
        let token_id = token_id.ok_or_else(|| claim_error(DocumentError::MissingMember("jti")))?;
        let by_expiry = expires.unwrap_or(now).saturating_add(LEEWAY);
        let by_age = issued.unwrap_or(now).saturating_add(MAX_AGE);
        Ok(Self { subject, session_id, token_id, valid_until: by_expiry.min(by_age) })
    }

    /// `sub`: whose sessions end. Without [`LogoutToken::session_id`], all sessions of the person end.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// `sid`: which session ends.
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// `jti`.
    pub fn token_id(&self) -> &str {
        &self.token_id
    }

    /// The last time at which the same token would pass. Its `jti` is remembered until then.
    pub const fn valid_until(&self) -> i64 {
        self.valid_until
    }
}

fn no_nonce(claims: &Claims) -> Checked<()> {
    if claims.as_map().contains_key("nonce") { Err(OidcError::NonceForbidden) } else { Ok(((), Facts::default())) }
}

fn logout_event(claims: &Claims) -> Checked<()> {
    let event = json::member(claims.object(), "events").and_then(|events| events.get(EVENT));
    if event.is_some_and(Value::is_object) { Ok(((), Facts::expected(EVENT))) } else { Err(OidcError::LogoutEvent) }
}

fn identifier(claims: &Claims, name: &'static str) -> Checked<Option<String>> {
    claim_checks::optional_identifier(claims, name)
}
