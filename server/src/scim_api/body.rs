//! Request bodies.

use super::MAX_BODY;
use crate::{
    budget::{RequestGuard, SMALL},
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

/// Reads a body of up to [`MAX_BODY`] bytes, whose memory the guard counts. The connection drains the rest of a longer body, so
/// that a client that is still sending reads the response.
pub(super) async fn read(headers: &HeaderMap, mut body: Body, guard: &mut RequestGuard) -> Result<Bytes, ApiError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if let Some(encoding) = content_encoding::of(headers) {
        return Err(ApiError::encoded(&encoding));
    }
    let announced = announced_length(headers);
    if announced > MAX_BODY {
        return Err(ApiError::too_large());
    }
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    let mut total = 0_usize;
    // The size of a body without `Content-Length` is known at its end.
    let mut is_counted = announced > 0;
    if announced > SMALL as u64 {
        guard.hold(announced * MEMORY_PER_BYTE).await?;
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
            guard.hold(MAX_BODY * MEMORY_PER_BYTE).await?;
            is_counted = true;
        }
        // A single frame, which is the usual case, is not copied.
        if first.is_empty() {
            first = data;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&first);
        }
        all.extend_from_slice(&data);
    }
    Ok(if all.is_empty() { first } else { all.into() })
}

/// The value of `Content-Length`. The HTTP layer rejects values that are not numbers.
fn announced_length(headers: &HeaderMap) -> u64 {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        budget::{Budgets, MemoryPermit},
        scim_api::chunked_body::ChunkedBody,
    };
    use domain::id::TeamId;

    #[tokio::test]
    async fn frames_are_concatenated() {
        let mut guard = Budgets::default().of_request(&TeamId::new("a")).guard();
        for (frames, wanted) in [(vec!["", "ab", "", "c", "d"], "abcd"), (vec!["ab"], "ab"), (vec![], "")] {
            let frames = frames.into_iter().map(|data| data.as_bytes().to_vec()).collect();
            let (body, _) = ChunkedBody::new(frames, MemoryPermit::default());
            assert_eq!(read(&HeaderMap::new(), Body::new(body), &mut guard).await.unwrap(), wanted);
        }
    }
}
