//! ID tokens (Core 1.0, sections 2 and 3.1.3.7).

use crate::{
    check::CheckResult,
    claim_checks,
    claims::Claims,
    error::OidcError,
    issuer::Issuer,
    jws::TokenKind,
    key_set::KeySet,
    secret::{AccessToken, NonceParameter, RawIdToken},
    token_report::{TokenCheck, TokenReport},
};

/// What an ID token must match.
#[derive(Clone, Copy, Debug)]
pub struct IdTokenExpectation<'a> {
    /// The configured issuer.
    pub issuer: &'a Issuer,
    /// The client id.
    pub client_id: &'a str,
    /// The nonce of the authorization request.
    pub nonce: &'a NonceParameter,
    /// The access token beside the ID token.
    pub access_token: &'a AccessToken,
    /// The domains of Google Workspace that may sign in. If empty, every organization may.
    pub hosted_domains: &'a [String],
    /// When the authorization request asked for the password again.
    pub reauthentication_requested_at: Option<i64>,
    /// The current time.
    pub now: i64,
}

/// Every check of an ID token.
#[derive(Debug)]
pub struct IdTokenReport {
    report: TokenReport,
    subject: Option<String>,
}

impl IdTokenReport {
    /// Runs the checks in their order.
    pub fn read(token: &RawIdToken, keys: &KeySet, expectation: &IdTokenExpectation<'_>) -> Self {
        let IdTokenExpectation { issuer, client_id, nonce, access_token, hosted_domains, now, .. } = *expectation;
        let mut report = TokenReport::verify_signature(token.expose(), TokenKind::IdToken, keys);
        report.check(TokenCheck::Issuer, |token| claim_checks::issuer(&token.claims, issuer));
        report.check(TokenCheck::Audience, |token| claim_checks::audience(&token.claims, client_id));
        report.check(TokenCheck::AuthorizedParty, |token| claim_checks::authorized_party(&token.claims, client_id));
        report.check(TokenCheck::ExpirationTime, |token| claim_checks::expiration_time(&token.claims, now));
        report.check(TokenCheck::IssuedAt, |token| claim_checks::issued_at(&token.claims, now));
        report.check(TokenCheck::NotBefore, |token| claim_checks::not_before(&token.claims, now));
        report.check(TokenCheck::Nonce, |token| claim_checks::nonce(&token.claims, nonce));
        let subject = report.check(TokenCheck::Subject, |token| claim_checks::subject(&token.claims));
        report.check(TokenCheck::AccessTokenHash, |token| claim_checks::access_token_hash(token, access_token));
        report.check(TokenCheck::HostedDomain, |token| {
            claim_checks::hosted_domain(&token.claims, issuer, hosted_domains)
        });
        if let Some(requested_at) = expectation.reauthentication_requested_at {
            report.check(TokenCheck::AuthTime, |token| claim_checks::auth_time(&token.claims, requested_at, now));
        }
        Self { report, subject }
    }

    /// The results, in order. Claims are checked only if the signature is valid.
    pub fn results(&self) -> &[CheckResult<TokenCheck>] {
        self.report.results()
    }

    /// The claims, if the signature is valid. Other checks may have failed, so they identify nobody.
    pub fn claims(&self) -> Option<&Claims> {
        self.report.verified().map(|token| &token.claims)
    }

    /// The ID token.
    ///
    /// # Errors
    /// The first check that failed.
    pub fn into_id_token(self) -> Result<IdToken, OidcError> {
        let subject = self.subject;
        let claims = self.report.into_claims()?;
        let subject = subject.ok_or(OidcError::Subject(crate::error::SubjectError::Missing))?;
        Ok(IdToken { subject, claims })
    }
}

/// An ID token that passed every check. Only [`IdTokenReport::into_id_token`] creates it.
#[derive(Clone, Debug, PartialEq)]
pub struct IdToken {
    subject: String,
    claims: Claims,
}

impl IdToken {
    /// `sub`: the identifier of the person at this issuer. It is compared byte for byte.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Every claim.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// `sid`: the session at the provider, which a logout token can name.
    pub fn session_id(&self) -> Option<&str> {
        self.claims.text("sid")
    }
}
