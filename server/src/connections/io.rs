//! The stream of one connection, closed when it makes no progress.
//!
//! The deadline depends on what the stream waits for: the rest of a request's headers, the next request, or a client that does
//! not read its response. The deadline for a body is where bodies are read ([`unread`](super::unread)).

use super::{Timeouts, phase::ConnectionPhase};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// A stream with deadlines.
#[derive(Debug)]
pub(super) struct Timed {
    stream: TcpStream,
    phase: Arc<ConnectionPhase>,
    timeouts: Timeouts,
    read: Deadline,
    write: Deadline,
    /// The count of requests when the read deadline was set.
    after: Option<u64>,
    /// Whether bytes of the next request have arrived.
    in_header: bool,
    ended: bool,
}

impl Timed {
    pub(super) fn new(stream: TcpStream, phase: Arc<ConnectionPhase>, timeouts: Timeouts) -> Self {
        let (read, write) = (Deadline::default(), Deadline::default());
        // Clients connect to send something, so the first request counts from the start.
        Self { stream, phase, timeouts, read, write, after: None, in_header: true, ended: false }
    }

    /// Checks the read deadline while nothing can be read.
    fn poll_read_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(requests) = self.phase.waits_after() else {
            self.read.clear();
            return Poll::Pending;
        };
        if self.after.is_some_and(|after| after != requests) {
            self.in_header = false;
        }
        let wait = if self.in_header { self.timeouts.header } else { self.timeouts.idle };
        if self.after != Some(requests) || !self.read.is_set() {
            self.after = Some(requests);
            self.read.set(Instant::now() + wait);
        }
        self.read.poll(cx)
    }

    /// Bytes arrived: if they begin a request, its headers have to follow.
    fn received(&mut self) {
        let Some(requests) = self.phase.waits_after() else { return };
        if self.after != Some(requests) || !self.in_header {
            self.after = Some(requests);
            self.in_header = true;
            self.read.set(Instant::now() + self.timeouts.header);
        }
    }

    fn poll_written<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write.clear();
            return written;
        }
        if !self.write.is_set() {
            self.write.set(Instant::now() + self.timeouts.write);
        }
        ready!(self.write.poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read its answer")))
    }
}

impl AsyncRead for Timed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match result {
            Poll::Pending => {
                ready!(self.poll_read_deadline(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client sends no request")))
            }
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.received();
                result
            }
            Poll::Ready(_) => result,
        }
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.poll_written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.poll_written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written all its data.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        ready!(self.poll_written(cx, flushed))?;
        if self.phase.mark_sent() {
            // hyper does not read again now, so the idle time until the next request starts here.
            let _ = self.poll_read_deadline(cx);
        }
        if self.phase.ends() && !self.ended {
            self.ended = true;
            return Pin::new(&mut self.stream).poll_shutdown(cx);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.poll_written(cx, shut)
    }
}

/// A deadline that often changes and is rarely reached. The timer is only reset if it has to fire earlier, or has fired too
/// early.
#[derive(Debug, Default)]
struct Deadline {
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    fn is_set(&self) -> bool {
        self.at.is_some()
    }

    fn set(&mut self, at: Instant) {
        self.at = Some(at);
    }

    fn clear(&mut self) {
        self.at = None;
    }

    /// Whether the deadline has passed. If not, the task is woken then.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if at < timer.deadline() {
            timer.as_mut().reset(at);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= at {
                return Poll::Ready(());
            }
            timer.as_mut().reset(at);
        }
    }
}
