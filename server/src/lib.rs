//! The process: pages, server functions, SCIM API, storage, command line.
//!
//! Inside: `main -> cli -> http -> {auth, provisioning, scim} -> store`. `store` uses domain types and nothing above it.

pub mod assets;
pub mod auth;
pub mod budget;
pub mod cli;
mod client_address;
pub mod clock;
pub mod config;
pub mod connections;
mod content_encoding;
pub mod http;
pub mod live;
pub mod outbound;
pub mod provisioning;
mod request_id;
pub mod scim;
pub mod secrets;
pub mod self_test;
pub mod state;
pub mod store;
pub mod telemetry;

pub use http::router;
