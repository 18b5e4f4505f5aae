//! X.509 certificates in PEM (RFC 7468, RFC 5280), as far as a form must understand them.
//!
//! Nothing is verified here. A SAML signing certificate is trusted because an Admin pastes it, not because of a
//! signature. The checks are that the text is one certificate, and that the certificate is valid now.

use crate::{UnixMs, format::date, validation::field_error::FieldError};
use base64ct::{Base64, Encoding};
use der::{
    Decode, Header, Reader, SliceReader, Tag, TagNumber,
    asn1::{GeneralizedTime, UtcTime},
};

/// Upper bound of the text in bytes. A certificate has 1 to 4 KiB.
pub const MAX: usize = 64 * 1024;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const LABEL: &str = "CERTIFICATE";
/// The width of PEM's lines (RFC 7468, section 2).
const WIDTH: usize = 64;

/// A valid certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// PEM, one certificate, lines of 64 characters that end in `\n`.
    pub pem: String,
    /// The end of its validity.
    pub not_after: UnixMs,
}

/// Checks a pasted certificate: PEM, one, X.509, valid now.
///
/// The check tolerates lines of any width, CRLF, text around the markers, and `\n` as two characters (as in JSON). The
/// result always has the same PEM form.
///
/// # Errors
/// [`FieldError::Missing`], [`FieldError::TooLong`] (more than [`MAX`]), [`FieldError::NotPem`],
/// [`FieldError::PrivateKey`] (also beside a certificate, because no one should paste it at all),
/// [`FieldError::ManyCertificates`], [`FieldError::NotACertificate`], [`FieldError::CertificateExpired`],
/// [`FieldError::CertificateNotYetValid`].
pub fn check(typed: &str, now: UnixMs) -> Result<Certificate, FieldError> {
    bounded(typed)?;
    let blocks = || typed.split(BEGIN).skip(1).map(|block| block.split_once(DASHES).unwrap_or((block, "")));
    if blocks().any(|(label, _)| label.contains("PRIVATE KEY")) {
        return Err(FieldError::PrivateKey);
    }
    // "X509 CERTIFICATE" is an old name of the same thing (RFC 7468, section 5.1).
    let mut certificates = blocks().filter(|(label, _)| *label == LABEL || *label == "X509 CERTIFICATE");
    match (certificates.next(), certificates.count()) {
        (Some((_, rest)), 0) => decode(rest.split_once(END).ok_or(FieldError::NotPem)?.0, now),
        (Some(_), more) => Err(FieldError::ManyCertificates(more + 1)),
        (None, _) if blocks().any(|(_, rest)| rest.contains(END)) => Err(FieldError::NotACertificate),
        (None, _) => Err(FieldError::NotPem),
    }
}

/// Like [`check`], for a certificate without markers, as in SAML metadata (`ds:X509Certificate` of XML Signature:
/// base64 of the DER form, with any white space). Some providers put a text with markers there, which is accepted too.
///
/// # Errors
/// Those of [`check`], but never [`FieldError::NotPem`] for missing markers.
pub fn from_base64(text: &str, now: UnixMs) -> Result<Certificate, FieldError> {
    if text.contains(BEGIN) {
        return check(text, now);
    }
    bounded(text)?;
    decode(text, now)
}

fn bounded(text: &str) -> Result<(), FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::Missing("the certificate".to_owned()));
    }
    if text.len() > MAX {
        return Err(FieldError::TooLong { max: MAX, actual: text.len() });
    }
    Ok(())
}

/// Decodes the text between the markers, and checks the validity.
fn decode(body: &str, now: UnixMs) -> Result<Certificate, FieldError> {
    let base64: String =
        body.replace("\\r", "").replace("\\n", "").chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}').collect();
    let der = Base64::decode_vec(&base64).map_err(|_| FieldError::NotACertificate)?;
    let validity = validity(&der).map_err(|_| FieldError::NotACertificate)?;
    // Both ends are part of the validity (RFC 5280, section 4.1.2.5).
    if now > validity.not_after {
        return Err(FieldError::CertificateExpired(date::date(validity.not_after)));
    }
    if now < validity.not_before {
        return Err(FieldError::CertificateNotYetValid(date::date(validity.not_before)));
    }
    Ok(Certificate { pem: pem(&base64), not_after: validity.not_after })
}

/// PEM around base64 without white space.
fn pem(base64: &str) -> String {
    let mut pem = format!("{BEGIN}{LABEL}{DASHES}\n");
    let mut rest = base64;
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(WIDTH).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str(END);
    pem.push_str(LABEL);
    pem.push_str(DASHES);
    pem.push('\n');
    pem
}

/// The validity period of a certificate.
struct Validity {
    not_before: UnixMs,
    not_after: UnixMs,
}

/// Walks `Certificate` and `TBSCertificate` (RFC 5280, section 4.1) as far as the shape goes, and reads `Validity`.
fn validity(der: &[u8]) -> der::Result<Validity> {
    let mut reader = SliceReader::new(der)?;
    let validity = reader.sequence(|certificate| {
        let validity = certificate.sequence(tbs_certificate)?;
        skip(certificate, Tag::Sequence)?; // signatureAlgorithm
        skip(certificate, Tag::BitString)?; // signatureValue
        der::Result::Ok(validity)
    })?;
    reader.finish()?;
    Ok(validity)
}

fn tbs_certificate(tbs: &mut SliceReader<'_>) -> der::Result<Validity> {
    // Version 1 leaves the version out.
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    if Header::peek(tbs)?.tag() == version {
        skip(tbs, version)?;
    }
    skip(tbs, Tag::Integer)?; // serialNumber
    skip(tbs, Tag::Sequence)?; // signature
    skip(tbs, Tag::Sequence)?; // issuer
    let validity =
        tbs.sequence(|validity| der::Result::Ok(Validity { not_before: time(validity)?, not_after: time(validity)? }))?;
    skip(tbs, Tag::Sequence)?; // subject
    skip(tbs, Tag::Sequence)?; // subjectPublicKeyInfo
    while !tbs.is_finished() {
        let tag = Header::peek(tbs)?.tag();
        skip(tbs, tag)?; // issuerUniqueID, subjectUniqueID, extensions
    }
    Ok(validity)
}

/// `Time`: `UTCTime` up to 2049, `GeneralizedTime` from 2050 (RFC 5280, section 4.1.2.5). Before 1970 is an error.
fn time(reader: &mut SliceReader<'_>) -> der::Result<UnixMs> {
    let since_1970 = match Header::peek(reader)?.tag() {
        Tag::UtcTime => UtcTime::decode(reader)?.to_unix_duration(),
        _ => GeneralizedTime::decode(reader)?.to_unix_duration(),
    };
    // The last year that can be written is 9999: far from the end of the type.
    Ok(UnixMs::try_from(since_1970.as_secs()).unwrap_or(UnixMs::MAX).saturating_mul(1_000))
}

/// Skips a value.
fn skip(reader: &mut SliceReader<'_>, tag: Tag) -> der::Result<()> {
    let header = Header::decode(reader)?;
    header.tag().assert_eq(tag)?;
    reader.read_slice(header.length())?;
    Ok(())
}
