//! A link that its member has to confirm. It travels in a sealed cookie until the member has signed in with a password.

use super::{
    identity::SsoIdentity,
    request::{LIFETIME, SsoRequest},
};
use crate::secrets::Secrets;
use domain::{MINUTE, UnixMs, id::MethodId};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

const HTTPS_NAME: &str = "__Host-rollcall-link";
const HTTP_NAME: &str = "rollcall-link";
const CONTEXT: &str = "sso pending link";
/// The longest claim that is kept, in bytes. A browser keeps 4 KiB of a cookie.
const CLAIM_MAX: usize = 320;

/// A verified response whose person has not confirmed the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLink {
    /// The method.
    pub method: MethodId,
    /// Who the person is, with the claims that the link needs.
    pub identity: SsoIdentity,
    /// The id of the response.
    pub response_id: String,
    /// The id of the request.
    pub request_id: String,
    /// The time of the start.
    pub at: UnixMs,
}

impl PendingLink {
    /// `claim`: the claim that the rule compares.
    pub fn new(request: &SsoRequest, response_id: &str, identity: &SsoIdentity, claim: &str) -> Self {
        let needed = [claim, "preferred_username", "email", "email_verified"];
        let mut identity = identity.clone();
        identity.claims.retain(|(name, values)| {
            needed.contains(&name.as_str()) && values.iter().map(String::len).sum::<usize>() <= CLAIM_MAX
        });
        Self {
            method: request.method.clone(),
            identity,
            response_id: response_id.to_owned(),
            request_id: request.id.clone(),
            at: request.at,
        }
    }

    /// Whether the member may still confirm it.
    pub fn is_open(&self, now: UnixMs) -> bool {
        now - self.at <= 2 * LIFETIME && self.at <= now + MINUTE
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

/// The name of the cookie.
pub const fn cookie_name(https: bool) -> &'static str {
    if https { HTTPS_NAME } else { HTTP_NAME }
}
