//! The database, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod batches;
mod file;
mod lists;
mod members;
mod opening;
mod retries;
mod schema;
mod scim_requests;
mod sessions;
mod sso;
mod sso_links;
mod team_locks;
mod unavailable;
