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
    read(typed)?.valid_at(now)
}

/// Like [`check`], but the dates do not matter: a pinned key is trusted because an Admin pinned it.
///
/// # Errors
/// Those of [`check`], except those about dates.
pub fn read(typed: &str) -> Result<X509Certificate, FieldError> {
    bounded(typed)?;
    let blocks = || typed.split(BEGIN).skip(1).map(|block| block.split_once(DASHES).unwrap_or((block, "")));
    if blocks().any(|(label, _)| label.contains("PRIVATE KEY")) {
        return Err(FieldError::PrivateKey);
    }
    // "X509 CERTIFICATE" is an old name of the same thing (RFC 7468, section 5.1).
    let mut certificates = blocks().filter(|(label, _)| *label == LABEL || *label == "X509 CERTIFICATE");
    match (certificates.next(), certificates.count()) {
        (Some((_, rest)), 0) => decode(rest.split_once(END).ok_or(FieldError::NotPem)?.0),
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
    read_base64(text)?.valid_at(now)
}

/// Like [`from_base64`], but the dates do not matter.
///
/// # Errors
/// Those of [`from_base64`], except those about dates.
pub fn read_base64(text: &str) -> Result<X509Certificate, FieldError> {
    if text.contains(BEGIN) {
        return read(text);
    }
    bounded(text)?;
    decode(text)
}

/// The parts of an X.509 certificate that a verifier of signatures needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct X509Certificate {
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// `SubjectPublicKeyInfo` in DER.
    pub public_key: Vec<u8>,
    /// The begin of its validity.
    pub not_before: UnixMs,
    /// The end of its validity.
    pub not_after: UnixMs,
}

impl X509Certificate {
    /// PEM, lines of 64 characters that end in `\n`.
    pub fn pem(&self) -> String {
        pem(&Base64::encode_string(&self.der))
    }

    /// Both ends are part of the validity (RFC 5280, section 4.1.2.5).
    fn valid_at(&self, now: UnixMs) -> Result<Certificate, FieldError> {
        if now > self.not_after {
            return Err(FieldError::CertificateExpired(date::date(self.not_after)));
        }
        if now < self.not_before {
            return Err(FieldError::CertificateNotYetValid(date::date(self.not_before)));
        }
        Ok(Certificate { pem: self.pem(), not_after: self.not_after })
    }
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

/// Decodes the text between the markers.
fn decode(body: &str) -> Result<X509Certificate, FieldError> {
    let base64: String =
        body.replace("\\r", "").replace("\\n", "").chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}').collect();
    let der = Base64::decode_vec(&base64).map_err(|_| FieldError::NotACertificate)?;
    let parts = parts(&der).map_err(|_| FieldError::NotACertificate)?;
    let (public_key, not_before, not_after) = (parts.public_key.to_owned(), parts.not_before, parts.not_after);
    Ok(X509Certificate { der, public_key, not_before, not_after })
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

/// The parts of `TBSCertificate` that are used.
struct Parts<'a> {
    not_before: UnixMs,
    not_after: UnixMs,
    public_key: &'a [u8],
}

/// Walks `Certificate` and `TBSCertificate` (RFC 5280, section 4.1) as far as the shape goes.
fn parts(der: &[u8]) -> der::Result<Parts<'_>> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|certificate| {
        let parts = certificate.sequence(tbs_certificate)?;
        skip(certificate, Tag::Sequence)?; // signatureAlgorithm
        skip(certificate, Tag::BitString)?; // signatureValue
        der::Result::Ok(parts)
    })?;
    reader.finish()?;
    Ok(parts)
}

fn tbs_certificate<'a>(tbs: &mut SliceReader<'a>) -> der::Result<Parts<'a>> {
    // Version 1 leaves the version out.
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    if Header::peek(tbs)?.tag() == version {
        skip(tbs, version)?;
    }
    skip(tbs, Tag::Integer)?; // serialNumber
    skip(tbs, Tag::Sequence)?; // signature
    skip(tbs, Tag::Sequence)?; // issuer
    let (not_before, not_after) = tbs.sequence(|validity| der::Result::Ok((time(validity)?, time(validity)?)))?;
    skip(tbs, Tag::Sequence)?; // subject
    Header::peek(tbs)?.tag().assert_eq(Tag::Sequence)?;
    let public_key = tbs.tlv_bytes()?; // subjectPublicKeyInfo
    while !tbs.is_finished() {
        let tag = Header::peek(tbs)?.tag();
        skip(tbs, tag)?; // issuerUniqueID, subjectUniqueID, extensions
    }
    Ok(Parts { not_before, not_after, public_key })
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
