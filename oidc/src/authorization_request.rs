//! The authorization request (Core 1.0, section 3.1.2.1) with PKCE (RFC 7636).

use crate::{
    SCOPE,
    base64::encode_url,
    endpoint::Endpoint,
    secret::{CodeVerifier, NonceParameter, StateParameter},
};
use ring::digest::{SHA256, digest};

/// The secrets of one sign-in. The caller keeps them in an encrypted cookie until the callback.
#[derive(Clone, Debug)]
pub struct SignInSecrets {
    /// The parameter `state`.
    pub state: StateParameter,
    /// The parameter `nonce`.
    pub nonce: NonceParameter,
    /// The code verifier.
    pub code_verifier: CodeVerifier,
}

impl SignInSecrets {
    /// Three secrets of 32 random bytes each.
    pub fn from_random(bytes: &[[u8; 32]; 3]) -> Self {
        let [state, nonce, code_verifier] = bytes;
        Self {
            state: StateParameter::new(encode_url(state)),
            nonce: NonceParameter::new(encode_url(nonce)),
            code_verifier: CodeVerifier::new(encode_url(code_verifier)),
        }
    }
}

/// The first 8 hexadecimal digits of the state's SHA-256. The name of the sign-in's cookie ends with it, so that a
/// callback finds the cookie of its own sign-in.
pub fn state_digest(state: &StateParameter) -> String {
    let hash = digest(&SHA256, state.expose().as_bytes());
    hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// An authorization request. It always has `code_challenge` with S256, whether the provider advertises it or not.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationRequest<'a> {
    /// `authorization_endpoint` of the provider.
    pub authorization_endpoint: &'a Endpoint,
    /// The client id.
    pub client_id: &'a str,
    /// The method's own redirect URI.
    pub redirect_uri: &'a str,
    /// The secrets of this sign-in.
    pub secrets: &'a SignInSecrets,
    /// The email that the person entered.
    pub login_hint: Option<&'a str>,
    /// Google's hint for the organization. Only the claim `hd` proves it.
    pub hosted_domain: Option<&'a str>,
    /// Whether the provider must ask for the password again.
    pub reauthenticate: bool,
    /// Whether the provider must offer other accounts.
    pub select_account: bool,
}

impl AuthorizationRequest<'_> {
    /// The address to which the browser is redirected. It keeps the query that the endpoint has already.
    pub fn url(&self) -> String {
        let challenge = encode_url(digest(&SHA256, self.secrets.code_verifier.expose().as_bytes()).as_ref());
        let required = [
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", SCOPE),
            ("state", self.secrets.state.expose()),
            ("nonce", self.secrets.nonce.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let reauthentication: &[_] = match (self.reauthenticate, self.select_account) {
            (true, _) => &[("prompt", "login"), ("max_age", "0")],
            // Google has no `login`, and others have no `select_account`.
            (false, true) if self.authorization_endpoint.as_str().starts_with("https://accounts.google.com/") => {
                &[("prompt", "select_account")]
            }
            (false, true) => &[("prompt", "login")],
            (false, false) => &[],
        };
        let hints = [("login_hint", self.login_hint), ("hd", self.hosted_domain)];
        let hints = hints.into_iter().filter_map(|(name, value)| Some((name, value?)));
        self.authorization_endpoint
            .with_parameters(required.into_iter().chain(reauthentication.iter().copied()).chain(hints))
    }
}
