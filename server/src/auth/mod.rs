//! Who is asking: passwords, sessions, signing in, and what somebody may do.
//!
//! Nothing here knows HTTP statuses: what goes wrong comes back as a type, and `http` says it.

pub mod actor;
pub mod audit;
pub mod device;
pub mod hashing;
pub mod next;
pub mod password;
mod places;
pub mod session_store;
pub mod sign_in;
pub mod throttle;

pub use actor::{SignedIn, Visitor};
