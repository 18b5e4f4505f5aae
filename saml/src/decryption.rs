//! Keys for encrypted assertions. Without the feature `encryption` there is none, so encrypted assertions are refused.

use ring::rand::SecureRandom;
use std::fmt;

/// A private RSA key that decrypts assertions.
pub struct DecryptionKey {
    #[cfg(feature = "encryption")]
    pub(crate) key: rsa::PrivateKey,
    #[cfg(not(feature = "encryption"))]
    _never: std::convert::Infallible,
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey")
    }
}

/// The keys of a method: two while its key is rolled.
#[derive(Clone, Copy)]
pub struct Decryption<'a> {
    /// The keys.
    pub keys: &'a [DecryptionKey],
    /// The source of random numbers that hide the key from measurements of time.
    pub random: &'a dyn SecureRandom,
}

impl fmt::Debug for Decryption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decryption({} keys)", self.keys.len())
    }
}
