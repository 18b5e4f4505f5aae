//! SQLite's file, and whether it is still the one that was opened.
//!
//! A program that goes on writing into a file that was deleted or replaced loses what it acknowledges. Worse, its write-ahead
//! log stands beside the path, and a checkpoint of it, now or at the next start, would damage the file that was put there.

use crate::{
    StoreError,
    db::{
        file_mark::FileMark,
        server_lock::{ServerLock, beside},
        wal_index::{CheckpointProgress, WalIndex},
    },
};
use rusqlite::{Connection, OpenFlags};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

/// The name of the setting that every checkpoint of the server moves on.
pub(crate) const CHECKPOINT: &str = "checkpoint";

pub(crate) struct DatabaseFile {
    path: PathBuf,
    state: Mutex<State>,
    /// The server's connection for checkpoints. While it is open, no other one is the last, and so none makes a checkpoint when it
    /// is closed.
    checkpoint_connection: Mutex<Option<Connection>>,
    /// Is `state.lost` something? Read by every statement.
    is_lost: AtomicBool,
    /// Is this the server, which alone makes checkpoints and knows when the file was last written?
    watched: AtomicBool,
    /// The number in the setting [`CHECKPOINT`] that stands in the write-ahead log.
    marker: AtomicI64,
}

struct State {
    /// What the file looked like when it was opened or, for the server, after its last checkpoint.
    mark: FileMark,
    /// The highest number that the file itself may hold. None: a change of the file cannot be told from another program's checkpoint
    /// before the next one of the server.
    checkpointed: Option<i64>,
    /// The write-ahead log at the server's last checkpoint.
    log: Option<FileMark>,
    /// What the log's index said after the server's last checkpoint, and the index. None: it cannot be read, and `checkpointed` alone
    /// decides.
    progress: Option<CheckpointProgress>,
    index: Option<WalIndex>,
    lost: Option<Lost>,
    /// The server's lock, which says at the next start that the write-ahead log is not this file's.
    server: Option<ServerLock>,
}

impl State {
    fn progress_now(&self) -> Option<CheckpointProgress> {
        self.index.as_ref()?.progress().ok()
    }
}

/// What became of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    Missing,
    Replaced,
    Overwritten,
}

impl Lost {
    fn what(self) -> &'static str {
        match self {
            Lost::Missing => "was deleted or moved away",
            Lost::Replaced => "was replaced by another file",
            Lost::Overwritten => "was overwritten",
        }
    }
}

impl DatabaseFile {
    /// The file, just opened.
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        let mark = FileMark::of(&path)?;
        let state =
            State { mark, checkpointed: None, log: None, progress: None, index: None, lost: None, server: None };
        Ok(Self {
            path,
            state: Mutex::new(state),
            checkpoint_connection: Mutex::new(None),
            is_lost: AtomicBool::new(false),
            watched: AtomicBool::new(false),
            marker: AtomicI64::new(0),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    pub(crate) fn marker(&self) -> i64 {
        self.marker.load(Ordering::Relaxed)
    }

    pub(crate) fn set_marker(&self, marker: i64) {
        self.marker.store(marker, Ordering::Relaxed);
    }

    /// The server takes the file over: from now on nothing but its checkpoints writes into the file.
    pub(crate) fn watch(&self, lock: ServerLock) -> Result<(), StoreError> {
        let checkpoint_connection = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // Only a connection that has read holds the write-ahead log open.
        checkpoint_connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
        let index = WalIndex::open(&self.path)
            .inspect_err(|error| tracing::warn!(%error, "the index of the write-ahead log cannot be read"));
        *self.checkpoint_connection() = Some(checkpoint_connection);
        let mut state = self.lock();
        (state.server, state.index) = (Some(lock), index.ok());
        drop(state);
        self.watched.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// As of the last look: for those who only read.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(crate) fn check_known(&self) -> Result<(), StoreError> {
        if self.is_lost.load(Ordering::Relaxed) { self.check() } else { Ok(()) }
    }

    /// Looks at the file: one system call, as long as nothing has changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it is not the one that was opened any longer.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        // Its content is gone permanently; a file that only moved may come back.
        if state.lost != Some(Lost::Overwritten) {
            let lost = self.look(&mut state)?;
            if lost != state.lost {
                self.report(&mut state, lost);
            }
        }
        match state.lost {
            None => Ok(()),
            Some(lost) => Err(StoreError::Unavailable(self.explain(lost))),
        }
    }

    fn look(&self, state: &mut State) -> Result<Option<Lost>, StoreError> {
        let now = match FileMark::of(&self.path) {
            Ok(now) => now,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Lost::Missing)),
            Err(error) => {
                let path = self.path.display();
                return Err(StoreError::Unavailable(format!("can't read the database file {path}: {error}")));
            }
        };
        if !now.is_same_file(&state.mark) {
            return Ok(Some(Lost::Replaced));
        }
        let Some(checkpointed) = state.checkpointed.filter(|_| now != state.mark) else { return Ok(None) };
        // Someone wrote into it. Another program that uses the database may have made a checkpoint: then the log's index says so,
        // and the number that was written after the server's own last checkpoint came into the file with it. A copy of the file from
        // before does not have that number, and copying a file does not change the index.
        if let Some(progress) = state.progress_now() {
            if state.progress == Some(progress) {
                return Ok(Some(Lost::Overwritten));
            }
            if progress.is_under_way() {
                // Looked at again when it is complete.
                return Ok(None);
            }
        }
        match read_marker(&self.path) {
            Ok(number) if number > checkpointed => {
                (state.mark, state.checkpointed) = (now, None);
                Ok(None)
            }
            _ => Ok(Some(Lost::Overwritten)),
        }
    }

    fn report(&self, state: &mut State, lost: Option<Lost>) {
        state.lost = lost;
        self.is_lost.store(lost.is_some(), Ordering::Relaxed);
        match lost {
            Some(lost) => tracing::error!("{}", self.explain(lost)),
            None => tracing::warn!(path = %self.path.display(), "the database file is back; changes work again"),
        }
        if let Some(lock) = &state.server {
            let noted = match lost {
                Some(lost) => lock.note_lost(&state.mark, lost == Lost::Overwritten),
                None => lock.note_running(),
            };
            if let Err(error) = noted {
                tracing::error!(%error, "the server's lock file cannot be written");
            }
        }
    }

    fn explain(&self, lost: Lost) -> String {
        format!(
            "the database file {} {} while Rollcall was using it, so nothing is read or written any more. Stop Rollcall, see to it \
             that the right file is there, and start Rollcall again",
            self.path.display(),
            lost.what()
        )
    }

    /// Should the server make a checkpoint: was something written since the last one?
    pub(crate) fn is_checkpoint_due(&self) -> bool {
        let state = self.lock();
        state.checkpointed.is_none() || state.log != self.log()
    }

    /// A checkpoint of the server begins: the server itself writes into the file now.
    pub(crate) fn checkpoint_begins(&self) {
        self.lock().checkpointed = None;
    }

    /// The first phase of a checkpoint is over: until the second one begins, the server does not write into the file. So a change of
    /// the file is another program's checkpoint, or an overwrite. The log still holds [`marker`](Self::marker); if the first phase did
    /// not copy it into the file, the two cannot be told apart, and nothing is watched until the end of the checkpoint.
    pub(crate) fn first_phase_ended(&self) {
        let mut state = self.lock();
        // Read before the file's mark: whatever writes into the file after that moves it on.
        let progress = state.progress_now();
        if progress.is_some_and(|progress| progress.is_under_way()) {
            return;
        }
        let marker = self.marker();
        if read_marker(&self.path).is_ok_and(|copied| copied == marker)
            && let Ok(now) = FileMark::of(&self.path)
            && now.is_same_file(&state.mark)
        {
            (state.mark, state.progress, state.checkpointed) = (now, progress, Some(marker - 1));
        }
    }

    /// Is a change of the file noticed now?
    #[cfg(test)]
    pub(crate) fn notices_changes(&self) -> bool {
        self.lock().checkpointed.is_some()
    }

    /// The checkpoint is complete, and `marker` was committed after it. `copied` is what the file looked like in between: if it looks
    /// the same now, no checkpoint of another program came in between, and any later one brings `marker` into the file.
    pub(crate) fn checkpoint_ended(&self, copied: Option<&FileMark>, marker: i64) {
        self.set_marker(marker);
        let mut state = self.lock();
        state.log = self.log();
        // Read before the file's mark: whatever writes into the file after that moves it on.
        let progress = state.progress_now();
        if progress.is_some_and(|progress| progress.is_under_way()) {
            return;
        }
        state.progress = progress;
        if let (Some(copied), Ok(now)) = (copied, FileMark::of(&self.path))
            && *copied == now
            && now.is_same_file(&state.mark)
        {
            (state.mark, state.checkpointed) = (now, Some(marker - 1));
        }
    }

    fn log(&self) -> Option<FileMark> {
        FileMark::of(&beside(&self.path, "-wal")).ok()
    }

    /// To be called when every other connection is closed: the last one to close makes a checkpoint, unless the file is lost.
    pub(crate) fn close(&self) {
        let is_lost = self.check().is_err();
        let Some(lock) = self.lock().server.take() else { return };
        let checkpoint_connection = self.checkpoint_connection().take();
        if is_lost {
            // Closing it would write the log into a file that it does not belong to.
            std::mem::forget(checkpoint_connection);
            return;
        }
        drop(checkpoint_connection);
        if let Err(error) = lock.note_stopped() {
            tracing::warn!(%error, "the server's lock file cannot be written; the next start takes longer");
        }
    }

    /// Copies what the log holds, while others read and write.
    pub(crate) fn copy_log(&self) -> rusqlite::Result<()> {
        match self.checkpoint_connection().as_ref() {
            Some(checkpoint_connection) => {
                checkpoint_connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            }
            None => Ok(()),
        }
    }

    fn checkpoint_connection(&self) -> MutexGuard<'_, Option<Connection>> {
        self.checkpoint_connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DatabaseFile {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.lost.is_some() {
            std::mem::forget(self.checkpoint_connection.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// The number in the file itself, without the write-ahead log.
fn read_marker(path: &Path) -> rusqlite::Result<i64> {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.query_row("SELECT CAST(value AS INTEGER) FROM settings WHERE name = ?1", [CHECKPOINT], |row| row.get(0))
}
