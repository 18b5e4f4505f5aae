//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644, section 4).

use super::{MAX_BODY, json::ScimJson, parameters::Parameters};
use crate::{scim_api::error::ApiError, state::AppState};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::IntoResponse,
};
use scim::{
    ListResponse,
    bulk::MAX_OPERATIONS,
    discovery::{self, Features},
};

/// The supported features. Tests compare them with the behavior.
const FEATURES: Features = Features {
    patch: true,
    bulk: Some((MAX_OPERATIONS as u64, MAX_BODY)),
    filter: true,
    change_password: false,
    sort: true,
    etag: true,
};

/// These documents cannot be filtered (RFC 7644, section 4: 403).
fn reject_filter(parameters: &Parameters) -> Result<(), ApiError> {
    if parameters.has_filter() {
        return Err(ApiError::forbidden("This endpoint doesn't support filtering"));
    }
    Ok(())
}

/// Ignores all other query parameters, because discovery returns the whole list (RFC 7644, section 4).
pub(super) async fn service_provider_config(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&parameters)?;
    // More operations than the burst of the rate limit would always be rejected.
    let most = state.rate_limit().burst().map_or(MAX_OPERATIONS as u64, u64::from).min(MAX_OPERATIONS as u64);
    let features = Features { bulk: Some((most, MAX_BODY)), ..FEATURES };
    Ok(ScimJson(discovery::service_provider_config(&state.config.scim_base_url(), features, None)))
}

pub(super) async fn resource_types(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&parameters)?;
    Ok(ScimJson(ListResponse::all(discovery::resource_types(&state.config.scim_base_url()))))
}

pub(super) async fn resource_type(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    parameters: Parameters,
) -> Result<impl IntoResponse, ApiError> {
    one(&state, id, &parameters, discovery::resource_type)
}

pub(super) async fn schemas(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&parameters)?;
    Ok(ScimJson(ListResponse::all(discovery::schemas(&state.config.scim_base_url()))))
}

pub(super) async fn schema(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    parameters: Parameters,
) -> Result<impl IntoResponse, ApiError> {
    one(&state, id, &parameters, discovery::schema)
}

fn one<T>(
    state: &AppState,
    id: Result<Path<String>, PathRejection>,
    parameters: &Parameters,
    find: impl FnOnce(&str, &str) -> Option<T>,
) -> Result<ScimJson<T>, ApiError> {
    reject_filter(parameters)?;
    let Path(id) = id.map_err(|_| ApiError::no_endpoint())?;
    let document = find(&state.config.scim_base_url(), &id);
    document.map(ScimJson).ok_or_else(|| scim::ScimError::resource_not_found(&id).into())
}
