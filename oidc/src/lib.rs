//! The relying party of OpenID Connect.
//!
//! Requests are values that a caller sends, and responses are bytes that a caller received. The names are those of
//! OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0 and Back-Channel Logout 1.0, and of RFC 6749, 7515,
//! 7517, 7519, 7636, 8414 and 9207.
//!
//! A sign-in in order:
//!
//! 1. [`Issuer::parse`], then [`MetadataReport::read`] for the document at [`Issuer::configuration_url`].
//! 2. [`SignInSecrets::from_random`], then [`AuthorizationRequest::url`].
//! 3. [`Callback::parse`], then [`Callback::authorization_code`].
//! 4. [`TokenRequest::authorization_code`], then [`TokenResponse::parse`].
//! 5. [`KeyCache`] with [`KeySet::parse`], then [`IdTokenReport::read`].
//!
//! Sign-in and the test of a connection run the same checks. A report holds every result, and its `into_...` function
//! returns the first error.
//!
//! Architecture invariant: nothing here does input or output, reads a clock or generates random values. Times are
//! parameters, in milliseconds since the Unix epoch. `ring` verifies signatures. Types that hold a secret show nothing
//! in `Debug`, and no error contains a secret.

mod algorithm;
mod authorization_request;
mod base64;
mod callback;
mod check;
mod claim_checks;
mod claims;
mod discovery;
mod endpoint;
mod error;
mod excerpt;
mod facts;
mod id_token;
mod issuer;
mod issuer_difference;
mod json;
mod jwk;
mod jws;
mod key_cache;
mod key_defect;
mod key_set;
mod logout;
mod secret;
mod token_report;
mod token_request;
mod token_response;
mod user_info;

pub use algorithm::SignatureAlgorithm;
pub use authorization_request::{AuthorizationRequest, SignInSecrets, state_digest};
pub use callback::{Callback, CallbackExpectation};
pub use check::CheckResult;
pub use claims::{Claims, EmailVerification};
pub use discovery::{MetadataCheck, MetadataReport, ProviderMetadata};
pub use endpoint::Endpoint;
pub use error::{Document, DocumentError, OidcError, SubjectError};
pub use facts::{FactValue, Facts};
pub use id_token::{IdToken, IdTokenExpectation, IdTokenReport};
pub use issuer::Issuer;
pub use issuer_difference::IssuerDifference;
pub use jwk::{JsonWebKey, KeyType};
pub use key_cache::{KeyCache, KeyUse, cache_lifetime};
pub use key_defect::KeyDefect;
pub use key_set::{KeySet, SkippedKey};
pub use logout::{EndSessionRequest, LogoutExpectation, LogoutToken, logout_token_parameter};
pub use secret::{
    AccessToken, AuthorizationCode, AuthorizationHeader, ClientSecret, CodeVerifier, NonceParameter, RawIdToken,
    RawLogoutToken, RequestBody, StateParameter,
};
pub use token_report::TokenCheck;
pub use token_request::{ClientAuthentication, ClientCredentials, TokenRequest};
pub use token_response::TokenResponse;
pub use user_info::{UserInfo, UserInfoExpectation};

/// The value of `scope` in every authorization request.
pub const SCOPE: &str = "openid email profile";
/// Upper bound of a response, a token or a form that is parsed, in bytes.
pub const MAX_BYTES: usize = json::MAX_BYTES;
/// The difference of the clocks that is accepted in each direction, in milliseconds.
pub const LEEWAY: i64 = claim_checks::LEEWAY;
/// Upper bound of the age of a token, from `iat`, in milliseconds.
pub const MAX_AGE: i64 = claim_checks::MAX_AGE;
