//! The SCIM API over the whole router, in process, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod access;
mod api;
mod discovery;
mod last_used;
mod limits;
mod record;
mod resources;
mod trouble;
