//! Signature algorithms of tokens (RFC 7518, section 3.1; RFC 8037, section 3.1).

use crate::{error::OidcError, excerpt::excerpt};
use ring::digest;

/// A signature algorithm that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl SignatureAlgorithm {
    /// Every accepted algorithm.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The value of `alg`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Parses the value of `alg`. Letter case matters.
    ///
    /// # Errors
    /// The token is not signed, is signed with the client secret, or has an algorithm that is not accepted.
    pub fn parse(name: &str) -> Result<Self, OidcError> {
        match Self::ALL.into_iter().find(|algorithm| algorithm.name() == name) {
            Some(algorithm) => Ok(algorithm),
            None if name.is_empty() || name.eq_ignore_ascii_case("none") => {
                Err(OidcError::TokenUnsigned(excerpt(name)))
            }
            None if ["HS256", "HS384", "HS512"].iter().any(|symmetric| name.eq_ignore_ascii_case(symmetric)) => {
                Err(OidcError::AlgorithmSymmetric(excerpt(name)))
            }
            None => Err(OidcError::AlgorithmUnsupported(excerpt(name))),
        }
    }

    /// The hash for `at_hash` (Core 1.0, section 3.1.3.6). That of Ed25519 is SHA-512.
    pub(crate) fn hash(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            Self::Rs512 | Self::Ps512 | Self::EdDsa => &digest::SHA512,
        }
    }
}
