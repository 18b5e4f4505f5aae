//! The errors of a sign-in: one variant for each reason, with a stable code and what was compared.

mod code;
mod facts;

use crate::{issuer_difference::IssuerDifference, key_defect::KeyDefect};

/// What was parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The provider metadata (Discovery 1.0, section 4.2).
    ProviderMetadata,
    /// The key set (RFC 7517, section 5).
    KeySet,
    /// The token response (Core 1.0, section 3.1.3.3).
    TokenResponse,
    /// The UserInfo response (Core 1.0, section 5.3.2).
    UserInfo,
    /// The header of a token (RFC 7515, section 4).
    JoseHeader,
    /// The claims of a token.
    Claims,
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is too large.
    #[error("larger than {max} bytes")]
    TooLarge {
        /// The limit, in bytes.
        max: usize,
    },
    /// It is not UTF-8.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// It is a page for browsers.
    #[error("HTML or XML instead of JSON")]
    Html,
    /// It is not JSON.
    #[error("not valid JSON (line {line}, column {column})")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is JSON, but not an object.
    #[error("not a JSON object")]
    NotObject,
    /// A name is repeated in one object.
    #[error("duplicate member {0:?}")]
    DuplicateMember(String),
    /// A required member is absent.
    #[error("member {0:?} is missing")]
    MissingMember(&'static str),
    /// A member has another type or is out of range.
    #[error("member {name:?} is not {expected}")]
    InvalidMember {
        /// The name of the member.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// It has more entries than the limit.
    #[error("{received} entries in {name:?}, {max} at most")]
    TooMany {
        /// The name of the list.
        name: &'static str,
        /// The number of entries.
        received: usize,
        /// The limit.
        max: usize,
    },
}

impl DocumentError {
    /// The error of this document.
    pub const fn of(self, document: Document) -> OidcError {
        OidcError::Document { document, error: self }
    }
}

/// Why a `sub` is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectError {
    /// It is absent.
    Missing,
    /// It is not a string.
    NotText,
    /// It is the empty string.
    Empty,
    /// It is longer than 255 bytes.
    TooLong(usize),
    /// It contains a control character. PostgreSQL cannot store U+0000.
    ControlCharacter,
}

/// Why a step failed. `Display` is one line for the log; [`OidcError::code`] is what a page shows. Received text is cut
/// to 200 characters, and can contain markup. Times are in milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the format of each variant explains it and its fields")]
pub enum OidcError {
    #[error("{document:?}: {error}")]
    Document { document: Document, error: DocumentError },

    // Discovery
    #[error("issuer {0:?} is not an https URL without user, query and fragment")]
    IssuerInvalid(String),
    #[error("issuer {0:?} contains a placeholder; a tenant's own issuer is needed")]
    IssuerPlaceholder(String),
    #[error("issuer {0:?} is shared by tenants of Entra ID; a tenant's own issuer is needed")]
    IssuerShared(String),
    #[error("metadata has issuer {received:?}, expected {expected:?} ({difference:?})")]
    MetadataIssuer { expected: String, received: String, difference: IssuerDifference },
    #[error("{name} is missing in the metadata")]
    EndpointMissing { name: &'static str },
    #[error("{name} {received:?} is not an https URL without user and fragment")]
    EndpointInvalid { name: &'static str, received: String },
    #[error(
        "the provider offers {0:?} for client authentication, but neither client_secret_basic nor client_secret_post"
    )]
    ClientAuthenticationUnsupported(Vec<String>),
    #[error("the provider signs ID tokens with {0:?} only")]
    SigningAlgorithmsUnsupported(Vec<String>),
    #[error("the provider offers {0:?} as response types, but not code")]
    ResponseTypeUnsupported(Vec<String>),

    // Callback
    #[error("the query of the callback has {received} bytes, {max} at most")]
    CallbackTooLong { received: usize, max: usize },
    #[error("duplicate parameter {0:?} in the callback")]
    CallbackDuplicate(String),
    #[error("state is missing")]
    StateMissing,
    #[error("state belongs to no sign-in of this browser")]
    StateUnknown,
    #[error("callback has iss {received:?}, expected {expected:?}")]
    CallbackIssuer { expected: String, received: String },
    #[error("callback has no iss, although the provider advertises it")]
    CallbackIssuerMissing { expected: String },
    #[error("the provider refused with {error:?}: {description:?}")]
    AuthorizationRefused { error: String, description: Option<String> },
    #[error("code is missing")]
    CodeMissing,
    #[error("code contains other characters than visible ASCII")]
    CodeInvalid,

    // Token endpoint
    #[error("the token endpoint refused the client: {description:?}")]
    InvalidClient { description: Option<String> },
    #[error("the token endpoint refused the code: {description:?}")]
    InvalidGrant { description: Option<String> },
    #[error("the token endpoint refused with {error:?}: {description:?}")]
    TokenRequestRefused { error: String, description: Option<String> },
    #[error("the token endpoint responded with status {0}")]
    TokenStatus(u16),
    #[error("token_type is {0:?}, expected Bearer")]
    TokenType(String),

    // Signature
    #[error("the token has {0} parts, expected 3")]
    TokenSerialization(usize),
    #[error("a part of the token is not base64url")]
    TokenEncoding,
    #[error("the token has {received} bytes, {max} at most")]
    TokenTooLarge { received: usize, max: usize },
    #[error("the token is encrypted")]
    TokenEncrypted,
    #[error("the token is not signed (alg {0:?})")]
    TokenUnsigned(String),
    #[error("the token is signed with the client secret (alg {0:?})")]
    AlgorithmSymmetric(String),
    #[error("alg {0:?} is not supported")]
    AlgorithmUnsupported(String),
    #[error("header has critical parameters {0:?}")]
    CriticalHeader(Vec<String>),
    #[error("typ is {received:?}, expected {expected:?}")]
    TokenKind { expected: &'static str, received: String },
    #[error("kid {kid:?} is not in the key set {known:?}")]
    KeyUnknown { kid: String, known: Vec<String> },
    #[error("no key for alg {alg} is in the key set")]
    KeyMissing { alg: &'static str },
    #[error("the key with kid {kid:?} does not fit alg {alg}: {defect:?}")]
    KeyUnsuitable { kid: String, alg: &'static str, defect: Option<KeyDefect> },
    #[error("the {alg} signature is not valid for {keys} key(s)")]
    Signature { alg: &'static str, kid: Option<String>, keys: usize },

    // Claims
    #[error("iss is {received:?}, expected {expected:?} ({difference:?})")]
    Issuer { expected: String, received: String, difference: IssuerDifference },
    #[error("aud is {received:?}, expected {expected:?}")]
    Audience { expected: String, received: Vec<String> },
    #[error("azp is missing beside the audiences {audiences:?}")]
    AuthorizedPartyMissing { expected: String, audiences: Vec<String> },
    #[error("azp is {received:?}, expected {expected:?}")]
    AuthorizedParty { expected: String, received: String },
    #[error("exp {expired_at} is before {now}")]
    Expired { expired_at: i64, now: i64 },
    #[error("iat {issued_at} is after {now}")]
    IssuedInFuture { issued_at: i64, now: i64 },
    #[error("iat {issued_at} is too long before {now}")]
    IssuedTooLongAgo { issued_at: i64, now: i64 },
    #[error("nbf {not_before} is after {now}")]
    NotYetValid { not_before: i64, now: i64 },
    #[error("nonce is missing")]
    NonceMissing,
    #[error("nonce belongs to another sign-in")]
    Nonce,
    #[error("nonce is in a token that must not have one")]
    NonceForbidden,
    #[error("sub is not valid: {0:?}")]
    Subject(SubjectError),
    #[error("at_hash does not match the access token")]
    AccessTokenHash,
    #[error("hd is missing; the account belongs to no organization")]
    HostedDomainMissing { expected: Vec<String> },
    #[error("hd is {received:?}, expected {expected:?}")]
    HostedDomain { expected: Vec<String>, received: String },
    #[error("auth_time is missing")]
    AuthTimeMissing,
    #[error("auth_time {authenticated_at} is before the request at {requested_at}")]
    AuthTimeTooOld { authenticated_at: i64, requested_at: i64 },
    #[error("auth_time {authenticated_at} is after {now}")]
    AuthTimeInFuture { authenticated_at: i64, now: i64 },
    #[error("the UserInfo response is of another sub")]
    UserInfoSubject { expected: String, received: String },

    // Back-channel logout
    #[error("logout_token is not in the form exactly once")]
    LogoutTokenMissing,
    #[error("events has no back-channel logout event")]
    LogoutEvent,
    #[error("the logout token has neither sub nor sid")]
    LogoutSubjectMissing,
}

impl OidcError {
    /// Whether the key set may be older than the token. The caller then fetches the key set, if [`crate::KeyCache`]
    /// allows it, and repeats the verification.
    pub const fn needs_fresh_keys(&self) -> bool {
        matches!(
            self,
            Self::KeyUnknown { .. } | Self::KeyMissing { .. } | Self::KeyUnsuitable { .. } | Self::Signature { .. }
        )
    }

    /// Whether the token endpoint may accept the other client authentication. Providers report this differently.
    pub fn suggests_other_client_authentication(&self) -> bool {
        match self {
            Self::InvalidClient { .. } | Self::TokenStatus(401) => true,
            Self::TokenRequestRefused { error, .. } => error == "unauthorized_client",
            _ => false,
        }
    }
}
