//! The signing certificates of a provider.
//!
//! A certificate carries a key that an Admin pinned. Its dates and its own signature do not matter for trust.

use der::{
    Decode, Reader, SliceReader,
    asn1::{BitStringRef, UintRef},
};
use domain::{
    UnixMs,
    validation::{
        certificate::{self, X509Certificate},
        field_error::FieldError,
    },
};
use ring::digest;

/// Lower bound of RSA keys in bits (NIST SP 800-131A).
pub const MIN_RSA_BITS: usize = 2_048;
/// Upper bound of RSA keys in bits, because a verification takes longer with longer keys.
const MAX_RSA_BITS: usize = 8_192;

/// AlgorithmIdentifier of RSA keys (RFC 3279, section 2.3.1), with NULL and, against the RFC, without.
const RSA: [&[u8]; 2] = [
    &[0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00],
    &[0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01],
];
/// AlgorithmIdentifier of keys on P-256 (RFC 5480, section 2.1.1).
const P256: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03,
    0x01, 0x07,
];
/// AlgorithmIdentifier of keys on P-384.
const P384: &[u8] =
    &[0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];

/// A certificate that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The text is not one certificate.
    #[error("it is not one readable certificate")]
    Unreadable(FieldError),
    /// The RSA key is too short or too long.
    #[error("its RSA key has {bits} bits, but 2048 to 8192 are accepted")]
    KeySize {
        /// The length of the key.
        bits: usize,
    },
    /// Neither RSA nor ECDSA on P-256 or P-384, or an RSA key with an unusable exponent.
    #[error("its key is neither RSA nor ECDSA on P-256 or P-384")]
    UnsupportedKey,
}

/// The public key of a certificate, in the form that ring reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// `RSAPublicKey` in DER.
    Rsa(Vec<u8>),
    /// An uncompressed point.
    P256(Vec<u8>),
    /// An uncompressed point.
    P384(Vec<u8>),
}

/// A certificate that verifies signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningCertificate {
    key: PublicKey,
    key_name: String,
    fingerprint: String,
    certificate: X509Certificate,
}

impl SigningCertificate {
    /// Reads PEM, or the base64 text of `ds:X509Certificate`.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn read(text: &str) -> Result<Self, CertificateError> {
        let certificate = certificate::read_base64(text).map_err(CertificateError::Unreadable)?;
        let (key, key_name) = public_key(&certificate.public_key)?;
        Ok(Self { key, key_name, fingerprint: fingerprint(&certificate.der), certificate })
    }

    /// SHA-256 of the certificate: `3A:0F:…`.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// "RSA 2048", "ECDSA P-256".
    pub fn key_name(&self) -> &str {
        &self.key_name
    }

    /// The begin of the validity, for information.
    pub fn not_before(&self) -> UnixMs {
        self.certificate.not_before
    }

    /// The end of the validity, for information.
    pub fn not_after(&self) -> UnixMs {
        self.certificate.not_after
    }

    /// PEM, lines of 64 characters.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// SHA-256 in upper case, with colons between the bytes.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    let hex: Vec<String> =
        digest::digest(&digest::SHA256, der).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    hex.join(":")
}

/// The key of a `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7), and its name.
fn public_key(info: &[u8]) -> Result<(PublicKey, String), CertificateError> {
    let (algorithm, key) = split(info).map_err(|_| CertificateError::UnsupportedKey)?;
    if algorithm == P256 {
        return Ok((PublicKey::P256(key.to_owned()), "ECDSA P-256".to_owned()));
    }
    if algorithm == P384 {
        return Ok((PublicKey::P384(key.to_owned()), "ECDSA P-384".to_owned()));
    }
    if !RSA.contains(&algorithm) {
        return Err(CertificateError::UnsupportedKey);
    }
    let (modulus, exponent) = rsa_numbers(key).map_err(|_| CertificateError::UnsupportedKey)?;
    let bits = bits(&modulus);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(CertificateError::KeySize { bits });
    }
    // With the exponent 1, every text is its own signature. An even exponent has no inverse.
    let is_odd = exponent.last().is_some_and(|last| last % 2 == 1);
    if exponent == [1] || !is_odd {
        return Err(CertificateError::UnsupportedKey);
    }
    Ok((PublicKey::Rsa(key.to_owned()), format!("RSA {bits}")))
}

/// The algorithm in DER, and the bits of the key.
fn split(info: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(info)?;
    let parts =
        reader.sequence(|info| der::Result::Ok((info.tlv_bytes()?, BitStringRef::decode(info)?.raw_bytes())))?;
    reader.finish()?;
    Ok(parts)
}

fn rsa_numbers(key: &[u8]) -> der::Result<(Vec<u8>, Vec<u8>)> {
    let mut reader = SliceReader::new(key)?;
    let numbers = reader.sequence(|key| {
        let (modulus, exponent) = (UintRef::decode(key)?, UintRef::decode(key)?);
        der::Result::Ok((modulus.as_bytes().to_owned(), exponent.as_bytes().to_owned()))
    })?;
    reader.finish()?;
    Ok(numbers)
}

/// The length of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    let mut digits = number.iter().skip_while(|byte| **byte == 0);
    let Some(first) = digits.next() else { return 0 };
    digits.count() * 8 + usize::try_from(8 - first.leading_zeros()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value in DER with a length of two bytes.
    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        match content.len() {
            0..128 => [&[tag, low], content].concat(),
            128..256 => [&[tag, 0x81, low], content].concat(),
            _ => [&[tag, 0x82, high, low], content].concat(),
        }
    }

    /// `SubjectPublicKeyInfo` of an RSA key.
    fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        let numbers = [tlv(0x02, modulus), tlv(0x02, exponent)].concat();
        let bits = [&[0], tlv(0x30, &numbers).as_slice()].concat();
        tlv(0x30, &[RSA[0], &tlv(0x03, &bits)].concat())
    }

    /// An odd modulus of this many bytes, whose first bit is set.
    fn modulus(bytes: usize) -> Vec<u8> {
        [&[0], vec![0xC1; bytes].as_slice()].concat()
    }

    #[test]
    fn rsa_keys_have_2048_to_8192_bits() {
        for (bytes, bits, is_accepted) in
            [(255, 2_040, false), (256, 2_048, true), (1_024, 8_192, true), (1_025, 8_200, false)]
        {
            let key = public_key(&rsa(&modulus(bytes), &[1, 0, 1]));
            let expected =
                if is_accepted { Ok(format!("RSA {bits}")) } else { Err(CertificateError::KeySize { bits }) };
            assert_eq!(key.map(|(_, name)| name), expected);
        }
    }

    #[test]
    fn exponents_that_verify_anything_or_nothing_are_refused() {
        for exponent in [&[1][..], &[2], &[0], &[1, 0, 0]] {
            assert_eq!(
                public_key(&rsa(&modulus(256), exponent)),
                Err(CertificateError::UnsupportedKey),
                "{exponent:?}"
            );
        }
        assert!(public_key(&rsa(&modulus(256), &[3])).is_ok());
    }

    #[test]
    fn other_keys_and_broken_keys_are_refused() {
        let good = rsa(&modulus(256), &[1, 0, 1]);
        let longer = [good.as_slice(), &[0]].concat();
        let negative = rsa(&[0x81; 256], &[1, 0, 1]);
        for info in [&[][..], &good[1..], &good[..good.len() - 1], &longer, &negative] {
            assert_eq!(public_key(info), Err(CertificateError::UnsupportedKey));
        }
    }
}
