//! The UserInfo response (Core 1.0, section 5.3).

use crate::{
    claim_checks,
    claims::Claims,
    error::{Document, OidcError},
    excerpt::excerpt,
    id_token::IdToken,
    issuer::Issuer,
    json,
    jws::TokenKind,
    key_set::KeySet,
    token_report::{TokenCheck, TokenReport},
};

/// What a UserInfo response must match.
#[derive(Clone, Copy, Debug)]
pub struct UserInfoExpectation<'a> {
    /// The configured issuer.
    pub issuer: &'a Issuer,
    /// The client id.
    pub client_id: &'a str,
    /// The ID token of the same sign-in.
    pub id_token: &'a IdToken,
    /// The current time.
    pub now: i64,
}

/// The claims of a UserInfo response about the person of the ID token.
#[derive(Clone, Debug, PartialEq)]
pub struct UserInfo(Claims);

impl UserInfo {
    /// Parses a response with status 200. A response of type `application/jwt` must be signed.
    ///
    /// # Errors
    /// The response is not readable, its signature or claims are not valid, or it is about another person. The error
    /// may be one that [`OidcError::needs_fresh_keys`].
    pub fn parse(
        content_type: Option<&str>,
        body: &[u8],
        keys: &KeySet,
        expectation: &UserInfoExpectation<'_>,
    ) -> Result<Self, OidcError> {
        let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let claims = if media_type.eq_ignore_ascii_case("application/jwt") {
            signed(body, keys, expectation)?
        } else {
            Claims::new(json::parse_object(body).map_err(|error| error.of(Document::UserInfo))?)
        };
        let (subject, _) = claim_checks::subject(&claims)?;
        let expected = expectation.id_token.subject();
        if subject != expected {
            return Err(OidcError::UserInfoSubject { expected: expected.to_owned(), received: excerpt(&subject) });
        }
        Ok(Self(claims))
    }

    /// Every claim.
    pub const fn claims(&self) -> &Claims {
        &self.0
    }
}

/// The response has `iss` and `aud` (section 5.3.2). Times are optional in it.
fn signed(body: &[u8], keys: &KeySet, expectation: &UserInfoExpectation<'_>) -> Result<Claims, OidcError> {
    let UserInfoExpectation { issuer, client_id, now, .. } = *expectation;
    let token = std::str::from_utf8(body.trim_ascii()).map_err(|_| OidcError::TokenEncoding)?;
    let mut report = TokenReport::verify_signature(token, TokenKind::UserInfo, keys);
    report.check(TokenCheck::Issuer, |token| claim_checks::issuer(&token.claims, issuer));
    report.check(TokenCheck::Audience, |token| claim_checks::audience(&token.claims, client_id));
    let has = |report: &TokenReport, name| report.verified().is_some_and(|token| token.claims.get(name).is_some());
    if has(&report, "exp") {
        report.check(TokenCheck::ExpirationTime, |token| claim_checks::expiration_time(&token.claims, now));
    }
    if has(&report, "iat") {
        report.check(TokenCheck::IssuedAt, |token| claim_checks::issued_at(&token.claims, now));
    }
    report.check(TokenCheck::NotBefore, |token| claim_checks::not_before(&token.claims, now));
    report.into_claims()
}
