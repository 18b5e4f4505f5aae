//! Secrets of a sign-in. `Debug` shows none of them, and none implements `Display` or `Serialize`.

use std::fmt;
use subtle::ConstantTimeEq as _;

macro_rules! secret_text {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(String);

        impl $name {
            /// Wraps a text that another part of the program received or stored.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text, for a request or for an encrypted store.
            pub fn expose(&self) -> &str {
                &self.0
            }

            /// Compares in constant time for texts of one length. An empty secret matches nothing.
            pub fn matches(&self, text: &str) -> bool {
                !self.0.is_empty() && self.0.as_bytes().ct_eq(text.as_bytes()).into()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )*};
}

secret_text! {
    /// The secret that the provider gave to the client.
    ClientSecret
    /// The parameter `state`, which binds the callback to the browser.
    StateParameter
    /// The parameter `nonce`, which binds the ID token to the authorization request.
    NonceParameter
    /// The code verifier (RFC 7636), which binds the code to the authorization request.
    CodeVerifier
    /// The code of the callback.
    AuthorizationCode
    /// The access token of the token response.
    AccessToken
    /// The ID token as it was received.
    RawIdToken
    /// The logout token as it was received.
    RawLogoutToken
    /// The body of a token request.
    RequestBody
    /// The value of the header `Authorization` of a request.
    AuthorizationHeader
}
