//! The SCIM 2.0 API: what identity providers speak to. The protocol itself is the `scim` crate.
//!
//! A request goes through, from the outside in: [`path`] (tolerated spellings of URLs), [`response_defaults`] (counting, panics, the
//! headers of every answer), [`authenticate`] (the key, rate, body, and the [`record`] of it all), then a handler.
//!
//! Architecture invariant: everything below `/scim/v2` is answered in SCIM JSON, whatever went wrong; the team is the
//! key's, never the URL's; cookies are never read.

mod api_request;
mod authenticate;
mod bearer;
mod body;
mod bulk;
mod change;
mod chunked_body;
mod client;
mod discovery;
mod endpoint;
mod error;
mod excerpt;
mod filter_scan;
pub mod instances;
mod json;
mod json_body;
mod list;
mod page_budget;
mod parameters;
mod path;
mod prefetch;
mod query;
mod query_plan;
mod resource_id;
mod resource_reader;
mod resource_view;
mod response;
mod response_defaults;
mod sorted_list;

use crate::state::AppState;
use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use error::ApiError;
pub(crate) use response_defaults::RequestTeam;
use scim::ResourceType;
use tower::{Layer as _, util::MapRequestLayer};

/// The longest body that is read.
const MAX_BODY: u64 = 1024 * 1024;

/// The API, to be nested at `/scim/v2` with `nest_service` (which also covers `/scim/v2/`).
pub fn routes(state: AppState) -> Router {
    let authenticator = authenticate::Authenticator::new(state.clone());
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
        // Around the handlers, so that a panic of theirs is an answer that is recorded; around the gate for its own.
        .layer(response_defaults::panics())
        .layer(middleware::from_fn_with_state(authenticator, authenticate::pass))
        .layer(response_defaults::panics())
        .layer(middleware::from_fn(response_defaults::answer))
        .with_state(state);
    // The path has to be tidied before the router looks at it, so this stands around the router, not in it.
    Router::new().fallback_service(MapRequestLayer::new(path::tidy).layer(api))
}
