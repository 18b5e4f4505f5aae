//! SQLite's file, and detection of its loss.
//!
//! A program that writes into a deleted or replaced file loses acknowledged changes. In addition, its write-ahead log
//! is beside the path, and a checkpoint of it would damage the file that is there now, at once or at the next start.

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

/// The name of the setting that every checkpoint of the server increases.
pub(crate) const CHECKPOINT: &str = "checkpoint";

pub(crate) struct DatabaseFile {
    path: PathBuf,
    state: Mutex<State>,
    /// The server's connection for checkpoints. While it is open, no other connection is the last one, so closing one
    /// makes no checkpoint.
    checkpoint_connection: Mutex<Option<Connection>>,
    /// Is `state.lost` set? Every statement reads it.
    is_lost: AtomicBool,
    /// Is this the server, which alone makes checkpoints, and so knows the last write to the file?
    watched: AtomicBool,
    /// The number of the setting [`CHECKPOINT`] in the write-ahead log.
    marker: AtomicI64,
}

struct State {
    /// The file's mark when it was opened or, for the server, after its last checkpoint.
    mark: FileMark,
    /// The highest number of [`CHECKPOINT`] that the file itself may contain. `None`: until the server's next
    /// checkpoint, a change of the file may be another program's checkpoint.
    checkpointed: Option<i64>,
    /// The mark of the write-ahead log at the server's last checkpoint.
    log: Option<FileMark>,
    /// The progress in the log's index after the server's last checkpoint, and the index. `None` if the index cannot be
    /// read. Then only `checkpointed` decides.
    progress: Option<CheckpointProgress>,
    index: Option<WalIndex>,
    lost: Option<Lost>,
    /// The server's lock. At the next start it shows that the write-ahead log does not belong to this file.
    server: Option<ServerLock>,
}

impl State {
    fn progress_now(&self) -> Option<CheckpointProgress> {
        self.index.as_ref()?.progress().ok()
    }
}

/// The kind of loss.
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
    /// Opens the file.
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

    /// From now on, only the server's checkpoints write into the file.
    pub(crate) fn watch(&self, lock: ServerLock) -> Result<(), StoreError> {
        let checkpoint_connection = Connection::open_with_flags(
            &self.path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // A connection holds the write-ahead log open only after a read.
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

    /// Returns the result of the last check, for readers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub(crate) fn check_known(&self) -> Result<(), StoreError> {
        if self.is_lost.load(Ordering::Relaxed) { self.check() } else { Ok(()) }
    }

    /// Checks the file: one system call if nothing has changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: it is no longer the opened file.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        // Overwritten content is lost permanently. A moved file may come back.
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
        // Another program wrote into the file. If the program uses the database, it may have made a checkpoint. Then
        // the log's index shows it, and the number from after the server's own last checkpoint is in the file. An older
        // copy of the file does not have that number, and copying a file does not change the index.
        if let Some(progress) = state.progress_now() {
            if state.progress == Some(progress) {
                return Ok(Some(Lost::Overwritten));
            }
            if progress.is_under_way() {
                // The next check happens when the checkpoint is complete.
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
            let result = match lost {
                Some(lost) => lock.note_lost(&state.mark, lost == Lost::Overwritten),
                None => lock.note_running(),
            };
            if let Err(error) = result {
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

    /// Was something written since the server's last checkpoint?
    pub(crate) fn is_checkpoint_due(&self) -> bool {
        let state = self.lock();
        state.checkpointed.is_none() || state.log != self.log()
    }

    /// A checkpoint of the server begins, so the server itself writes into the file now.
    pub(crate) fn checkpoint_begins(&self) {
        self.lock().checkpointed = None;
    }

    /// The first phase of a checkpoint has ended. The server does not write into the file until the second one begins.
    /// So a change of the file is another program's checkpoint, or an overwrite. The log still contains
    /// [`marker`](Self::marker). If the first phase did not copy it into the file, the two cases look the same, and the
    /// file is not watched until the end of the checkpoint.
    pub(crate) fn first_phase_ended(&self) {
        let mut state = self.lock();
        // Read before the file's mark, because a later write into the file changes the mark.
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

    /// Are changes of the file detected now?
    #[cfg(test)]
    pub(crate) fn notices_changes(&self) -> bool {
        self.lock().checkpointed.is_some()
    }

    /// The checkpoint is complete, and `marker` was committed after it. `copied` is the file's mark in between. If the
    /// mark is still the same, no other program made a checkpoint in between, and any later one copies `marker` into
    /// the file.
    pub(crate) fn checkpoint_ended(&self, copied: Option<&FileMark>, marker: i64) {
        self.set_marker(marker);
        let mut state = self.lock();
        state.log = self.log();
        // Read before the file's mark, because a later write into the file changes the mark.
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

    /// To be called after every other connection is closed. The last one to close makes a checkpoint, unless the file
    /// is lost.
    pub(crate) fn close(&self) {
        let is_lost = self.check().is_err();
        let Some(lock) = self.lock().server.take() else { return };
        let checkpoint_connection = self.checkpoint_connection().take();
        if is_lost {
            // Closing it would copy the log into a file that it does not belong to.
            std::mem::forget(checkpoint_connection);
            return;
        }
        drop(checkpoint_connection);
        if let Err(error) = lock.note_stopped() {
            tracing::warn!(%error, "the server's lock file cannot be written; the next start takes longer");
        }
    }

    /// Copies the log while other connections read and write.
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
