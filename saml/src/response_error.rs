//! The reasons why a response is refused. Only this module has their codes.

use crate::{document_error::XmlError, instant};
use domain::UnixMs;

/// What was expected beside what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The value that would be accepted.
    pub expected: String,
    /// The value of the response. `None`: it is missing.
    pub received: Option<String>,
}

impl Comparison {
    pub(crate) fn new(expected: impl Into<String>, received: Option<&str>) -> Self {
        Self { expected: expected.into(), received: received.map(ToOwned::to_owned) }
    }
}

/// A refused response. Each variant is one reason with its facts.
///
/// Texts of the response are at most [`MAX_TEXT`] characters long. They are not escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The form has no `SAMLResponse`, or a parameter twice.
    #[error("the form needs the parameter SAMLResponse once, and RelayState at most once")]
    Form,
    /// The message is longer than accepted.
    #[error("the response is longer than {max} bytes")]
    TooLong {
        /// The limit of the form's value or of the decoded message.
        max: usize,
    },
    /// The message is not base64.
    #[error("the response is not base64")]
    NotBase64,
    /// The message is not XML as accepted here.
    #[error("the response is not accepted as XML: {0}")]
    Document(XmlError),
    /// The root is not a `Response` of SAML 2.0, or the assertion is of another version.
    #[error("not a SAML 2.0 response: {received}")]
    NotAResponse {
        /// The namespace, name and version that were found.
        received: String,
    },
    /// The provider refused the sign-in.
    #[error("the provider answered with the status {code}")]
    Status {
        /// The last part of the top-level status code, such as `Responder`.
        code: String,
        /// The last part of the second-level status code, such as `AuthnFailed`.
        subcode: Option<String>,
        /// The message of the provider.
        message: Option<String>,
    },
    /// Not exactly one assertion as a child of the response.
    #[error("the response needs exactly one assertion, directly below its root, but has {count}")]
    AssertionCount {
        /// The number of elements called `Assertion` or `EncryptedAssertion` anywhere.
        count: usize,
    },
    /// An element where none is accepted.
    #[error("the element {element} is not accepted at this place")]
    Position {
        /// The name of the element.
        element: String,
    },
    /// The assertion is encrypted, but there is no key for it. The provider has to switch encryption off.
    #[error("the assertion is encrypted, but there is no key for it")]
    Encrypted,
    /// The encrypted assertion is not of the one accepted shape.
    #[error("the encrypted assertion is not of the accepted shape: {problem}")]
    EncryptionShape {
        /// The part that differs.
        problem: &'static str,
    },
    /// The assertion could not be decrypted, or its plain text is not an acceptable assertion. All these failures look
    /// alike, because differences would help to decrypt it.
    #[error("the assertion could not be decrypted")]
    Decryption,
    /// Neither the response nor the assertion is signed.
    #[error("neither the response nor the assertion is signed")]
    Unsigned,
    /// The signature is not of the one accepted shape.
    #[error("the signature is not of the accepted shape: {problem}")]
    SignatureShape {
        /// The part that differs.
        problem: &'static str,
    },
    /// The signature or its digest uses SHA-1. The provider's signing option has to be SHA-256.
    #[error("the signature uses SHA-1: {received}")]
    Sha1 {
        /// The identifier of the algorithm.
        received: String,
    },
    /// An algorithm that is not accepted.
    #[error("the algorithm {received} is not accepted")]
    Algorithm {
        /// The identifier of the algorithm.
        received: String,
    },
    /// No certificate of the method verifies the signature.
    #[error("none of the {certificates} certificates verifies the signature")]
    Signature {
        /// The number of certificates that were tried.
        certificates: usize,
    },
    /// The signed element was changed after signing.
    #[error("the signed element was changed after it was signed")]
    Digest,
    /// A required element or attribute is missing.
    #[error("{element} is missing")]
    Missing {
        /// The name of the element or attribute.
        element: &'static str,
    },
    /// An element is there more than once, or does not consist of text only.
    #[error("{element} is not accepted in this form")]
    Malformed {
        /// The name of the element or attribute.
        element: &'static str,
    },
    /// A time that cannot be read, for example one without zone.
    #[error("{element} is not a time in UTC")]
    Time {
        /// The name of the attribute.
        element: &'static str,
        /// Its value.
        received: String,
    },
    /// The issuer of the response or of the assertion is another one.
    #[error("the issuer is another one")]
    Issuer(Comparison),
    /// The response was sent to another address.
    #[error("the destination is another address")]
    Destination(Comparison),
    /// The assertion was issued for another address.
    #[error("the recipient is another address")]
    Recipient(Comparison),
    /// The assertion was issued for another service provider.
    #[error("the audience is another entity")]
    Audience(Comparison),
    /// A condition that is not known. SAML then forbids to use the assertion.
    #[error("the condition {received} is not known")]
    Condition {
        /// The name of the element.
        received: String,
    },
    /// Not exactly one bearer confirmation, or one with `NotBefore`.
    #[error("the subject needs exactly one bearer confirmation")]
    SubjectConfirmation {
        /// The number of bearer confirmations.
        bearers: usize,
    },
    /// The response answers no request, for example after a click on the provider's tile.
    #[error("the response answers no request")]
    Unsolicited,
    /// The response answers another request.
    #[error("the response answers another request")]
    Request(Comparison),
    /// The assertion is not valid yet.
    #[error("{element} is {seconds} s ahead")]
    NotYetValid {
        /// The attribute with the time.
        element: &'static str,
        /// The time.
        received: UnixMs,
        /// How far it is ahead of the own clock.
        seconds: i64,
    },
    /// The assertion is not valid any more.
    #[error("{element} was {seconds} s ago")]
    Expired {
        /// The attribute with the time.
        element: &'static str,
        /// The time.
        received: UnixMs,
        /// How far it is behind the own clock.
        seconds: i64,
    },
    /// The assertion is valid for longer than a year, which marks a placeholder for "unlimited".
    #[error("{element} is too far ahead")]
    ValidTooLong {
        /// The attribute with the time.
        element: &'static str,
        /// The time.
        received: UnixMs,
    },
    /// The member did not authenticate again.
    #[error("the authentication is older than the request")]
    AuthenticationAge(Comparison),
    /// The name identifier is empty, too long or contains characters that cannot be seen.
    #[error("the name identifier is not accepted")]
    NameId {
        /// Its length in bytes.
        length: usize,
    },
}

/// Upper bound of a text of the response in an error, in characters.
pub const MAX_TEXT: usize = 200;

impl ResponseError {
    /// A short code that does not change, for pages, the activity and support.
    pub const fn code(&self) -> &'static str {
        match self {
            ResponseError::Form => "saml_form",
            ResponseError::TooLong { .. } => "saml_too_long",
            ResponseError::NotBase64 => "saml_base64",
            ResponseError::Document(XmlError::Encoding(_)) => "saml_encoding",
            ResponseError::Document(XmlError::Doctype) => "saml_doctype",
            ResponseError::Document(XmlError::TooLarge { .. }) => "saml_limit",
            ResponseError::Document(XmlError::RepeatedId(_)) => "saml_repeated_id",
            ResponseError::Document(_) => "saml_xml",
            ResponseError::NotAResponse { .. } => "saml_not_a_response",
            ResponseError::Status { .. } => "saml_status",
            ResponseError::AssertionCount { .. } => "saml_assertion_count",
            ResponseError::Position { .. } => "saml_position",
            ResponseError::Encrypted => "saml_encrypted",
            ResponseError::EncryptionShape { .. } => "saml_encryption_shape",
            ResponseError::Decryption => "saml_decryption",
            ResponseError::Unsigned => "saml_unsigned",
            ResponseError::SignatureShape { .. } => "saml_signature_shape",
            ResponseError::Sha1 { .. } => "saml_sha1",
            ResponseError::Algorithm { .. } => "saml_algorithm",
            ResponseError::Signature { .. } => "saml_signature",
            ResponseError::Digest => "saml_digest",
            ResponseError::Missing { .. } => "saml_missing",
            ResponseError::Malformed { .. } => "saml_malformed",
            ResponseError::Time { .. } => "saml_time",
            ResponseError::Issuer(_) => "saml_issuer",
            ResponseError::Destination(_) => "saml_destination",
            ResponseError::Recipient(_) => "saml_recipient",
            ResponseError::Audience(_) => "saml_audience",
            ResponseError::Condition { .. } => "saml_condition",
            ResponseError::SubjectConfirmation { .. } => "saml_confirmation",
            ResponseError::Unsolicited => "saml_unsolicited",
            ResponseError::Request(_) => "saml_request",
            ResponseError::NotYetValid { .. } => "saml_not_yet_valid",
            ResponseError::Expired { .. } => "saml_expired",
            ResponseError::ValidTooLong { .. } => "saml_valid_too_long",
            ResponseError::AuthenticationAge(_) => "saml_authentication_age",
            ResponseError::NameId { .. } => "saml_name_id",
        }
    }

    /// The expected and the received value, if the reason is a comparison.
    pub fn comparison(&self) -> Option<Comparison> {
        match self {
            ResponseError::Issuer(comparison)
            | ResponseError::Destination(comparison)
            | ResponseError::Recipient(comparison)
            | ResponseError::Audience(comparison)
            | ResponseError::Request(comparison)
            | ResponseError::AuthenticationAge(comparison) => Some(comparison.clone()),
            ResponseError::NotYetValid { received, .. }
            | ResponseError::Expired { received, .. }
            | ResponseError::ValidTooLong { received, .. } => {
                Some(Comparison::new("a time around now", Some(&instant::format(*received))))
            }
            _ => None,
        }
    }
}

impl From<XmlError> for ResponseError {
    fn from(error: XmlError) -> Self {
        ResponseError::Document(error)
    }
}

/// A text of the response, cut to [`MAX_TEXT`] characters.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}
