//! A SCIM API key in clear: it exists for one answer.

use secrecy::{ExposeSecret as _, SecretString};

/// A SCIM API key in clear. It is neither `Serialize` nor `Display`, and `Debug` prints the type's name only; its memory
/// is wiped when it goes.
pub struct PlainKey(SecretString);

impl PlainKey {
    /// Wraps a key that was just made.
    pub fn new(key: String) -> Self {
        Self(key.into())
    }

    /// The key itself, for the one answer that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for PlainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlainKey")
    }
}
