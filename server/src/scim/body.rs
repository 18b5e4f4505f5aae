//! The request's body, read once.

use super::{MAX_BODY, refusal::Refusal};
use axum::{
    body::{Body, Bytes, HttpBody as _},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt as _;

/// The most bytes that are read to drop them.
const MAX_DRAINED: usize = 16 * 1024 * 1024;

/// Reads a body of up to [`MAX_BODY`] bytes. A longer one is read and dropped: a client that is still sending would not
/// see the answer.
pub(super) async fn read(headers: &HeaderMap, mut body: Body) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut too_large = announced_length(headers) > MAX_BODY;
    let mut whole = Whole::default();
    let mut total = 0_usize;
    while let Some(frame) = body.frame().await {
        // Broken off: nobody is there any more to read the answer.
        let Ok(data) = frame.map_err(|_| Refusal::broken_off())?.into_data() else { continue };
        total = total.saturating_add(data.len());
        too_large |= total as u64 > MAX_BODY;
        if too_large {
            whole = Whole::default();
        } else {
            whole.add(data);
        }
        if total > MAX_DRAINED {
            break;
        }
    }
    if too_large { Err(Refusal::too_large()) } else { Ok(whole.bytes()) }
}

/// What `Content-Length` says; the HTTP layer has refused what is not a number.
fn announced_length(headers: &HeaderMap) -> u64 {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

/// The pieces so far. Most bodies come in one, which is not copied.
#[derive(Default)]
struct Whole {
    first: Bytes,
    all: Vec<u8>,
}

impl Whole {
    fn add(&mut self, piece: Bytes) {
        if self.first.is_empty() {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&piece);
    }

    fn bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one() {
        let mut whole = Whole::default();
        for piece in ["", "ab", "", "c", "d"] {
            whole.add(Bytes::from_static(piece.as_bytes()));
        }
        assert_eq!(whole.bytes(), "abcd");
    }
}
