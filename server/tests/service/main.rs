//! Every change to a team, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod actors;
mod at_once;
mod delete;
mod keys;
mod members;
mod scim;
mod sso;
mod teams;
