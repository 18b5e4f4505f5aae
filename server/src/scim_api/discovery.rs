//! `/ServiceProviderConfig`, `/ResourceTypes`, `/Schemas` (RFC 7644, section 4).

use super::{MAX_BODY, api_request::ApiRequest, error::ApiError, json::ScimJson};
use axum::response::IntoResponse;
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
fn reject_filter(request: &ApiRequest) -> Result<(), ApiError> {
    if request.parameter("filter").is_some() {
        return Err(ApiError::forbidden("This endpoint doesn't support filtering"));
    }
    Ok(())
}

/// Ignores all other query parameters, because discovery returns the whole list (RFC 7644, section 4).
pub(super) async fn service_provider_config(request: ApiRequest) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&request)?;
    // More operations than the burst of the rate limit would always be rejected.
    let most = request.state.rate_limit().burst().map_or(MAX_OPERATIONS as u64, u64::from).min(MAX_OPERATIONS as u64);
    let features = Features { bulk: Some((most, MAX_BODY)), ..FEATURES };
    Ok(ScimJson(discovery::service_provider_config(&request.state.config.scim_base_url(), features, None)))
}

pub(super) async fn resource_types(request: ApiRequest) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&request)?;
    Ok(ScimJson(ListResponse::all(discovery::resource_types(&request.state.config.scim_base_url()))))
}

pub(super) async fn resource_type(request: ApiRequest) -> Result<impl IntoResponse, ApiError> {
    one(&request, discovery::resource_type)
}

pub(super) async fn schemas(request: ApiRequest) -> Result<impl IntoResponse, ApiError> {
    reject_filter(&request)?;
    Ok(ScimJson(ListResponse::all(discovery::schemas(&request.state.config.scim_base_url()))))
}

pub(super) async fn schema(request: ApiRequest) -> Result<impl IntoResponse, ApiError> {
    one(&request, discovery::schema)
}

fn one<T>(request: &ApiRequest, find: impl FnOnce(&str, &str) -> Option<T>) -> Result<ScimJson<T>, ApiError> {
    reject_filter(request)?;
    let document = find(&request.state.config.scim_base_url(), request.sent_id());
    document.map(ScimJson).ok_or_else(|| request.not_found())
}
