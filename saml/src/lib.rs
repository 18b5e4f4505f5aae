//! A SAML 2.0 service provider (OASIS saml-core-2.0-os, saml-bindings-2.0-os, saml-profiles-2.0-os).
//!
//! - [`post::read`] decodes a posted response, [`verify`] verifies it and reads the [`Identity`], and [`report`] makes every
//!   check for the test of a connection.
//! - [`AuthnRequest`] is a request, [`ServiceProvider`] the own metadata, [`RequestKey`] the own key.
//! - [`metadata::import`] reads the metadata of providers.
//!
//! A response is accepted in a narrow form: one assertion, one or two signatures, each of one shape. The identity is read
//! from the octets that were digested, parsed again. The name of the invariant is [`Verified`](verified::Verified).
//!
//! Architecture invariant: nothing here does input or output, reads a clock or generates random values by itself. Times are
//! parameters, in milliseconds since the Unix epoch, and so are random bytes and the source of random numbers that
//! signatures need.

mod algorithm;
mod assertion;
mod authn_request;
pub mod canonical;
mod certificate;
mod check;
mod decryption;
mod document;
mod document_error;
#[cfg(feature = "encryption")]
mod encryption;
pub mod instant;
pub mod metadata;
mod names;
pub mod post;
mod prepass;
pub mod request_key;
mod response;
mod response_error;
mod service_provider;
mod signature;
mod structure;
pub mod verified;

pub use algorithm::{Hash, Scheme, SignatureAlgorithm};
pub use assertion::{AssertedSubject, MAX_NAME_ID, NameId, SamlAttribute};
pub use authn_request::{AuthnRequest, RequestSigner, request_id};
pub use certificate::{CertificateError, MIN_RSA_BITS, SigningCertificate};
pub use check::{
    Expectation, MAX_AGE, MAX_CLOCK_DIFFERENCE, ResponseCheck, ResponseCheckResult, answers, authenticated_since,
};
pub use decryption::{Decryption, DecryptionKey};
pub use document_error::XmlError;
#[cfg(feature = "encryption")]
pub use encryption::generate_rsa;
pub use metadata::{Binding, IdentityProviderMetadata, MetadataError, SignInLocation};
pub use post::PostedResponse;
pub use request_key::{CertificateSubject, RequestKey, RequestKeyError};
pub use response::{ConnectionReport, Identity, MAX_RESPONSE, report, verify};
pub use response_error::{Comparison, MAX_TEXT, ResponseError};
pub use service_provider::ServiceProvider;
pub use verified::{SignatureFacts, SignedElement};
