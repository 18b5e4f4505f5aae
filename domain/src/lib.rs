//! The rules of Rollcall.
//!
//! Compiled twice: for the server, which decides with them, and for the browser, which explains with them.
//!
//! Architecture invariant: nothing here does input or output, reads a clock or generates random values. Time is always
//! a parameter, in milliseconds since the Unix epoch (`UnixMs`), and so is every id.

pub mod activity;
pub mod error;
pub mod format;
pub mod group_role;
pub mod id;
pub mod key;
pub mod member;
mod names;
pub mod person_name;
pub mod plan;
pub mod provisioning;
pub mod role;
pub mod scim_client;
pub mod scim_operation;
pub mod sort;
pub mod sso;
pub mod team;
pub mod user_agent;
pub mod user_name;
pub mod validation;

pub use error::{Conflict, Denial, Error, Unchanged};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMs = i64;

/// One minute in milliseconds.
pub const MINUTE: UnixMs = 60_000;
/// One hour in milliseconds.
pub const HOUR: UnixMs = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: UnixMs = 24 * HOUR;
