//! A SCIM API key in clear: it exists for one response.

use secrecy::{ExposeSecret as _, SecretString};

/// A SCIM API key in clear. It is neither `Serialize` nor `Display`, `Debug` prints the type's name only, and dropping it wipes
/// its memory.
pub struct PlainKey(SecretString);

impl PlainKey {
    /// Wraps a new key.
    pub fn new(key: String) -> Self {
        Self(key.into())
    }

    /// The key itself, for the one response that contains it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for PlainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlainKey")
    }
}
