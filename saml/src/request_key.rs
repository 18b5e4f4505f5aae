//! The key of the service provider, which signs requests, and its self-signed certificate.
//!
//! ring creates only ECDSA keys. An RSA key from elsewhere signs, too.

use crate::{
    algorithm::{Hash, Scheme, SignatureAlgorithm},
    certificate,
};
use domain::UnixMs;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyIdMethod, PublicKeyData, SerialNumber, SigningKey};
use ring::{
    digest,
    rand::SecureRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256,
        RsaKeyPair,
    },
};
use std::fmt;
use time::OffsetDateTime;

/// A key that cannot be created, read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key of the service provider cannot be used")]
pub struct RequestKeyError;

enum Pair {
    Rsa(Box<RsaKeyPair>),
    /// The second form signs certificates, whose signatures are in DER.
    P256(Box<EcdsaKeyPair>, Box<EcdsaKeyPair>),
}

/// A private key: RSA, or ECDSA on P-256.
pub struct RequestKey(Pair);

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestKey({})", self.algorithm().name())
    }
}

/// Creates an ECDSA key on P-256: PKCS #8 in DER. The result is secret.
///
/// # Errors
/// [`RequestKeyError`]: the source of random numbers failed.
pub fn generate(random: &dyn SecureRandom) -> Result<Vec<u8>, RequestKeyError> {
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, random).map_err(|_| RequestKeyError)?;
    Ok(document.as_ref().to_vec())
}

/// What a certificate contains besides the key.
#[derive(Clone, Copy, Debug)]
pub struct CertificateSubject<'a> {
    /// The common name.
    pub common_name: &'a str,
    /// The begin of the validity.
    pub not_before: UnixMs,
    /// The end of the validity.
    pub not_after: UnixMs,
    /// Random bytes for the serial number.
    pub serial_number: [u8; 16],
}

impl RequestKey {
    /// Reads PKCS #8 in DER.
    ///
    /// # Errors
    /// [`RequestKeyError`]: neither RSA of 2,048 to 4,096 bits nor ECDSA on P-256.
    pub fn from_pkcs8(pkcs8: &[u8], random: &dyn SecureRandom) -> Result<Self, RequestKeyError> {
        if let Ok(pair) = RsaKeyPair::from_pkcs8(pkcs8) {
            return Ok(Self(Pair::Rsa(Box::new(pair))));
        }
        let fixed = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, random);
        let der = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, random);
        match (fixed, der) {
            (Ok(fixed), Ok(der)) => Ok(Self(Pair::P256(Box::new(fixed), Box::new(der)))),
            _ => Err(RequestKeyError),
        }
    }

    /// The algorithm of its signatures.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        let scheme = match &self.0 {
            Pair::Rsa(_) => Scheme::RsaPkcs1,
            Pair::P256(..) => Scheme::Ecdsa,
        };
        SignatureAlgorithm { scheme, hash: Hash::Sha256 }
    }

    /// Signs in the form of XML Signature.
    ///
    /// # Errors
    /// [`RequestKeyError`]: the source of random numbers failed.
    pub fn sign(&self, message: &[u8], random: &dyn SecureRandom) -> Result<Vec<u8>, RequestKeyError> {
        match &self.0 {
            Pair::Rsa(pair) => sign_rsa(pair, message, random),
            Pair::P256(fixed, _) => Ok(fixed.sign(random, message).map_err(|_| RequestKeyError)?.as_ref().to_vec()),
        }
    }

    /// A self-signed certificate in DER.
    ///
    /// # Errors
    /// [`RequestKeyError`]: the validity cannot be written, or signing failed.
    pub fn self_signed(
        &self,
        subject: &CertificateSubject<'_>,
        random: &dyn SecureRandom,
    ) -> Result<Vec<u8>, RequestKeyError> {
        let at = |at: UnixMs| OffsetDateTime::from_unix_timestamp(at.div_euclid(1_000)).map_err(|_| RequestKeyError);
        let mut params = CertificateParams::default();
        params.not_before = at(subject.not_before)?;
        params.not_after = at(subject.not_after)?;
        params.serial_number = Some(positive(subject.serial_number));
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, subject.common_name);
        let key_id = digest::digest(&digest::SHA256, self.public_key());
        params.key_identifier_method = KeyIdMethod::PreSpecified(key_id.as_ref().iter().copied().take(20).collect());
        let certificate = params.self_signed(&CertificateSigner { key: self, random }).map_err(|_| RequestKeyError)?;
        Ok(certificate.der().to_vec())
    }

    fn public_key(&self) -> &[u8] {
        match &self.0 {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::P256(fixed, _) => fixed.public_key().as_ref(),
        }
    }
}

/// The fingerprint of a certificate, as [`SigningCertificate`](crate::SigningCertificate) has it.
pub fn fingerprint(der: &[u8]) -> String {
    certificate::fingerprint(der)
}

fn sign_rsa(pair: &RsaKeyPair, message: &[u8], random: &dyn SecureRandom) -> Result<Vec<u8>, RequestKeyError> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature).map_err(|_| RequestKeyError)?;
    Ok(signature)
}

/// A serial number is positive (RFC 5280, section 4.1.2.2).
fn positive(mut bytes: [u8; 16]) -> SerialNumber {
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x7F | 0x40;
    }
    SerialNumber::from_slice(&bytes)
}

struct CertificateSigner<'a> {
    key: &'a RequestKey,
    random: &'a dyn SecureRandom,
}

impl PublicKeyData for CertificateSigner<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.key.public_key()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.key.0 {
            Pair::Rsa(_) => &rcgen::PKCS_RSA_SHA256,
            Pair::P256(..) => &rcgen::PKCS_ECDSA_P256_SHA256,
        }
    }
}

impl SigningKey for CertificateSigner<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = match &self.key.0 {
            Pair::Rsa(pair) => sign_rsa(pair, message, self.random),
            Pair::P256(_, der) => {
                der.sign(self.random, message).map(|signature| signature.as_ref().to_vec()).map_err(|_| RequestKeyError)
            }
        };
        signature.map_err(|_| rcgen::Error::RemoteKeyError)
    }
}
