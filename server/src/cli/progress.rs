//! The progress of a long command, on stderr: one line that is rewritten on a terminal, else a line for every step and every
//! tenth of a count.

use std::{
    cell::RefCell,
    fmt::Display,
    io::{self, IsTerminal as _, Write},
    time::{Duration, Instant},
};

/// The shortest time between two updates of a terminal's line.
const INTERVAL: Duration = Duration::from_millis(100);
/// Clears the cursor's line.
const CLEAR: &str = "\r\x1b[2K";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Quiet,
    Terminal,
    Lines,
}

/// The progress of one command.
pub(super) struct Progress {
    mode: Mode,
    state: RefCell<State>,
}

struct State {
    out: Box<dyn Write>,
    /// The time of the last update of the terminal's line.
    written_at: Option<Instant>,
    /// The last written count: its name, and its tenths.
    last_count: Option<(String, usize)>,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        let mode = match (quiet, io::stderr().is_terminal()) {
            (true, _) => Mode::Quiet,
            (false, true) => Mode::Terminal,
            (false, false) => Mode::Lines,
        };
        Self::to(Box::new(io::stderr()), mode)
    }

    fn to(out: Box<dyn Write>, mode: Mode) -> Self {
        Self { mode, state: RefCell::new(State { out, written_at: None, last_count: None }) }
    }

    /// Reports the start of a step.
    pub(super) fn step(&self, text: impl Display) {
        let mut state = self.state.borrow_mut();
        state.last_count = None;
        state.written_at = None;
        state.write(self.mode, text);
    }

    /// Reports that `done` of `all` are done.
    pub(super) fn count(&self, what: &str, done: usize, all: usize) {
        let mut state = self.state.borrow_mut();
        let tenths = (done * 10).checked_div(all).unwrap_or(10);
        let is_due = match self.mode {
            Mode::Quiet => false,
            Mode::Lines => state.last_count.as_ref().is_none_or(|(name, last)| name != what || *last != tenths),
            Mode::Terminal => done == all || state.written_at.is_none_or(|at| at.elapsed() >= INTERVAL),
        };
        if is_due {
            state.last_count = Some((what.to_owned(), tenths));
            state.write(self.mode, format_args!("{done} of {all} {what}"));
        }
    }

    /// Clears the terminal's line.
    pub(super) fn clear(&self) {
        if self.mode == Mode::Terminal {
            let mut state = self.state.borrow_mut();
            let _ = write!(state.out, "{CLEAR}").and_then(|()| state.out.flush());
        }
    }
}

impl State {
    /// Writes a line. A failure does not stop the command.
    fn write(&mut self, mode: Mode, text: impl Display) {
        let _ = match mode {
            Mode::Quiet => Ok(()),
            Mode::Lines => writeln!(self.out, "{text}"),
            Mode::Terminal => write!(self.out, "{CLEAR}{text}").and_then(|()| self.out.flush()),
        };
        self.written_at = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(mode: Mode, show: impl Fn(&Progress)) -> String {
        let written = Written::default();
        show(&Progress::to(Box::new(written.clone()), mode));
        let bytes = written.0.borrow().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_log_has_a_line_for_every_step_and_every_tenth() {
        let lines = output(Mode::Lines, |progress| {
            progress.step("team one");
            (1..=40).for_each(|done| progress.count("members", done, 40));
            progress.step("team two");
            progress.count("members", 1, 1);
            progress.clear();
        });
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(lines.first(), Some(&"team one"));
        assert_eq!(lines[1..=3], ["1 of 40 members", "4 of 40 members", "8 of 40 members"]);
        assert_eq!(lines[lines.len() - 3..], ["40 of 40 members", "team two", "1 of 1 members"]);
        assert_eq!(lines.len(), 14, "{lines:?}");
    }

    #[test]
    fn a_terminal_has_one_line_that_is_cleared_at_the_end() {
        let line = output(Mode::Terminal, |progress| {
            progress.step("team one");
            progress.count("members", 2, 2);
            progress.clear();
        });
        assert_eq!(line, format!("{CLEAR}team one{CLEAR}2 of 2 members{CLEAR}"));
    }

    #[test]
    fn quiet_mode_writes_nothing() {
        let nothing = output(Mode::Quiet, |progress| {
            progress.step("team one");
            progress.count("members", 2, 2);
            progress.clear();
        });
        assert_eq!(nothing, "");
    }
}
