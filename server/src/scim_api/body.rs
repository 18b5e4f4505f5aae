//! Request bodies.

use super::MAX_BODY;
use crate::{
    budget::{Budget, MemoryPermit, SMALL},
    connections, content_encoding,
    scim_api::error::ApiError,
};
use axum::{
    body::{Body, Bytes, HttpBody as _},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt as _;

/// Bytes of memory for each byte of a body: the body itself and its JSON values.
const MEMORY_PER_BYTE: u64 = 4;

/// Reads a body of up to [`MAX_BODY`] bytes. Its memory is counted until the permit is dropped. The connection drains the rest of
/// a longer body, so that a client that is still sending reads the response.
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
    let mut buffer = FrameBuffer::default();
    let mut total = 0_usize;
    let mut permit = MemoryPermit::default();
    // The size of a body without `Content-Length` is known at its end.
    let mut is_counted = announced > 0;
    if announced > SMALL as u64 {
        permit = budget.hold(announced * MEMORY_PER_BYTE).await?;
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            // If the body was cut off, no client reads the response.
            if connections::is_body_timeout(&error) { ApiError::too_slow() } else { ApiError::truncated() }
        })?;
        let Ok(data) = frame.into_data() else { continue };
        total = total.saturating_add(data.len());
        if total as u64 > MAX_BODY {
            return Err(ApiError::too_large());
        }
        if !is_counted && total > SMALL {
            permit = budget.hold(MAX_BODY * MEMORY_PER_BYTE).await?;
            is_counted = true;
        }
        buffer.add(data);
    }
    Ok((buffer.bytes(), permit))
}

/// The value of `Content-Length`. The HTTP layer rejects values that are not numbers.
fn announced_length(headers: &HeaderMap) -> u64 {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

/// The frames of a body. A single frame, which is the usual case, is not copied.
#[derive(Default)]
struct FrameBuffer {
    first: Bytes,
    all: Vec<u8>,
}

impl FrameBuffer {
    fn add(&mut self, frame_bytes: Bytes) {
        if self.first.is_empty() {
            self.first = frame_bytes;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&frame_bytes);
    }

    fn bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_concatenated() {
        let mut buffer = FrameBuffer::default();
        for frame_bytes in ["", "ab", "", "c", "d"] {
            buffer.add(Bytes::from_static(frame_bytes.as_bytes()));
        }
        assert_eq!(buffer.bytes(), "abcd");
    }
}
