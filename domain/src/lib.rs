//! The rules of Rollcall.
//!
//! Compiled twice: for the server, which decides with them, and for the browser, which explains with them.
//!
//! Architecture invariant: nothing here does input or output, reads a clock or makes randomness. The time is always a
//! parameter, in milliseconds since the Unix epoch (`UnixMs`), and so is every id.

pub mod account;
pub mod activity;
pub mod browser;
pub mod certificate;
pub mod client;
pub mod date;
pub mod error;
pub mod id;
pub mod key;
pub mod log;
pub mod mapping;
pub mod member;
pub mod number;
pub mod operation;
pub mod password;
pub mod person_name;
pub mod plan;
pub mod problem;
pub mod provisioning;
pub mod role;
pub mod sort;
pub mod sso;
pub mod team;
pub mod text;
pub mod url;
pub mod user_name;

pub use error::Error;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMs = i64;

/// One minute in milliseconds.
pub const MINUTE: UnixMs = 60_000;
/// One hour in milliseconds.
pub const HOUR: UnixMs = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: UnixMs = 24 * HOUR;
