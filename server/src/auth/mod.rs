//! Authentication of people: sign-in with its throttling, sessions, and the actor of a request.
//!
//! Nothing here depends on HTTP statuses: errors are types, and `web` maps them.

pub mod actor;
pub mod audit;
pub mod device;
pub mod next;
pub mod session_store;
pub mod sign_in;
pub mod throttle;

pub use actor::{SignedIn, Visitor};
