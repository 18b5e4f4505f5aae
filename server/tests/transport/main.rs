//! What holds on real sockets: connections that make no progress are closed, no client takes all of them, and answers reach
//! clients that are still sending.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/app.rs"]
mod app;
#[path = "../common/db.rs"]
mod db;
#[path = "../common/world.rs"]
mod world;

mod bodies;
mod shares;
mod site;
mod timeouts;
