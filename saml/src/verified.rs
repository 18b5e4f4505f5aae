//! Verification. [`Verified`] holds the octets that were digested, and only this module makes one.
//!
//! Invariant: an identity is read from a [`Verified`], never from the document that was received. Every known break of
//! SAML libraries read something else than what they had verified.

use crate::{
    algorithm::SignatureAlgorithm,
    canonical::canonicalize,
    certificate::SigningCertificate,
    response_error::ResponseError,
    signature::{self, SignatureParts},
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
