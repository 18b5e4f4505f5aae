//! The key in the `Authorization` header (RFC 6750, section 2.1).

use super::prefetch::Prefetch;
use crate::{
    caller::Caller, client_address, request_log::Record, scim_api::error::ApiError, scim_sync::access, state::AppState,
};
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use domain::{
    UnixMs,
    key::{self, Purpose},
    scim_client::RequestOrigin,
    scim_operation::WRONG_SECRET,
};
use std::sync::Arc;

/// Authenticates a request by its key, and checks that the key may be used now.
///
/// The key must be present, well formed (checked before the database is queried), known, and have the right secret. Until
/// then, all errors are alike. The holder of a key learns why it cannot be used. The record gets the caller of any known key,
/// whose origin is unproven if the secret is wrong.
///
/// The same statement prefetches the User that the request most likely reads.
pub(super) async fn authenticate(
    state: &AppState,
    parts: &Parts,
    record: &mut Record,
    now: UnixMs,
) -> Result<(Caller, Prefetch), ApiError> {
    let token = token(&parts.headers)?;
    let key_id = key::parse(token).ok_or_else(access::unknown_key)?;
    let prefetch = Prefetch::of(&parts.method, &parts.uri);
    let (row, prefetch) = prefetch.read(&state.store, &key_id).await?.ok_or_else(access::unknown_key)?;
    let is_proven = state.secrets.key_matches(token, &row.hash);
    let usable = if is_proven { access::check(&row.key, &row.team, now) } else { Err(access::unknown_key()) };
    let caller = Caller {
        team: Arc::new(row.team),
        key_id,
        key_name: row.key.name,
        origin: match row.purpose {
            _ if !is_proven => RequestOrigin::Unproven,
            Purpose::Provider => RequestOrigin::Provider,
            Purpose::SelfTest => RequestOrigin::SelfTest,
        },
        max_role: row.max_role,
        address: client_address::of(&parts.headers, &parts.extensions, &state.config.trusted_proxies),
        request: Some(record.id()),
        is_internal: false,
    };
    record.set_caller(&caller);
    if let Err(error) = usable {
        // The reason is for the team's log only.
        record.set_refused((!is_proven).then_some(WRONG_SECRET));
        return Err(error.into());
    }
    Ok((caller, prefetch))
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
        for (header, expected) in [
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
            assert_eq!(bearer(&HeaderValue::from_static(header)), expected, "{header:?}");
        }
        assert_eq!(bearer(&HeaderValue::from_bytes(b"Bearer \xff").unwrap()), None);
    }
}
