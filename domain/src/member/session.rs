//! A session of a member, as pages list it.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// A browser in which a member is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSession {
    /// The first characters of its id, which tell one session of a member from the others. They authenticate nothing.
    pub mark: String,
    /// Is it the session of the request?
    pub is_this: bool,
    /// When the member signed in.
    pub since: UnixMs,
    /// When it was last used.
    pub last_seen_at: UnixMs,
    /// The browser and its system, if they are known: "Firefox on Windows".
    pub browser: Option<String>,
    /// The IP address of the sign-in, if it is known.
    pub address: Option<String>,
}
