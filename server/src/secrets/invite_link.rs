//! The token of an invite's link, in clear: it exists for one response.

use crate::secrets::{hex, random};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The secret part of an invite's link: 256 random bits. It is neither `Serialize` nor `Display`, `Debug` prints the type's
/// name only, and dropping it wipes its memory.
pub struct InviteToken(SecretString);

impl InviteToken {
    pub(crate) fn new() -> Self {
        let bytes = Zeroizing::new(random::<32>());
        Self(hex(bytes.as_slice()).into())
    }

    /// Parses a token from a URL. `None`: the text does not have the form of a token.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 64 && text.bytes().all(is_digit)).then(|| Self(text.to_owned().into()))
    }

    /// The token itself, for the one response that contains it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The token's hash for the database. It is not a slow hash, because the token has 256 random bits.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.expose_secret().as_bytes()))
    }
}

impl std::fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InviteToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_debug_hides_them() {
        let (one, two) = (InviteToken::new(), InviteToken::new());
        assert_ne!(one.expose(), two.expose());
        assert_ne!(one.expose(), one.hash());
        assert_eq!(format!("{one:?}"), "InviteToken");
        assert_eq!(InviteToken::parse(one.expose()).unwrap().hash(), one.hash());
        for text in ["", "x", &"A".repeat(64), &"g".repeat(64), &"a".repeat(65), &"\0".repeat(64)] {
            assert!(InviteToken::parse(text).is_none(), "{text}");
        }
    }
}
