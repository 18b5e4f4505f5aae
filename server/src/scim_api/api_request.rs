//! The parts of a request that handlers need.

use super::{client::AuthenticatedKey, parameters::Parameters};
use crate::{
    scim_api::{error::ApiError, prefetch::Prefetched},
    state::AppState,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use scim::Precondition;

/// An authenticated request.
#[derive(Debug)]
pub(super) struct ApiRequest {
    pub(super) state: AppState,
    pub(super) client: AuthenticatedKey,
    pub(super) parameters: Parameters,
    pub(super) precondition: Precondition,
    /// The User that was read together with the key.
    pub(super) prefetched: Option<Prefetched>,
}

impl FromRequestParts<AppState> for ApiRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let parameters = Parameters::of(&parts.uri);
        let client = parts.extensions.remove::<AuthenticatedKey>().ok_or_else(ApiError::internal)?;
        let (if_match, if_none_match) =
            (joined(&parts.headers, header::IF_MATCH), joined(&parts.headers, header::IF_NONE_MATCH));
        let precondition = Precondition::read(if_match.as_deref(), if_none_match.as_deref());
        let prefetched = parts.extensions.remove::<Prefetched>();
        Ok(Self { state: state.clone(), client, parameters, precondition, prefetched })
    }
}

/// All values of a header that may occur several times.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}
