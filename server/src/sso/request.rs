//! A sign-in at an identity provider that is under way. It travels in a sealed cookie, because nothing is stored for an
//! anonymous visitor. Each sign-in has its own cookie, so that two tabs do not overwrite each other.

use crate::secrets::{Secrets, hex, random};
use domain::{MINUTE, UnixMs, id::MethodId};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How long a sign-in may take.
pub const LIFETIME: UnixMs = 10 * MINUTE;
/// Upper bound of the sign-ins under way in one browser.
pub const MAX_REQUESTS: usize = 5;
/// The start of the cookies' names. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
const HTTPS_PREFIX: &str = "__Host-rollcall-sso-";
const HTTP_PREFIX: &str = "rollcall-sso-";

/// The purpose of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoPurpose {
    /// Sign in to the team.
    SignIn,
    /// Confirm the identity of the signed-in member.
    StepUp,
}

/// A sign-in that is under way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoRequest {
    /// The method.
    pub method: MethodId,
    /// The `state` (OpenID Connect) or the ID of the request (SAML).
    pub id: String,
    /// OpenID Connect.
    pub nonce: String,
    /// The PKCE code verifier (OpenID Connect).
    pub code_verifier: String,
    /// The next page: a local path.
    pub next: Option<String>,
    /// The purpose.
    pub purpose: SsoPurpose,
    /// The time of the start.
    pub at: UnixMs,
}

impl std::fmt::Debug for SsoRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SsoRequest")
            .field("method", &self.method)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

impl SsoRequest {
    /// A new sign-in with random values of 32 bytes each. A SAML ID may not start with a digit, so every id starts with `_`.
    pub fn new(method: MethodId, purpose: SsoPurpose, next: Option<String>, at: UnixMs) -> Self {
        let text = || hex(&random::<32>());
        Self { method, id: format!("_{}", text()), nonce: text(), code_verifier: text(), next, purpose, at }
    }

    /// Whether the sign-in may still finish.
    pub fn is_open(&self, now: UnixMs) -> bool {
        now - self.at <= LIFETIME && self.at <= now + MINUTE
    }

    /// The sealed value of the cookie.
    pub fn seal(&self, secrets: &Secrets) -> String {
        secrets.seal(CONTEXT, &serde_json::to_string(self).unwrap_or_default())
    }

    /// Opens a cookie's value. `None`: it is not ours.
    pub fn open(secrets: &Secrets, sealed: &str) -> Option<Self> {
        let text = secrets.open(CONTEXT, sealed).ok()?;
        serde_json::from_str(text.expose_secret()).ok()
    }
}

const CONTEXT: &str = "sso request";

/// The name of the cookie of the sign-in with this id.
pub fn cookie_name(id: &str, https: bool) -> String {
    let digest = hex(&Sha256::digest(id.as_bytes()));
    [prefix(https), digest.get(..8).unwrap_or_default()].concat()
}

/// Whether a cookie with this name belongs to a sign-in.
pub fn is_cookie(name: &str, https: bool) -> bool {
    name.strip_prefix(prefix(https)).is_some_and(|rest| rest.len() == 8)
}

const fn prefix(https: bool) -> &'static str {
    if https { HTTPS_PREFIX } else { HTTP_PREFIX }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(at: UnixMs) -> SsoRequest {
        SsoRequest::new(MethodId::new("okta"), SsoPurpose::SignIn, Some("/teams/acme".into()), at)
    }

    #[test]
    fn a_request_is_read_from_its_own_cookie_only() {
        let (secrets, other) = (Secrets::from_bytes(&[1; 32]), Secrets::from_bytes(&[2; 32]));
        let request = request(0);
        let sealed = request.seal(&secrets);
        assert!(!sealed.contains(&request.nonce) && !format!("{request:?}").contains(&request.code_verifier));
        assert_eq!(SsoRequest::open(&secrets, &sealed), Some(request));
        assert_eq!(SsoRequest::open(&other, &sealed), None);
        assert_eq!(SsoRequest::open(&secrets, &sealed.replace("v1.", "v1.0")), None);
    }

    #[test]
    fn each_request_has_other_values_and_another_cookie() {
        let (one, other) = (request(0), request(0));
        assert!(one.id != other.id && one.nonce != other.nonce && one.code_verifier != other.code_verifier);
        assert_ne!(cookie_name(&one.id, true), cookie_name(&other.id, true));
        assert!(one.id.starts_with('_') && one.id.len() == 65);
        assert!(is_cookie(&cookie_name(&one.id, true), true) && !is_cookie(&cookie_name(&one.id, true), false));
    }

    #[test]
    fn a_request_is_open_for_ten_minutes() {
        let request = request(1_000);
        for (now, open) in
            [(1_000, true), (1_000 + LIFETIME, true), (1_001 + LIFETIME, false), (1_000 - 2 * MINUTE, false)]
        {
            assert_eq!(request.is_open(now), open, "{now}");
        }
    }
}
