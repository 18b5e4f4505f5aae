//! The queue of log lines between the threads that log and the one that writes to stderr.
//!
//! Logging never blocks, because otherwise a process whose stderr is not read would stop as a whole. The queue has a limit. Lines
//! that do not fit are dropped and counted.

use std::{
    collections::VecDeque,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tracing_subscriber::fmt::MakeWriter;

/// Approximate memory of a queued line beside its text, in bytes.
const OVERHEAD: usize = 64;

/// Lines that wait to be written.
#[derive(Debug)]
pub(super) struct Queue {
    /// Upper bound of the memory of queued lines, in bytes.
    limit: usize,
    /// The metric with the number of dropped lines.
    metric: &'static str,
    state: Mutex<State>,
    /// Notified when there is something to write, and when everything was written.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    /// The memory of `lines`.
    size: usize,
    gap: Option<Gap>,
    /// Whether a line is being written.
    is_writing: bool,
    dropped: u64,
}

/// Dropped lines.
#[derive(Clone, Copy, Debug)]
struct Gap {
    dropped: u64,
    /// The count of queued lines that are older than the first dropped one.
    older: usize,
}

enum Item {
    Line(Vec<u8>),
    /// The count of lines that were dropped at this place.
    Dropped(u64),
}

impl Queue {
    pub(super) fn new(limit: usize, metric: &'static str) -> Self {
        Self { limit, metric, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Queues a line, or drops and counts it.
    fn push(&self, line: &[u8]) {
        let size = line.len() + OVERHEAD;
        let mut state = self.lock();
        if state.size + size <= self.limit {
            state.size += size;
            state.lines.push_back(line.to_vec());
            drop(state);
            self.changed.notify_all();
            return;
        }
        let older = state.lines.len();
        state.gap.get_or_insert(Gap { dropped: 0, older }).dropped += 1;
        state.dropped += 1;
        let dropped = state.dropped;
        drop(state);
        metrics::counter!(self.metric).absolute(dropped);
    }

    /// The count of lines that were dropped since the start.
    pub(super) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Writes lines as they arrive, for as long as the process runs. `write_gap` writes the count of dropped lines.
    pub(super) fn write(&self, mut out: impl io::Write, mut write_gap: impl FnMut(&mut dyn io::Write, u64)) -> ! {
        loop {
            match self.next() {
                // A failure to write to stderr cannot be reported anywhere.
                Item::Line(line) => {
                    let _ = out.write_all(&line);
                }
                Item::Dropped(count) => write_gap(&mut out, count),
            }
        }
    }

    fn next(&self) -> Item {
        let mut state = self.lock();
        state.is_writing = false;
        loop {
            if let Some(gap) = state.gap.take_if(|gap| gap.older == 0) {
                state.is_writing = true;
                return Item::Dropped(gap.dropped);
            }
            if let Some(line) = state.lines.pop_front() {
                state.size -= line.len() + OVERHEAD;
                if let Some(gap) = &mut state.gap {
                    gap.older -= 1;
                }
                state.is_writing = true;
                return Item::Line(line);
            }
            self.changed.notify_all();
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until everything was written, but not longer than `limit`, because nothing may read stderr.
    pub(super) fn flush(&self, limit: Duration) {
        let is_busy = |state: &mut State| state.is_writing || !state.lines.is_empty() || state.gap.is_some();
        drop(self.changed.wait_timeout_while(self.lock(), limit, is_busy));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Queues the output of one call as one line, because the formatter writes each line at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines(pub(super) &'static Queue);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::{Arc, mpsc},
        thread,
    };

    /// Blocks in its first write until the test opens it.
    struct Stalled {
        opened: Option<mpsc::Receiver<()>>,
        output: Arc<Mutex<Vec<u8>>>,
        entered: mpsc::Sender<()>,
    }

    impl io::Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(opened) = self.opened.take() {
                self.entered.send(()).unwrap();
                opened.recv().unwrap();
            }
            self.output.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const LONG: Duration = Duration::from_secs(60);

    fn start(queue: &'static Queue, out: impl io::Write + Send + 'static) {
        thread::spawn(move || queue.write(out, |out, count| write!(out, "({count} missing)").unwrap()));
    }

    fn of(lines: usize) -> &'static Queue {
        Box::leak(Box::new(Queue::new(lines * (1 + OVERHEAD), "test_lines_dropped_total")))
    }

    #[test]
    fn lines_that_do_not_fit_are_dropped_and_counted_where_they_are_missing() {
        let queue = of(3);
        let (open, opened) = mpsc::channel();
        let (entered, stalled) = mpsc::channel();
        let output = Arc::new(Mutex::new(Vec::new()));
        start(queue, Stalled { opened: Some(opened), output: output.clone(), entered });

        queue.push(b"a");
        stalled.recv().unwrap();
        for line in [b"b", b"c", b"d", b"e", b"f"] {
            queue.push(line);
        }
        assert_eq!(queue.dropped(), 2);

        open.send(()).unwrap();
        queue.flush(LONG);
        queue.push(b"g");
        queue.flush(LONG);
        assert_eq!(String::from_utf8_lossy(&output.lock().unwrap()), "abcd(2 missing)g");
    }

    #[test]
    fn a_flush_ends_even_if_nothing_reads_stderr() {
        let queue = of(3);
        let (_open, opened) = mpsc::channel();
        let (entered, stalled) = mpsc::channel();
        start(queue, Stalled { opened: Some(opened), output: Arc::default(), entered });
        queue.push(b"a");
        stalled.recv().unwrap();
        queue.flush(Duration::from_millis(1));
    }

    #[test]
    fn lines_that_cannot_be_written_leave_the_queue() {
        struct Closed;
        impl io::Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let queue = of(3);
        start(queue, Closed);
        for _ in 0..10 {
            queue.push(b"a");
            queue.flush(LONG);
        }
        assert_eq!(queue.dropped(), 0);
    }
}
