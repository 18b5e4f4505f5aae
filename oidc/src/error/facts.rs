//! What each error compared.

use super::{DocumentError, OidcError, SubjectError};
use crate::facts::{FactValue, Facts};

impl OidcError {
    /// The expected value beside the received one, where there are any. Values of secrets are left out.
    pub fn facts(&self) -> Facts {
        match self {
            Self::Document { error, .. } => document_facts(error),
            Self::IssuerInvalid(text)
            | Self::IssuerPlaceholder(text)
            | Self::IssuerShared(text)
            | Self::CallbackDuplicate(text)
            | Self::TokenUnsigned(text)
            | Self::AlgorithmSymmetric(text)
            | Self::AlgorithmUnsupported(text) => Facts::received(text.clone()),
            Self::EndpointMissing { name } => Facts::expected(*name),
            Self::EndpointInvalid { received, .. } => Facts::new("https", received.clone()),
            Self::ClientAuthenticationUnsupported(received) => {
                let expected = ["client_secret_basic", "client_secret_post"].map(str::to_owned).to_vec();
                Facts::new(expected, received.clone())
            }
            Self::SigningAlgorithmsUnsupported(received) | Self::CriticalHeader(received) => {
                Facts::received(received.clone())
            }
            Self::ResponseTypeUnsupported(received) => Facts::new("code", received.clone()),
            Self::MetadataIssuer { expected, received, .. }
            | Self::CallbackIssuer { expected, received }
            | Self::Issuer { expected, received, .. }
            | Self::AuthorizedParty { expected, received }
            | Self::UserInfoSubject { expected, received } => Facts::new(expected.clone(), received.clone()),
            Self::CallbackIssuerMissing { expected } => Facts::expected(expected.clone()),
            Self::AuthorizedPartyMissing { expected, audiences } | Self::Audience { expected, received: audiences } => {
                Facts::new(expected.clone(), audiences.clone())
            }
            Self::CallbackTooLong { received, max } | Self::TokenTooLarge { received, max } => {
                Facts { expected: Some(number(*max)), received: Some(number(*received)) }
            }
            Self::AuthorizationRefused { error, description } | Self::TokenRequestRefused { error, description } => {
                Facts::received([Some(error.clone()), description.clone()].into_iter().flatten().collect::<Vec<_>>())
            }
            Self::InvalidClient { description } | Self::InvalidGrant { description } => {
                Facts { expected: None, received: description.clone().map(FactValue::Text) }
            }
            Self::TokenStatus(status) => Facts { expected: Some(number(200)), received: Some(number(*status)) },
            Self::TokenType(received) => Facts::new("Bearer", received.clone()),
            Self::TokenSerialization(parts) => Facts { expected: Some(number(3u8)), received: Some(number(*parts)) },
            Self::TokenKind { expected, received } => Facts::new(*expected, received.clone()),
            Self::KeyUnknown { kid, known } => Facts::new(known.clone(), kid.clone()),
            Self::KeyMissing { alg } => Facts::expected(*alg),
            Self::KeyUnsuitable { kid, alg, .. } => Facts::new(*alg, kid.clone()),
            Self::Signature { alg, kid, .. } => {
                Facts { expected: Some(FactValue::from(*alg)), received: kid.clone().map(FactValue::Text) }
            }
            Self::Expired { expired_at, now } => Facts { expected: time(*now), received: time(*expired_at) },
            Self::IssuedInFuture { issued_at, now } | Self::IssuedTooLongAgo { issued_at, now } => {
                Facts { expected: time(*now), received: time(*issued_at) }
            }
            Self::NotYetValid { not_before, now } => Facts { expected: time(*now), received: time(*not_before) },
            Self::Subject(SubjectError::TooLong(bytes)) => {
                Facts { expected: Some(number(255u8)), received: Some(number(*bytes)) }
            }
            Self::HostedDomainMissing { expected } => Facts::expected(expected.clone()),
            Self::HostedDomain { expected, received } => Facts::new(expected.clone(), received.clone()),
            Self::AuthTimeTooOld { authenticated_at, requested_at } => {
                Facts { expected: time(*requested_at), received: time(*authenticated_at) }
            }
            Self::AuthTimeInFuture { authenticated_at, now } => {
                Facts { expected: time(*now), received: time(*authenticated_at) }
            }
            Self::StateMissing
            | Self::StateUnknown
            | Self::CodeMissing
            | Self::CodeInvalid
            | Self::TokenEncoding
            | Self::TokenEncrypted
            | Self::NonceMissing
            | Self::Nonce
            | Self::NonceForbidden
            | Self::Subject(_)
            | Self::AccessTokenHash
            | Self::AuthTimeMissing
            | Self::LogoutTokenMissing
            | Self::LogoutEvent
            | Self::LogoutSubjectMissing => Facts::default(),
        }
    }

    /// The difference of the clocks that would explain the error, in milliseconds. It is positive if the provider's
    /// clock is ahead.
    pub const fn clock_difference(&self) -> Option<i64> {
        match self {
            Self::Expired { expired_at: provider, now }
            | Self::IssuedInFuture { issued_at: provider, now }
            | Self::IssuedTooLongAgo { issued_at: provider, now }
            | Self::NotYetValid { not_before: provider, now }
            | Self::AuthTimeInFuture { authenticated_at: provider, now } => Some(provider.saturating_sub(*now)),
            _ => None,
        }
    }
}

fn document_facts(error: &DocumentError) -> Facts {
    match error {
        DocumentError::TooLarge { max } => Facts { expected: Some(number(*max)), received: None },
        DocumentError::TooMany { received, max, .. } => {
            Facts { expected: Some(number(*max)), received: Some(number(*received)) }
        }
        DocumentError::Html => Facts::new("JSON", "HTML"),
        DocumentError::DuplicateMember(name) => Facts::received(name.clone()),
        DocumentError::MissingMember(name) => Facts::expected(*name),
        DocumentError::InvalidMember { name, expected } => Facts::new(*expected, *name),
        DocumentError::NotUtf8 | DocumentError::NotJson { .. } | DocumentError::NotObject => Facts::default(),
    }
}

fn number(value: impl TryInto<u64>) -> FactValue {
    FactValue::Number(value.try_into().unwrap_or(u64::MAX))
}

const fn time(milliseconds: i64) -> Option<FactValue> {
    Some(FactValue::Time(milliseconds))
}
