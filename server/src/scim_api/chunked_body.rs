//! Response bodies in chunks. Their memory is counted until the body is sent or dropped.

use crate::{budget::MemoryPermit, request_log::BodyHead};
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// The chunks that are not sent yet.
#[derive(Debug)]
pub(super) struct ChunkedBody {
    chunks: VecDeque<Bytes>,
    /// The size of the chunks.
    remaining: u64,
    _permit: MemoryPermit,
}

impl ChunkedBody {
    pub(super) fn new(chunks: Vec<Vec<u8>>, permit: MemoryPermit) -> (Self, BodyHead) {
        let chunks: VecDeque<Bytes> = chunks.into_iter().map(Bytes::from).collect();
        let total_bytes = chunks.iter().map(Bytes::len).sum();
        let head = BodyHead { first: chunks.front().cloned().unwrap_or_default(), total_bytes };
        (Self { chunks, remaining: total_bytes as u64, _permit: permit }, head)
    }
}

impl Body for ChunkedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.chunks.pop_front();
        self.remaining -= chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{BudgetLimits, Budgets};
    use domain::id::TeamId;
    use http_body_util::BodyExt as _;
    use std::time::Duration;

    #[tokio::test]
    async fn memory_is_counted_until_the_body_is_gone() {
        let limits = BudgetLimits { memory_wait: Duration::ZERO, ..BudgetLimits::default() };
        let budget = Budgets::new(limits).of_request(&TeamId::new("a"));
        let permit = budget.hold(limits.memory_of_team).await.unwrap();
        let (body, head) = ChunkedBody::new(vec![b"ab".to_vec(), b"c".to_vec()], permit);
        assert_eq!((head.first.as_ref(), head.total_bytes, body.size_hint().exact()), (&b"ab"[..], 3, Some(3)));
        assert!(budget.hold(limits.memory_of_team).await.is_err());
        assert_eq!(body.collect().await.unwrap().to_bytes(), "abc");
        budget.hold(limits.memory_of_team).await.unwrap();
    }
}
