//! What the log keeps of a response body.

use axum::body::Bytes;

/// The beginning of a response body that is sent in pieces, in the response's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct BodyHead {
    /// The first piece.
    pub(crate) first: Bytes,
    /// Length of the whole body, in bytes.
    pub(crate) total_bytes: usize,
}
