//! The SCIM 2.0 API for identity providers. The protocol itself is the `scim` crate.
//!
//! A request passes, from the outside in: [`path`] (tolerated spellings of URLs), [`response_defaults`] (metrics, panics, headers),
//! [`authenticate`] (key, rate, body, and the [request log](crate::request_log)), then a handler.
//!
//! Architecture invariant: everything below `/scim/v2` is answered in SCIM JSON, also errors. The team is that of the key, never
//! of the URL. Cookies are never read.

mod api_request;
mod authenticate;
mod bearer;
mod body;
mod bulk;
mod change;
mod chunked_body;
mod discovery;
mod endpoint;
mod error;
mod excerpt;
mod filter_scan;
pub mod instances;
mod json;
mod list;
mod list_page;
mod page_budget;
mod parameters;
mod path;
mod prefetch;
mod query;
mod query_plan;
mod resource_reader;
mod resource_view;
mod response;
mod response_defaults;
mod sort_position;
mod sorted_list;

use crate::state::AppState;
use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use error::ApiError;
use scim::ResourceType;
use tower::{Layer as _, util::MapRequestLayer};

/// The longest body that is read.
const MAX_BODY: u64 = 1024 * 1024;

/// The API, to be nested at `/scim/v2` with `nest_service` (which also covers `/scim/v2/`).
pub fn routes(state: AppState) -> Router {
    let api = Router::new()
        .route("/ServiceProviderConfig", get(discovery::service_provider_config))
        .route("/ResourceTypes", get(discovery::resource_types))
        .route("/ResourceTypes/{id}", get(discovery::resource_type))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{id}", get(discovery::schema))
        .route("/Users", endpoint::all(ResourceType::User))
        .route("/Users/.search", endpoint::search(&[ResourceType::User]))
        .route("/Users/{id}", endpoint::one(ResourceType::User))
        .route("/Groups", endpoint::all(ResourceType::Group))
        .route("/Groups/.search", endpoint::search(&[ResourceType::Group]))
        .route("/Groups/{id}", endpoint::one(ResourceType::Group))
        .route("/.search", endpoint::search(&[ResourceType::User, ResourceType::Group]))
        .route("/Bulk", post(bulk::run))
        .route("/Me", any(async || ApiError::no_me()))
        .route("/", endpoint::root())
        .fallback(|| async { ApiError::no_endpoint() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        // The inner layer records a panic of a handler. The outer layer catches a panic of authentication.
        .layer(response_defaults::panics())
        .layer(middleware::from_fn_with_state(state.clone(), authenticate::pass))
        .layer(response_defaults::panics())
        .layer(middleware::from_fn(response_defaults::answer))
        .with_state(state);
    // The path is normalized before routing, so this layer is outside of the router.
    Router::new().fallback_service(MapRequestLayer::new(path::normalize).layer(api))
}
