//! Algorithms of XML Signature (RFC 9231), as far as ring has them.

use crate::certificate::PublicKey;
use der::{
    Encode, Tag,
    asn1::{AnyRef, UintRef},
};
use ring::{digest, signature, signature::VerificationAlgorithm};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    const ALL: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];

    /// The identifier as a `DigestMethod`.
    pub const fn uri(self) -> &'static str {
        match self {
            Hash::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Hash::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Hash::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The hash of an identifier.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Hash::ALL.into_iter().find(|hash| hash.uri() == uri)
    }

    pub(crate) fn digest(self, octets: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, octets)
    }

    const fn name(self) -> &'static str {
        match self {
            Hash::Sha256 => "SHA-256",
            Hash::Sha384 => "SHA-384",
            Hash::Sha512 => "SHA-512",
        }
    }
}

/// The kind of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS, with MGF1 of the same hash and a salt of its length.
    RsaPss,
    /// ECDSA.
    Ecdsa,
}

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The kind.
    pub scheme: Scheme,
    /// The hash.
    pub hash: Hash,
}

impl SignatureAlgorithm {
    /// Every accepted algorithm. ring has no ECDSA with SHA-512.
    pub const ALL: [SignatureAlgorithm; 8] = [
        Self { scheme: Scheme::RsaPkcs1, hash: Hash::Sha256 },
        Self { scheme: Scheme::RsaPkcs1, hash: Hash::Sha384 },
        Self { scheme: Scheme::RsaPkcs1, hash: Hash::Sha512 },
        Self { scheme: Scheme::RsaPss, hash: Hash::Sha256 },
        Self { scheme: Scheme::RsaPss, hash: Hash::Sha384 },
        Self { scheme: Scheme::RsaPss, hash: Hash::Sha512 },
        Self { scheme: Scheme::Ecdsa, hash: Hash::Sha256 },
        Self { scheme: Scheme::Ecdsa, hash: Hash::Sha384 },
    ];

    /// The identifier as a `SignatureMethod`.
    pub const fn uri(self) -> &'static str {
        match (self.scheme, self.hash) {
            (Scheme::RsaPkcs1, Hash::Sha256) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            (Scheme::RsaPkcs1, Hash::Sha384) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            (Scheme::RsaPkcs1, Hash::Sha512) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            (Scheme::RsaPss, Hash::Sha256) => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            (Scheme::RsaPss, Hash::Sha384) => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            (Scheme::RsaPss, Hash::Sha512) => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
            (Scheme::Ecdsa, Hash::Sha256) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            (Scheme::Ecdsa, Hash::Sha384) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            (Scheme::Ecdsa, Hash::Sha512) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        }
    }

    /// The algorithm of an identifier.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.uri() == uri)
    }

    /// "RSA with SHA-256".
    pub fn name(self) -> String {
        let scheme = match self.scheme {
            Scheme::RsaPkcs1 => "RSA",
            Scheme::RsaPss => "RSA-PSS",
            Scheme::Ecdsa => "ECDSA",
        };
        format!("{scheme} with {}", self.hash.name())
    }

    /// Verifies a signature in the form of XML Signature. A key of another kind verifies nothing.
    pub(crate) fn verifies(self, key: &PublicKey, message: &[u8], value: &[u8]) -> bool {
        let verify = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8], value: &[u8]| {
            signature::UnparsedPublicKey::new(algorithm, key).verify(message, value).is_ok()
        };
        match (key, self.scheme, self.hash) {
            (PublicKey::Rsa(key), Scheme::RsaPkcs1, Hash::Sha256) => {
                verify(&signature::RSA_PKCS1_2048_8192_SHA256, key, value)
            }
            (PublicKey::Rsa(key), Scheme::RsaPkcs1, Hash::Sha384) => {
                verify(&signature::RSA_PKCS1_2048_8192_SHA384, key, value)
            }
            (PublicKey::Rsa(key), Scheme::RsaPkcs1, Hash::Sha512) => {
                verify(&signature::RSA_PKCS1_2048_8192_SHA512, key, value)
            }
            (PublicKey::Rsa(key), Scheme::RsaPss, Hash::Sha256) => {
                verify(&signature::RSA_PSS_2048_8192_SHA256, key, value)
            }
            (PublicKey::Rsa(key), Scheme::RsaPss, Hash::Sha384) => {
                verify(&signature::RSA_PSS_2048_8192_SHA384, key, value)
            }
            (PublicKey::Rsa(key), Scheme::RsaPss, Hash::Sha512) => {
                verify(&signature::RSA_PSS_2048_8192_SHA512, key, value)
            }
            (PublicKey::P256(key), Scheme::Ecdsa, Hash::Sha256) => {
                verify(&signature::ECDSA_P256_SHA256_FIXED, key, value)
            }
            (PublicKey::P384(key), Scheme::Ecdsa, Hash::Sha384) => {
                verify(&signature::ECDSA_P384_SHA384_FIXED, key, value)
            }
            // ring has these pairs for signatures in DER only.
            (PublicKey::P256(key), Scheme::Ecdsa, Hash::Sha384) => {
                in_der(value, 64).is_some_and(|value| verify(&signature::ECDSA_P256_SHA384_ASN1, key, &value))
            }
            (PublicKey::P384(key), Scheme::Ecdsa, Hash::Sha256) => {
                in_der(value, 96).is_some_and(|value| verify(&signature::ECDSA_P384_SHA256_ASN1, key, &value))
            }
            _ => false,
        }
    }
}

/// `ECDSA-Sig-Value` (RFC 3279, section 2.2.3) of a signature in the form r || s (RFC 4050, section 3.3).
fn in_der(value: &[u8], length: usize) -> Option<Vec<u8>> {
    let (r, s) = (value.len() == length).then(|| value.split_at_checked(length / 2))??;
    let mut numbers = UintRef::new(r).ok()?.to_der().ok()?;
    numbers.extend(UintRef::new(s).ok()?.to_der().ok()?);
    AnyRef::new(Tag::Sequence, &numbers).ok()?.to_der().ok()
}
