//! The checks of a signed token. Every kind of token takes the first ones from here.

use crate::{
    algorithm::SignatureAlgorithm,
    check::{CheckResult, CheckResults},
    claims::Claims,
    error::OidcError,
    facts::Facts,
    jws::{CompactJws, TokenKind},
    key_set::KeySet,
};

/// What is checked in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenCheck {
    /// The token has three parts and a header.
    Serialization,
    /// `alg`.
    Algorithm,
    /// `crit` and `b64` are absent.
    CriticalHeader,
    /// `typ` is not that of another kind of token.
    Kind,
    /// A key fits.
    Key,
    /// A key verifies the signature. Its `kid` is what was received, even if the token has none.
    Signature,
    /// `iss`.
    Issuer,
    /// `aud`.
    Audience,
    /// `azp`.
    AuthorizedParty,
    /// `exp`.
    ExpirationTime,
    /// `iat`.
    IssuedAt,
    /// `nbf`.
    NotBefore,
    /// `nonce`.
    Nonce,
    /// `sub`.
    Subject,
    /// `at_hash`.
    AccessTokenHash,
    /// `hd`.
    HostedDomain,
    /// `auth_time`.
    AuthTime,
    /// `events`.
    Events,
    /// `sid`.
    SessionId,
    /// `jti`.
    TokenId,
}

impl TokenCheck {
    /// The name of the header parameter or claim, or of the step. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Serialization => "serialization",
            Self::Algorithm => "alg",
            Self::CriticalHeader => "crit",
            Self::Kind => "typ",
            Self::Key => "kid",
            Self::Signature => "signature",
            Self::Issuer => "iss",
            Self::Audience => "aud",
            Self::AuthorizedParty => "azp",
            Self::ExpirationTime => "exp",
            Self::IssuedAt => "iat",
            Self::NotBefore => "nbf",
            Self::Nonce => "nonce",
            Self::Subject => "sub",
            Self::AccessTokenHash => "at_hash",
            Self::HostedDomain => "hd",
            Self::AuthTime => "auth_time",
            Self::Events => "events",
            Self::SessionId => "sid",
            Self::TokenId => "jti",
        }
    }
}

/// The checks of a token, and its claims once the signature is verified.
#[derive(Debug)]
pub(crate) struct TokenReport {
    results: CheckResults<TokenCheck>,
    verified: Option<VerifiedToken>,
}

/// What a valid signature covers.
#[derive(Debug)]
pub(crate) struct VerifiedToken {
    pub(crate) claims: Claims,
    pub(crate) algorithm: SignatureAlgorithm,
}

impl TokenReport {
    /// Verifies the signature. A later check also runs after an earlier one failed, but claims are read only after the
    /// signature was verified.
    pub(crate) fn verify_signature(token: &str, kind: TokenKind, keys: &KeySet) -> Self {
        let mut results = CheckResults::new();
        let verified = verify(&mut results, token, kind, keys);
        Self { results, verified }
    }

    pub(crate) fn results(&self) -> &[CheckResult<TokenCheck>] {
        &self.results.0
    }

    pub(crate) const fn verified(&self) -> Option<&VerifiedToken> {
        self.verified.as_ref()
    }

    /// Runs a check of the claims, and returns its value if it passed.
    pub(crate) fn check<T>(
        &mut self,
        check: TokenCheck,
        run: impl FnOnce(&VerifiedToken) -> Result<(T, Facts), OidcError>,
    ) -> Option<T> {
        self.verified.as_ref().and_then(|verified| self.results.add(check, run(verified)))
    }

    /// The claims, if every check passed.
    pub(crate) fn into_claims(mut self) -> Result<Claims, OidcError> {
        match (self.results.first_error(|_| true), self.verified) {
            (Some(error), _) => Err(error),
            (None, Some(verified)) => Ok(verified.claims),
            (None, None) => Err(OidcError::TokenSerialization(0)),
        }
    }
}

fn verify(
    results: &mut CheckResults<TokenCheck>,
    token: &str,
    kind: TokenKind,
    keys: &KeySet,
) -> Option<VerifiedToken> {
    let jws = results.add(TokenCheck::Serialization, CompactJws::parse(token).map(|jws| (jws, Facts::default())))?;
    let algorithm = jws.algorithm().map(|algorithm| (algorithm, Facts::received(algorithm.name())));
    let algorithm = results.add(TokenCheck::Algorithm, algorithm);
    let critical = results.add(TokenCheck::CriticalHeader, jws.check_critical().map(|()| ((), Facts::default())));
    results.add(TokenCheck::Kind, jws.check_kind(kind).map(|typ| ((), optional(typ))));
    let algorithm = algorithm?;
    let candidates = jws.kid().and_then(|kid| Ok((keys.candidates(kid, algorithm)?, optional(kid))));
    let candidates = results.add(TokenCheck::Key, candidates)?;
    critical?;
    let claims = jws.verify(algorithm, &candidates).map(|(claims, key)| (Claims::new(claims), optional(key.kid())));
    let claims = results.add(TokenCheck::Signature, claims)?;
    Some(VerifiedToken { claims, algorithm })
}

fn optional(text: Option<&str>) -> Facts {
    text.map_or_else(Facts::default, |text| Facts::received(crate::excerpt::excerpt(text)))
}
