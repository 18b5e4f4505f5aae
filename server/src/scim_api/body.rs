//! The request's body, read once.

use super::MAX_BODY;
use crate::scim_api::error::ApiError;
use crate::{
    budget::{Budget, MemoryPermit, SMALL},
    connections, content_encoding,
};
use axum::{
    body::{Body, Bytes, HttpBody as _},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt as _;

/// How many bytes of memory a byte of a body takes while the request is answered: as it was sent, and as values.
const MEMORY_PER_BYTE: u64 = 4;

/// Reads a body of up to [`MAX_BODY`] bytes, whose memory is counted until what is returned with it is dropped. The rest of a
/// longer one is dropped further out, so that a client that is still sending sees the answer.
pub(super) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    budget: &Budget,
) -> Result<(Bytes, MemoryPermit), ApiError> {
    if body.is_end_stream() {
        return Ok((Bytes::new(), MemoryPermit::default()));
    }
    if let Some(encoding) = content_encoding::of(headers) {
        return Err(ApiError::encoded(&encoding));
    }
    let announced = announced_length(headers);
    if announced > MAX_BODY {
        return Err(ApiError::too_large());
    }
    let mut whole = Whole::default();
    let mut total = 0_usize;
    let mut held = MemoryPermit::default();
    // Of a body without a length, only its end says how long it is.
    let mut is_counted = announced > 0;
    if announced > SMALL as u64 {
        held = budget.hold(announced * MEMORY_PER_BYTE).await?;
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            // Broken off: nobody is there any more to read the answer.
            if connections::is_body_timeout(&error) { ApiError::too_slow() } else { ApiError::broken_off() }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        total = total.saturating_add(data.len());
        if total as u64 > MAX_BODY {
            return Err(ApiError::too_large());
        }
        if !is_counted && total > SMALL {
            held = budget.hold(MAX_BODY * MEMORY_PER_BYTE).await?;
            is_counted = true;
        }
        whole.add(data);
    }
    Ok((whole.bytes(), held))
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
