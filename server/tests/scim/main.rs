//! The SCIM API over the whole router, in process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod activity_log;
mod adoption;
mod api;
mod authentication;
mod concurrent_changes;
mod dialects;
mod discovery;
mod error_responses;
mod external_id_reuse;
mod filter_visibility;
mod filters;
mod groups;
mod invalid_requests;
mod invites;
mod last_used;
mod member_names;
mod model_based;
mod protected_sign_in;
mod quotas;
mod request_budgets;
mod request_limits;
mod request_log;
mod resources;
mod restore;
mod role_mapping;
mod users_change;
mod users_create;
mod validation;
