//! The checks of claims (Core 1.0, section 3.1.3.7), shared by every kind of token. Each returns what it compared.

use crate::{
    base64::encode_url,
    claims::Claims,
    error::{Document, DocumentError, OidcError, SubjectError},
    excerpt::excerpt,
    facts::{FactValue, Facts},
    issuer::Issuer,
    issuer_difference::IssuerDifference,
    json,
    secret::{AccessToken, NonceParameter},
    token_report::VerifiedToken,
};
use ring::digest;
use serde_json::Value;
use std::collections::BTreeSet;

/// The accepted difference of the clocks, in milliseconds.
pub(crate) const LEEWAY: i64 = 60_000;
/// Upper bound of a token's age, in milliseconds.
pub(crate) const MAX_AGE: i64 = 600_000;
/// Upper bound of `sub` (Core 1.0, section 2), `sid` and `jti`, in bytes.
const MAX_ID: usize = 255;

pub(crate) type Checked<T> = Result<(T, Facts), OidcError>;

/// `iss` is the configured issuer.
pub(crate) fn issuer(claims: &Claims, issuer: &Issuer) -> Checked<()> {
    let received = json::required_text(claims.object(), "iss").map_err(claim_error)?;
    let expected = issuer.as_str();
    if issuer.is_named_by(received) {
        return Ok(((), Facts::new(expected, received)));
    }
    let difference = IssuerDifference::between(expected, received);
    Err(OidcError::Issuer { expected: expected.to_owned(), received: excerpt(received), difference })
}

/// `aud` has the client id.
pub(crate) fn audience(claims: &Claims, client_id: &str) -> Checked<()> {
    let audiences = audiences(claims)?;
    let shown: Vec<_> = audiences.iter().take(20).map(|text| excerpt(text)).collect();
    if audiences.contains(client_id) {
        return Ok(((), Facts::new(client_id, shown)));
    }
    Err(OidcError::Audience { expected: client_id.to_owned(), received: shown })
}

/// `azp` is the client id. It is required beside several audiences.
pub(crate) fn authorized_party(claims: &Claims, client_id: &str) -> Checked<()> {
    match json::text(claims.object(), "azp").map_err(claim_error)? {
        Some(azp) if azp == client_id => Ok(((), Facts::new(client_id, azp))),
        Some(azp) => Err(OidcError::AuthorizedParty { expected: client_id.to_owned(), received: excerpt(azp) }),
        None => {
            let audiences = audiences(claims)?;
            if audiences.len() < 2 {
                return Ok(((), Facts::default()));
            }
            let audiences = audiences.iter().take(20).map(|text| excerpt(text)).collect();
            Err(OidcError::AuthorizedPartyMissing { expected: client_id.to_owned(), audiences })
        }
    }
}

fn audiences(claims: &Claims) -> Result<BTreeSet<&str>, OidcError> {
    let invalid = DocumentError::InvalidMember { name: "aud", expected: "a string or a list of strings" };
    match claims.get("aud") {
        None => Err(claim_error(DocumentError::MissingMember("aud"))),
        Some(Value::String(audience)) => Ok(BTreeSet::from([audience.as_str()])),
        Some(Value::Array(values)) => {
            values.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(|| claim_error(invalid))
        }
        Some(_) => Err(claim_error(invalid)),
    }
}

/// `exp` is in the future.
pub(crate) fn expiration_time(claims: &Claims, now: i64) -> Checked<i64> {
    let expired_at = required_date(claims, "exp")?;
    if now.saturating_sub(LEEWAY) < expired_at {
        Ok((expired_at, times(now, expired_at)))
    } else {
        Err(OidcError::Expired { expired_at, now })
    }
}

/// `iat` is in the past, and recent.
pub(crate) fn issued_at(claims: &Claims, now: i64) -> Checked<i64> {
    let issued_at = required_date(claims, "iat")?;
    if issued_at > now.saturating_add(LEEWAY) {
        Err(OidcError::IssuedInFuture { issued_at, now })
    } else if issued_at < now.saturating_sub(MAX_AGE) {
        Err(OidcError::IssuedTooLongAgo { issued_at, now })
    } else {
        Ok((issued_at, times(now, issued_at)))
    }
}

/// `nbf` is in the past, if present.
pub(crate) fn not_before(claims: &Claims, now: i64) -> Checked<()> {
    match json::numeric_date(claims.object(), "nbf").map_err(claim_error)? {
        Some(not_before) if not_before > now.saturating_add(LEEWAY) => Err(OidcError::NotYetValid { not_before, now }),
        Some(not_before) => Ok(((), times(now, not_before))),
        None => Ok(((), Facts::default())),
    }
}

/// `nonce` is that of the authorization request. Its value is not shown.
pub(crate) fn nonce(claims: &Claims, nonce: &NonceParameter) -> Checked<()> {
    match json::text(claims.object(), "nonce").map_err(claim_error)? {
        Some(received) if nonce.matches(received) => Ok(((), Facts::default())),
        Some(_) => Err(OidcError::Nonce),
        None => Err(OidcError::NonceMissing),
    }
}

/// `sub` is a string of 1 to 255 bytes.
pub(crate) fn subject(claims: &Claims) -> Checked<String> {
    identifier(claims, "sub").map(|text| (text.to_owned(), Facts::received(text))).map_err(OidcError::Subject)
}

/// Another identifier with the limits of `sub`.
pub(crate) fn optional_identifier(claims: &Claims, name: &'static str) -> Checked<Option<String>> {
    match identifier(claims, name) {
        Ok(text) => Ok((Some(text.to_owned()), Facts::received(text))),
        Err(SubjectError::Missing) => Ok((None, Facts::default())),
        Err(_) => Err(claim_error(DocumentError::InvalidMember { name, expected: "a string of 1 to 255 bytes" })),
    }
}

fn identifier<'a>(claims: &'a Claims, name: &str) -> Result<&'a str, SubjectError> {
    match claims.get(name).ok_or(SubjectError::Missing)?.as_str().ok_or(SubjectError::NotText)? {
        "" => Err(SubjectError::Empty),
        text if text.len() > MAX_ID => Err(SubjectError::TooLong(text.len())),
        text if text.contains(char::is_control) => Err(SubjectError::ControlCharacter),
        text => Ok(text),
    }
}

/// `at_hash` is that of the access token, if present (Core 1.0, section 3.1.3.6).
pub(crate) fn access_token_hash(token: &VerifiedToken, access_token: &AccessToken) -> Checked<()> {
    let Some(received) = json::text(token.claims.object(), "at_hash").map_err(claim_error)? else {
        return Ok(((), Facts::default()));
    };
    let hash = digest::digest(token.algorithm.hash(), access_token.expose().as_bytes());
    let hash = hash.as_ref();
    let half = hash.get(..hash.len() / 2).unwrap_or_default();
    if encode_url(half) == received { Ok(((), Facts::default())) } else { Err(OidcError::AccessTokenHash) }
}

/// `hd` is present in a token of Google, and is one of the domains if there are any. Accounts without an organization
/// have no `hd`.
pub(crate) fn hosted_domain(claims: &Claims, issuer: &Issuer, domains: &[String]) -> Checked<()> {
    let is_required = issuer.is_google() || !domains.is_empty();
    match json::text(claims.object(), "hd").map_err(claim_error)?.filter(|domain| !domain.is_empty()) {
        None if is_required => Err(OidcError::HostedDomainMissing { expected: domains.to_vec() }),
        None => Ok(((), Facts::default())),
        Some(hd) if domains.is_empty() || domains.iter().any(|domain| domain.eq_ignore_ascii_case(hd)) => {
            let expected = (!domains.is_empty()).then(|| FactValue::List(domains.to_vec()));
            Ok(((), Facts { expected, received: Some(FactValue::from(hd)) }))
        }
        Some(hd) => Err(OidcError::HostedDomain { expected: domains.to_vec(), received: excerpt(hd) }),
    }
}

/// `auth_time` is not before the request. `iat` never replaces it.
pub(crate) fn auth_time(claims: &Claims, requested_at: i64, now: i64) -> Checked<()> {
    let authenticated_at = json::numeric_date(claims.object(), "auth_time").map_err(claim_error)?;
    let authenticated_at = authenticated_at.ok_or(OidcError::AuthTimeMissing)?;
    if authenticated_at > now.saturating_add(LEEWAY) {
        Err(OidcError::AuthTimeInFuture { authenticated_at, now })
    } else if authenticated_at < requested_at.saturating_sub(LEEWAY) {
        Err(OidcError::AuthTimeTooOld { authenticated_at, requested_at })
    } else {
        Ok(((), times(requested_at, authenticated_at)))
    }
}

fn required_date(claims: &Claims, name: &'static str) -> Result<i64, OidcError> {
    let date = json::numeric_date(claims.object(), name).map_err(claim_error)?;
    date.ok_or_else(|| claim_error(DocumentError::MissingMember(name)))
}

/// The error of a claim that is missing or has another type.
pub(crate) fn claim_error(error: DocumentError) -> OidcError {
    error.of(Document::Claims)
}

const fn times(expected: i64, received: i64) -> Facts {
    Facts { expected: Some(FactValue::Time(expected)), received: Some(FactValue::Time(received)) }
}
