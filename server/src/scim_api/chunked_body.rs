//! The body of a long answer: pieces that were written before, and the memory that is counted for them until they are
//! sent, or nobody wants them any more.

use crate::{budget::MemoryPermit, request_log::BodyHead};
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// The pieces that are not sent yet.
#[derive(Debug)]
pub(super) struct ChunkedBody {
    pieces: VecDeque<Bytes>,
    /// Their bytes.
    left: u64,
    _held: MemoryPermit,
}

impl ChunkedBody {
    pub(super) fn new(pieces: Vec<Vec<u8>>, held: MemoryPermit) -> (Self, BodyHead) {
        let pieces: VecDeque<Bytes> = pieces.into_iter().map(Bytes::from).collect();
        let whole = pieces.iter().map(Bytes::len).sum();
        let head = BodyHead { first: pieces.front().cloned().unwrap_or_default(), whole };
        (Self { pieces, left: whole as u64, _held: held }, head)
    }
}

impl Body for ChunkedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        self.left -= piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
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
        let held = budget.hold(limits.memory_of_team).await.unwrap();
        let (body, head) = ChunkedBody::new(vec![b"ab".to_vec(), b"c".to_vec()], held);
        assert_eq!((head.first.as_ref(), head.whole, body.size_hint().exact()), (&b"ab"[..], 3, Some(3)));
        assert!(budget.hold(limits.memory_of_team).await.is_err());
        assert_eq!(body.collect().await.unwrap().to_bytes(), "abc");
        budget.hold(limits.memory_of_team).await.unwrap();
    }
}
