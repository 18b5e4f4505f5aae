//! The queue of log lines between the threads that log and the one that writes to stderr.
//!
//! Logging never blocks: a process whose stderr is not read would otherwise stop as a whole. Instead the queue has a limit,
//! and lines that do not fit are dropped and counted.

use std::{
    collections::VecDeque,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tracing_subscriber::fmt::MakeWriter;

/// Memory that a queued line takes beside its text, in bytes: roughly.
const OVERHEAD: usize = 64;

/// Lines that wait to be written.
#[derive(Debug)]
pub(super) struct Queue {
    /// The most memory that waiting lines take, in bytes.
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
    /// The memory that `lines` take.
    size: usize,
    gap: Option<Gap>,
    /// Is a line being written?
    is_writing: bool,
    dropped: u64,
}

/// Lines that are missing.
#[derive(Clone, Copy, Debug)]
struct Gap {
    dropped: u64,
    /// How many queued lines are older than the first dropped one.
    older: usize,
}

enum Item {
    Line(Vec<u8>),
    /// Here this many lines are missing.
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

    /// How many lines were dropped since the start.
    pub(super) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Writes lines as they come, for as long as the process runs. `write_gap` writes how many lines are missing.
    pub(super) fn write(&self, mut out: impl io::Write, mut write_gap: impl FnMut(&mut dyn io::Write, u64)) -> ! {
        loop {
            match self.next() {
                // No one can be told that stderr cannot be written.
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

    /// Waits until everything was written, but not longer than `limit`: stderr may be read by no one.
    pub(super) fn flush(&self, limit: Duration) {
        let is_busy = |state: &mut State| state.is_writing || !state.lines.is_empty() || state.gap.is_some();
        drop(self.changed.wait_timeout_while(self.lock(), limit, is_busy));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Queues what one call writes as one line: the formatter writes each line at once.
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

    /// Blocks in its first write until it is opened.
    struct Stalled {
        opened: Option<mpsc::Receiver<()>>,
        written: Arc<Mutex<Vec<u8>>>,
        entered: mpsc::Sender<()>,
    }

    impl io::Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(opened) = self.opened.take() {
                self.entered.send(()).unwrap();
                opened.recv().unwrap();
            }
            self.written.lock().unwrap().write(bytes)
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
    fn lines_that_do_not_fit_are_dropped_and_counted_in_their_place() {
        let queue = of(3);
        let (open, opened) = mpsc::channel();
        let (entered, stalled) = mpsc::channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        start(queue, Stalled { opened: Some(opened), written: written.clone(), entered });

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
        assert_eq!(String::from_utf8_lossy(&written.lock().unwrap()), "abcd(2 missing)g");
    }

    #[test]
    fn a_flush_ends_although_nobody_reads() {
        let queue = of(3);
        let (_open, opened) = mpsc::channel();
        let (entered, stalled) = mpsc::channel();
        start(queue, Stalled { opened: Some(opened), written: Arc::default(), entered });
        queue.push(b"a");
        stalled.recv().unwrap();
        queue.flush(Duration::from_millis(1));
    }

    #[test]
    fn lines_that_cannot_be_written_do_not_stay() {
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
