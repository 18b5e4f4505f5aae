//! The key in the `Authorization` header (RFC 6750, section 2.1).

use super::client::AuthenticatedKey;
use crate::{
    request_log::{RecordId, RequestSource},
    scim_api::{
        error::ApiError,
        prefetch::{Lookup, Prefetched},
        response_defaults::RequestTeam,
    },
    scim_sync::access,
    state::AppState,
};
use axum::http::{HeaderMap, HeaderValue, header};
use domain::{UnixMs, key, scim_client::RequestOrigin, scim_operation::WRONG_SECRET};
use store::StoreError;

/// Authenticates a request by its key, and checks that the key may be used now.
///
/// The key must be present, well formed (checked before the database is queried), known, and have the right secret. Until
/// then, all errors are alike. The holder of a key learns why it cannot be used.
///
/// The same statement prefetches the User that the request most likely reads.
///
/// # Errors
/// [`AuthenticationError`].
pub(super) async fn authenticate(
    state: &AppState,
    headers: &HeaderMap,
    lookup: Lookup,
    now: UnixMs,
) -> Result<(AuthenticatedKey, Option<Prefetched>), AuthenticationError> {
    let token = token(headers)?;
    let id = key::parse(token).ok_or_else(|| ApiError::from(access::unknown_key()))?;
    let (row, prefetched) =
        lookup.read(&state.store, &id).await?.ok_or_else(|| ApiError::from(access::unknown_key()))?;
    let is_proven = state.secrets.key_matches(token, &row.hash);
    let usable = match is_proven {
        true => access::check(&row.key, &row.team, now),
        false => Err(access::unknown_key()),
    };
    let client = AuthenticatedKey {
        key: id,
        key_name: row.key.name,
        max_role: row.ceiling,
        purpose: row.purpose,
        budget: state.budgets().of_request(&row.team.id),
        team: row.team,
        address: None,
        request: RecordId::default(),
    };
    match usable {
        Ok(()) => Ok((client, prefetched)),
        Err(error) => {
            let detail = (!is_proven).then_some(WRONG_SECRET);
            let mut source = client.source();
            if !is_proven {
                source.origin = RequestOrigin::Unproven;
            }
            let team = Some(RequestTeam(client.team.slug));
            Err(AuthenticationError { error: error.into(), source: Some(source), team, detail })
        }
    }
}

/// A failed authentication.
#[derive(Debug)]
pub(super) struct AuthenticationError {
    pub(super) error: ApiError,
    /// The source by the key's id, which may be unproven. `None`: the key is unknown.
    pub(super) source: Option<RequestSource>,
    /// The team of that key.
    pub(super) team: Option<RequestTeam>,
    /// A detail for the team's log only.
    pub(super) detail: Option<&'static str>,
}

impl From<ApiError> for AuthenticationError {
    fn from(error: ApiError) -> Self {
        Self { error, source: None, team: None, detail: None }
    }
}

impl From<StoreError> for AuthenticationError {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

/// The bearer token of exactly one header. The scheme is case-insensitive.
fn token(headers: &HeaderMap) -> Result<&str, ApiError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or_else(ApiError::no_key)?;
    if values.next().is_some() {
        return Err(access::unknown_key().into());
    }
    bearer(value).ok_or_else(ApiError::no_key)
}

/// `None`: another scheme, or nothing after it.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_in_any_case_of_the_scheme() {
        for (sent, wanted) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("BEARER   abc ", Some("abc")),
            ("Bearer a b", Some("a b")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(bearer(&HeaderValue::from_static(sent)), wanted, "{sent:?}");
        }
        assert_eq!(bearer(&HeaderValue::from_bytes(b"Bearer \xff").unwrap()), None);
    }
}
