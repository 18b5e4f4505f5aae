//! Public keys (RFC 7517; RFC 7518, section 6; RFC 8037, section 2).

use crate::{
    algorithm::SignatureAlgorithm,
    base64::decode_key_member,
    excerpt::excerpt,
    json::{self, Object},
    key_defect::KeyDefect,
};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

/// The bits of an RSA modulus that `ring` accepts.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The type of a key, with its curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `RSA`.
    Rsa,
    /// `EC` on P-256.
    P256,
    /// `EC` on P-384.
    P384,
    /// `OKP` on Ed25519.
    Ed25519,
}

/// A public key that can verify signatures. `x5c`, `x5u` and other members are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonWebKey {
    kid: Option<String>,
    alg: Option<String>,
    public_key: PublicKey,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PublicKey {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point.
    P256(Vec<u8>),
    /// An uncompressed point.
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl JsonWebKey {
    /// Parses one entry of a key set.
    pub(crate) fn parse(value: &Value) -> Result<Self, KeyDefect> {
        let object = value.as_object().ok_or(KeyDefect::NotAnObject)?;
        let text = |name| json::text(object, name).map_err(|_| KeyDefect::Member(name));
        let (kid, alg) = (text("kid")?.map(str::to_owned), text("alg")?.map(excerpt));
        let public_key = match text("kty")?.ok_or(KeyDefect::Member("kty"))? {
            "RSA" => rsa(object)?,
            "EC" => match text("crv")?.ok_or(KeyDefect::Member("crv"))? {
                "P-256" => PublicKey::P256(point(object, 32)?),
                "P-384" => PublicKey::P384(point(object, 48)?),
                other => return Err(KeyDefect::Curve(excerpt(other))),
            },
            "OKP" => match text("crv")?.ok_or(KeyDefect::Member("crv"))? {
                "Ed25519" => PublicKey::Ed25519(
                    bytes(object, "x")?
                        .try_into()
                        .map(|key: [u8; 32]| key.to_vec())
                        .map_err(|_| KeyDefect::Member("x"))?,
                ),
                other => return Err(KeyDefect::Curve(excerpt(other))),
            },
            "oct" => return Err(KeyDefect::Symmetric),
            other => return Err(KeyDefect::Type(excerpt(other))),
        };
        let operations = json::texts(object, "key_ops").map_err(|_| KeyDefect::Member("key_ops"))?;
        let can_verify = operations.is_none_or(|operations| operations.iter().any(|name| name == "verify"));
        if text("use")?.is_some_and(|usage| usage != "sig") || !can_verify {
            return Err(KeyDefect::Use);
        }
        Ok(Self { kid, alg, public_key })
    }

    /// `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `alg`.
    pub fn alg(&self) -> Option<&str> {
        self.alg.as_deref()
    }

    /// `kty` and `crv`.
    pub const fn key_type(&self) -> KeyType {
        match self.public_key {
            PublicKey::Rsa { .. } => KeyType::Rsa,
            PublicKey::P256(_) => KeyType::P256,
            PublicKey::P384(_) => KeyType::P384,
            PublicKey::Ed25519(_) => KeyType::Ed25519,
        }
    }

    /// Whether the key may verify a signature of this algorithm.
    pub fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        let key_type = match algorithm {
            SignatureAlgorithm::Es256 => KeyType::P256,
            SignatureAlgorithm::Es384 => KeyType::P384,
            SignatureAlgorithm::EdDsa => KeyType::Ed25519,
            _ => KeyType::Rsa,
        };
        self.key_type() == key_type && self.alg.as_ref().is_none_or(|alg| alg == algorithm.name())
    }

    /// Whether the signature of the message is valid.
    pub(crate) fn verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        let result = match &self.public_key {
            PublicKey::Rsa { n, e } => match rsa_parameters(algorithm) {
                Some(parameters) => RsaPublicKeyComponents { n, e }.verify(parameters, message, signature),
                None => return false,
            },
            PublicKey::P256(point) => verify(&signature::ECDSA_P256_SHA256_FIXED, point, message, signature),
            PublicKey::P384(point) => verify(&signature::ECDSA_P384_SHA384_FIXED, point, message, signature),
            PublicKey::Ed25519(key) => verify(&signature::ED25519, key, message, signature),
        };
        result.is_ok()
    }
}

fn verify(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), ring::error::Unspecified> {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature)
}

fn rsa_parameters(algorithm: SignatureAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        SignatureAlgorithm::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        SignatureAlgorithm::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        SignatureAlgorithm::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        SignatureAlgorithm::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        SignatureAlgorithm::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        SignatureAlgorithm::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384 | SignatureAlgorithm::EdDsa => None,
    }
}

fn rsa(object: &Object) -> Result<PublicKey, KeyDefect> {
    let n = without_leading_zeros(bytes(object, "n")?);
    let e = without_leading_zeros(bytes(object, "e")?);
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        return Err(KeyDefect::RsaBits(bits));
    }
    let exponent = e.iter().try_fold(0u64, |value, byte| Some(value.checked_mul(256)? | u64::from(*byte)));
    match exponent {
        Some(value) if (3..1 << 33).contains(&value) && value % 2 == 1 => {}
        _ => return Err(KeyDefect::RsaExponent),
    }
    Ok(PublicKey::Rsa { n, e })
}

/// The uncompressed point of the members `x` and `y`. `ring` checks that it is on the curve.
fn point(object: &Object, length: usize) -> Result<Vec<u8>, KeyDefect> {
    let mut point = vec![4];
    for name in ["x", "y"] {
        let coordinate = without_leading_zeros(bytes(object, name)?);
        let padding = length.checked_sub(coordinate.len()).ok_or(KeyDefect::Member(name))?;
        point.resize(point.len() + padding, 0);
        point.extend(coordinate);
    }
    Ok(point)
}

fn bytes(object: &Object, name: &'static str) -> Result<Vec<u8>, KeyDefect> {
    let text = json::text(object, name).ok().flatten();
    text.and_then(decode_key_member).ok_or(KeyDefect::Member(name))
}

/// Some providers write a zero first, as signed numbers have it. Others drop one that a coordinate needs.
fn without_leading_zeros(bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.into_iter().skip(zeros).collect()
}
