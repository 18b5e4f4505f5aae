//! The process: pages, server functions, SCIM API, storage, command line.
//!
//! Floors: `main -> cli -> web -> {scim_api, auth} -> state -> self_test -> service`, on the crate `store`. No module uses one
//! to the left of it.

#![allow(
    missing_docs,
    reason = "a comment that only repeats the name adds nothing; the library crates are documented in full"
)]

pub mod assets;
pub mod auth;
pub mod budget;
mod caller;
pub mod cli;
mod client_address;
pub mod clock;
pub mod config;
pub mod connections;
mod content_encoding;
pub mod exports;
pub mod ids;
pub mod last_used;
pub mod live_updates;
pub mod network;
pub mod outbound;
pub mod password_hashing;
mod rate_limit;
mod request_id;
pub mod request_log;
pub mod scim_api;
pub mod scim_sync;
pub mod secrets;
pub mod self_test;
pub mod service;
mod sign_in_failures;
pub mod sso;
pub mod state;
mod team_change;
pub mod telemetry;
pub mod web;

pub use web::router;
