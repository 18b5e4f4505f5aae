//! Compression of pages. Every request renders its page anew, so the compression is fast rather than small.
//!
//! Only responses marked as live pages are compressed. A response with a key is not. Files are compressed in the build.

use crate::web::content_policy::ContentPolicy;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// The level of Brotli and gzip. Beyond it, compressing a page takes longer than rendering it.
const LEVEL: CompressionLevel = CompressionLevel::Precise(3);

type OnlyPages = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// The layer: Brotli or gzip, by `Accept-Encoding`.
pub(in crate::web) fn layer() -> CompressionLayer<OnlyPages> {
    CompressionLayer::new().quality(LEVEL).compress_when(is_live_page)
}

fn is_live_page(_: StatusCode, _: Version, _: &HeaderMap, answer: &Extensions) -> bool {
    matches!(answer.get(), Some(ContentPolicy::Live(_) | ContentPolicy::LiveWithForm(..)))
}
