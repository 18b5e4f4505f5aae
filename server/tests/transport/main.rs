//! Behaviour on real sockets: connections without progress are closed, no client takes all of them, and responses reach clients
//! that are still sending.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/app.rs"]
mod app;
#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod bodies;
mod connection_limits;
mod site;
mod timeouts;
