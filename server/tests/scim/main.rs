//! The SCIM API over the whole router, in process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod access;
mod activity;
mod adoption;
mod api;
mod bad_input;
mod budget;
mod dialects;
mod discovery;
mod filters;
mod groups;
mod invites;
mod last_used;
mod limits;
mod mapping;
mod model;
mod names;
mod quotas;
mod record;
mod removed;
mod resources;
mod reused;
mod shown;
mod sign_in;
mod trouble;
mod users_change;
mod users_create;
mod values;
mod writes;
