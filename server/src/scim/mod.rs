//! The SCIM 2.0 API: what identity providers speak to. The protocol itself is the `scim` crate.
//!
//! A request goes through, from the outside in: [`path`] (tolerated spellings of URLs), [`guard`] (counting, panics, the
//! headers of every answer), [`gate`] (the key, rate, body, and the [`record`] of it all), then a handler.
//!
//! Architecture invariant: everything below `/scim/v2` is answered in SCIM JSON, whatever went wrong; the team is the
//! key's, never the URL's; cookies are never read.

mod bearer;
mod body;
mod bulk;
mod call;
mod change;
mod client;
mod collection;
mod condition;
mod discovery;
mod done;
mod endpoint;
mod excerpt;
mod find;
mod gate;
mod guard;
pub mod instances;
mod item;
mod json;
pub mod last_used;
mod look_ahead;
mod message;
mod parameters;
mod pass;
mod path;
mod pieces;
mod query;
pub(crate) mod rate_limit;
pub mod record;
mod refusal;
mod resource_id;
mod room;
mod sorted;

use crate::state::AppState;
use axum::{
    Router, middleware,
    routing::{any, get, post},
};
pub(crate) use guard::RequestTeam;
use refusal::Refusal;
use scim::Kind;
use tower::{Layer as _, util::MapRequestLayer};

/// The longest body that is read.
const MAX_BODY: u64 = 1024 * 1024;

/// The API, to be nested at `/scim/v2` with `nest_service` (which also covers `/scim/v2/`).
pub fn routes(state: AppState) -> Router {
    let gate = gate::Gate::new(state.clone());
    let api = Router::new()
        .route("/ServiceProviderConfig", get(discovery::service_provider_config))
        .route("/ResourceTypes", get(discovery::resource_types))
        .route("/ResourceTypes/{id}", get(discovery::resource_type))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{id}", get(discovery::schema))
        .route("/Users", endpoint::all(Kind::User))
        .route("/Users/.search", endpoint::search(&[Kind::User]))
        .route("/Users/{id}", endpoint::one(Kind::User))
        .route("/Groups", endpoint::all(Kind::Group))
        .route("/Groups/.search", endpoint::search(&[Kind::Group]))
        .route("/Groups/{id}", endpoint::one(Kind::Group))
        .route("/.search", endpoint::search(&[Kind::User, Kind::Group]))
        .route("/Bulk", post(bulk::run))
        .route("/Me", any(async || Refusal::no_me()))
        .route("/", endpoint::root())
        .fallback(|| async { Refusal::no_endpoint() })
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        // Around the handlers, so that a panic of theirs is an answer that is recorded; around the gate for its own.
        .layer(guard::panics())
        .layer(middleware::from_fn_with_state(gate, gate::pass))
        .layer(guard::panics())
        .layer(middleware::from_fn(guard::answer))
        .with_state(state);
    // The path has to be tidied before the router looks at it, so this stands around the router, not in it.
    Router::new().fallback_service(MapRequestLayer::new(path::tidy).layer(api))
}
