//! The connections of an HTTP listener: their number, and their timeouts for waiting, reading and writing.
//!
//! `axum::serve` has no limits: a client that sends half a request, or does not read its response, keeps its connection
//! permanently. Enough such connections use up all file descriptors. Therefore Rollcall has its own accept loop. hyper still
//! handles HTTP/1.1 and everything above it.
//!
//! [`table`] decides who may connect, [`io`] closes connections without progress, and [`unread`] delivers responses to
//! clients that are still sending. [`accept`] combines these.

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

/// An extension of requests that came on a reserved connection, because the client's share or all other connections are in
/// use. Only health checks and sign-ins are served there. Everything else gets 503.
#[derive(Clone, Copy, Debug)]
pub struct Reserved;
