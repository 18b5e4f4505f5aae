//! The connections of an HTTP listener: how many there may be, and how long each may wait, read and write.
//!
//! `axum::serve` knows no limits: a client that sends half a request, or reads no answer, keeps its connection permanently, and
//! enough of them take every file descriptor. So the accept loop is ours. Everything above HTTP/1.1 stays with hyper.
//!
//! [`table`] says who may connect, [`io`] closes what makes no progress, [`unread`] sees that answers reach clients that are
//! still sending, and [`accept`] puts these together.

mod accept;
mod descriptors;
mod io;
mod limits;
mod phase;
mod table;
mod unread;

pub use accept::serve;
pub use descriptors::raise as raise_descriptor_limit;
pub use limits::{ConnectionLimits, Drain, Timeouts};
pub use unread::is_timeout as is_body_timeout;

/// Beside a request that came on a reserved connection, because its client's share or all other connections are taken: only
/// health checks and signing in are answered there, everything else with 503.
#[derive(Clone, Copy, Debug)]
pub struct Reserved;
