//! All changes to a team, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod actors;
mod concurrency;
mod keys;
mod members;
mod methods;
mod scim_switch;
mod team_deletion;
mod teams;
