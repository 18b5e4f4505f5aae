//! A lock that allows one server per SQLite file.
//!
//! A second server would not see the first one's data in memory. So a server locks a file beside the database. The file
//! also records the end of the server: after an unclean stop, the next start checks the database. Commands take no
//! lock, because they work while a server runs.

use crate::{StoreError, db::file_mark::FileMark};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

/// Upper bound of a record in bytes.
const RECORD_MAX: u64 = 4_096;

/// The lock. It ends with the process in any case.
pub struct ServerLock {
    file: File,
    database: PathBuf,
    /// The record of the previous server.
    previous: Option<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Record {
    Running {
        process: u32,
    },
    /// The server stopped properly, and left the database in this state.
    Stopped {
        database: FileMark,
    },
    /// The database's file was lost while the server ran. `log` is the write-ahead log, which does not belong to the
    /// file that is there now. `database` is the file that it belongs to, unless that was overwritten.
    Lost {
        process: u32,
        database: Option<FileMark>,
        log: Option<FileMark>,
    },
}

impl std::fmt::Debug for ServerLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerLock").field("database", &self.database).finish_non_exhaustive()
    }
}

impl ServerLock {
    /// Locks the database in this file.
    ///
    /// # Errors
    /// [`StoreError::Url`]: another server has it, or the lock file cannot be created.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        // All paths of one file share one lock.
        let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
        let path = beside(&database, ".lock");
        let refused = |error: &io::Error| {
            StoreError::Url(format!("can't use the server's lock file {}: {error}", path.display()))
        };
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = opened.map_err(|error| refused(&error))?;
        let previous = read(&file);
        // A command may hold it briefly to check for a server.
        let mut locked = file.try_lock();
        for _ in 0..20 {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
            locked = file.try_lock();
        }
        match locked {
            Ok(()) => Ok(Self { file, database, previous }),
            Err(TryLockError::Error(error)) => Err(refused(&error)),
            Err(TryLockError::WouldBlock) => {
                let process = match previous {
                    Some(Record::Running { process } | Record::Lost { process, .. }) => format!(" (process {process})"),
                    _ => String::new(),
                };
                Err(StoreError::Url(format!(
                    "another Rollcall server{process} is serving {}. Stop it first, or give this one another --database-url; \
                     several servers can share a PostgreSQL database",
                    database.display()
                )))
            }
        }
    }

    /// Is the database unchanged since a server closed it properly? Otherwise it must be checked before use.
    pub(crate) fn is_unchanged(&self) -> bool {
        match (&self.previous, FileMark::of(&self.database)) {
            (Some(Record::Stopped { database }), Ok(now)) => *database == now && !has_log(&self.database),
            (_, Ok(now)) => now.is_empty(),
            (_, Err(error)) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Moves a write-ahead log away that does not belong to the file beside it. Returns its new path.
    pub(crate) fn set_stale_log_aside(&self) -> io::Result<Option<PathBuf>> {
        if !self.previous.as_ref().is_some_and(|record| is_stale(&self.database, record)) {
            return Ok(None);
        }
        let aside = beside(&self.database, "-wal.stale");
        fs::rename(beside(&self.database, "-wal"), &aside)?;
        match fs::remove_file(beside(&self.database, "-shm")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Some(aside))
    }

    pub(crate) fn note_running(&self) -> io::Result<()> {
        self.write(&Record::Running { process: std::process::id() })
    }

    pub(crate) fn note_lost(&self, database: &FileMark, is_overwritten: bool) -> io::Result<()> {
        self.write(&Record::Lost {
            process: std::process::id(),
            database: (!is_overwritten).then(|| database.clone()),
            log: FileMark::of(&beside(&self.database, "-wal")).ok(),
        })
    }

    /// Records that the database is closed.
    pub(crate) fn note_stopped(&self) -> io::Result<()> {
        self.write(&Record::Stopped { database: FileMark::of(&self.database)? })
    }

    fn write(&self, record: &Record) -> io::Result<()> {
        let text = serde_json::to_string(record)?;
        self.file.set_len(0)?;
        self.file.write_all_at(text.as_bytes(), 0)?;
        self.file.sync_all()
    }
}

/// Prevents a command from opening the database with the log of another one.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub(crate) fn check_log(database: &Path) -> Result<(), StoreError> {
    let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let record = File::open(beside(&database, ".lock")).ok().and_then(|file| read(&file));
    if !record.is_some_and(|record| is_stale(&database, &record)) {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "the database file {} was replaced while a server was using it, and what that server left beside it would damage it. Stop \
         the server and start it again; that puts it right",
        database.display()
    )))
}

/// Is a server using the database? Then only the server makes checkpoints.
pub(crate) fn is_served(database: &Path) -> bool {
    let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let Ok(file) = File::open(beside(&database, ".lock")) else { return false };
    matches!(read(&file), Some(Record::Running { .. }))
        && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Did a server whose file was lost leave the log beside the database, and is that file still missing?
fn is_stale(database: &Path, record: &Record) -> bool {
    let Record::Lost { database: lost, log: Some(log), .. } = record else { return false };
    let is_back = lost.as_ref().is_some_and(|lost| FileMark::of(database).is_ok_and(|now| now.is_same_file(lost)));
    let is_left = FileMark::of(&beside(database, "-wal")).is_ok_and(|now| now.is_same_file(log));
    is_left && !is_back
}

fn has_log(database: &Path) -> bool {
    FileMark::of(&beside(database, "-wal")).is_ok_and(|log| !log.is_empty())
}

fn read(mut file: &File) -> Option<Record> {
    let mut text = String::new();
    file.by_ref().take(RECORD_MAX).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The file with the database's name and this suffix.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> (PathBuf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        fs::write(&path, "content").unwrap();
        (path, folder)
    }

    #[test]
    fn one_server_at_a_time() {
        let (path, _folder) = database();
        let first = ServerLock::take(&path).unwrap();
        first.note_running().unwrap();
        let refused = ServerLock::take(&path).unwrap_err().to_string();
        assert!(refused.contains(&format!("another Rollcall server (process {})", std::process::id())), "{refused}");
        drop(first);
        ServerLock::take(&path).unwrap();
    }

    #[test]
    fn only_an_unchanged_file_is_trusted() {
        let (path, _folder) = database();
        let take = || ServerLock::take(&path).unwrap();
        assert!(!take().is_unchanged(), "nobody knows who wrote it");
        take().note_running().unwrap();
        assert!(!take().is_unchanged());
        take().note_stopped().unwrap();
        assert!(take().is_unchanged());
        fs::write(&path, "changed").unwrap();
        assert!(!take().is_unchanged());
        take().note_stopped().unwrap();
        fs::write(beside(&path, "-wal"), "log").unwrap();
        assert!(!take().is_unchanged());
    }

    #[test]
    fn the_log_of_a_lost_file_is_moved_away() {
        let (path, _folder) = database();
        let log = beside(&path, "-wal");
        fs::write(&log, "log").unwrap();
        let mark = FileMark::of(&path).unwrap();
        ServerLock::take(&path).unwrap().note_lost(&mark, false).unwrap();
        assert_eq!(ServerLock::take(&path).unwrap().set_stale_log_aside().unwrap(), None, "the file is back");
        check_log(&path).unwrap();
        fs::rename(&path, beside(&path, ".old")).unwrap();
        fs::write(&path, "backup").unwrap();
        assert!(check_log(&path).is_err());
        let aside = ServerLock::take(&path).unwrap().set_stale_log_aside().unwrap().unwrap();
        assert!(aside.exists() && !log.exists());
        check_log(&path).unwrap();
        fs::write(&log, "the backup's own log").unwrap();
        assert_eq!(ServerLock::take(&path).unwrap().set_stale_log_aside().unwrap(), None);
    }
}
