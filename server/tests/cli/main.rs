//! The program as an operator or a script runs it: stdout, stderr and exit status.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../common/db.rs"]
mod db;

mod demo;
mod faults;
mod key;
mod postgres;
mod program;
mod scim;
mod secret;
mod self_test;
mod serve;
mod sso;
mod stderr;
mod team;
mod usage;
