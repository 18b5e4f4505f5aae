//! Verification. [`Verified`] holds the octets that were digested, and only this module makes one.
//!
//! Invariant: an identity is read from a [`Verified`], never from the document that was received. Every known break of
//! SAML libraries read something else than what they had verified.

use crate::{
    algorithm::SignatureAlgorithm,
    canonical::canonicalize,
    certificate::SigningCertificate,
    decryption::Decryption,
    response_error::ResponseError,
    signature::{self, SignatureParts},
};
#[cfg(feature = "encryption")]
use crate::{
    canonical::Canonicalization,
    document, encryption,
    prepass::{self, Limits},
    structure,
};
use roxmltree::Node;

/// The element that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedElement {
    /// `samlp:Response`.
    Response,
    /// `saml:Assertion`.
    Assertion,
}

/// How a signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureFacts {
    /// The signed element.
    pub element: SignedElement,
    /// The index of the certificate among those of the method.
    pub certificate: usize,
    /// The fingerprint of the certificate.
    pub fingerprint: String,
    /// The algorithm.
    pub algorithm: SignatureAlgorithm,
}

/// The octets of an element whose signature was verified.
///
/// ```compile_fail,E0451
/// fn forge(octets: String, facts: saml::SignatureFacts) -> saml::verified::Verified {
///     saml::verified::Verified { octets, facts }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    octets: String,
    facts: SignatureFacts,
}

impl Verified {
    /// The canonical form of the signed element without its signature: exactly what was digested.
    pub fn octets(&self) -> &str {
        &self.octets
    }

    /// How it was verified.
    pub fn facts(&self) -> &SignatureFacts {
        &self.facts
    }
}

/// Verifies the signature of `signed` with one of the certificates.
///
/// # Errors
/// The first failure of the shape, the algorithms, the signature or the digest.
pub(crate) fn verify(
    element: SignedElement,
    signed: Node<'_, '_>,
    signature: Node<'_, '_>,
    certificates: &[SigningCertificate],
) -> Result<Verified, ResponseError> {
    let parts = signature::parts(signature, signed)?;
    let (certificate, fingerprint) = verify_signed_info(&parts, certificates)?;
    let octets = canonicalize(signed, &parts.reference_method, Some(parts.element.id()));
    if octets.is_empty() || parts.digest.digest(octets.as_bytes()).as_ref() != parts.digest_value.as_slice() {
        return Err(ResponseError::Digest);
    }
    let facts = SignatureFacts { element, certificate, fingerprint, algorithm: parts.algorithm };
    Ok(Verified { octets, facts })
}

/// Decrypts an assertion and verifies it. `outer` is the response around it, if it is signed. Then its octets are decrypted,
/// and the assertion needs no signature of its own.
///
/// # Errors
/// Those of [`decrypt`](encryption::decrypt), and [`ResponseError::Decryption`] for everything after it.
#[cfg(feature = "encryption")]
pub(crate) fn verify_encrypted(
    outer: Option<&Verified>,
    encrypted: Node<'_, '_>,
    certificates: &[SigningCertificate],
    decryption: &Decryption<'_>,
) -> Result<Verified, ResponseError> {
    let plain = match outer {
        Some(outer) => {
            let document = document::parse_trusted(outer.octets())?;
            encryption::decrypt(structure::of_response(document.root_element())?.assertion, decryption)?
        }
        None => encryption::decrypt(encrypted, decryption)?,
    };
    verify_plain(outer, &plain, certificates).map_err(|_| ResponseError::Decryption)
}

#[cfg(not(feature = "encryption"))]
pub(crate) fn verify_encrypted(
    _: Option<&Verified>,
    _: Node<'_, '_>,
    _: &[SigningCertificate],
    _: &Decryption<'_>,
) -> Result<Verified, ResponseError> {
    Err(ResponseError::Encrypted)
}

/// The decrypted octets are one assertion, to which all rules apply again.
#[cfg(feature = "encryption")]
fn verify_plain(
    outer: Option<&Verified>,
    plain: &[u8],
    certificates: &[SigningCertificate],
) -> Result<Verified, ResponseError> {
    let text = prepass::decode(plain)?;
    let document = document::parse(&text, &Limits::RESPONSE)?;
    let assertion = document.root_element();
    match (structure::of_assertion(assertion)?.assertion_signature, outer) {
        (Some(signature), _) => verify(SignedElement::Assertion, assertion, signature, certificates),
        (None, Some(outer)) => {
            let octets = canonicalize(assertion, &Canonicalization::Exclusive(Vec::new()), None);
            Ok(Verified { octets, facts: outer.facts.clone() })
        }
        (None, None) => Err(ResponseError::Unsigned),
    }
}

/// The index and the fingerprint of the certificate that verifies `SignedInfo`.
fn verify_signed_info(
    parts: &SignatureParts<'_, '_>,
    certificates: &[SigningCertificate],
) -> Result<(usize, String), ResponseError> {
    let signed_info = canonicalize(parts.signed_info, &parts.signed_info_method, None);
    let verifies = |certificate: &SigningCertificate| {
        parts.algorithm.verifies(certificate.key(), signed_info.as_bytes(), &parts.value)
    };
    certificates
        .iter()
        .enumerate()
        .find(|(_, certificate)| verifies(certificate))
        .map(|(index, certificate)| (index, certificate.fingerprint().to_owned()))
        .ok_or(ResponseError::Signature { certificates: certificates.len() })
}
