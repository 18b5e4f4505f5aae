//! Pages are written anew for every request, so they are compressed on the way: fast rather than small.
//!
//! Only what is marked as a live page is: an answer that holds a key is none. Files are compressed beforehand.

use crate::web::content_policy::ContentPolicy;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Brotli's and gzip's level: beyond it, a page takes longer to compress than to write.
const LEVEL: CompressionLevel = CompressionLevel::Precise(3);

type OnlyPages = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// The layer: Brotli or gzip, as the browser likes.
pub(in crate::web) fn layer() -> CompressionLayer<OnlyPages> {
    CompressionLayer::new().quality(LEVEL).compress_when(is_live_page)
}

fn is_live_page(_: StatusCode, _: Version, _: &HeaderMap, answer: &Extensions) -> bool {
    matches!(answer.get(), Some(ContentPolicy::Live(_)))
}
