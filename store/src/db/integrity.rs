//! Looking a SQLite file through, and who may read it.

use crate::{StoreError, db::server_lock::beside};
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{
    fs::{self, OpenOptions, Permissions},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Reads every page of the file. Blocks: about two seconds a gigabyte.
///
/// # Errors
/// [`StoreError::Corrupt`], with what to do; [`StoreError::Unavailable`].
pub(crate) fn check(path: &Path) -> Result<(), StoreError> {
    match quick_check(path) {
        Ok(None) => Ok(()),
        Ok(Some(found)) => Err(damaged(path, &found)),
        Err(error) => match StoreError::from(error) {
            StoreError::Corrupt(found) | StoreError::Fault(found) => Err(damaged(path, &found)),
            other => Err(other),
        },
    }
}

fn quick_check(path: &Path) -> rusqlite::Result<Option<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // Nothing is written into a file that may be damaged.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((found != "ok").then_some(found))
}

fn damaged(path: &Path, found: &str) -> StoreError {
    let path = path.display();
    let found: Vec<_> = found.split_whitespace().collect();
    StoreError::Corrupt(format!(
        "the database file {path} is damaged ({}). Restore a backup: move {path} and the files {path}-wal and {path}-shm away, put the \
         backup in its place, and start again",
        found.join(" ")
    ))
}

/// Makes the file if there is none; it is its owner's alone, because it holds password hashes. SQLite gives the files beside it
/// the same mode.
pub(crate) fn create(path: &Path) {
    // Whatever goes wrong here is met by SQLite too, which says what it is.
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Takes the rights of group and others away, also from the files that SQLite keeps beside it.
///
/// # Errors
/// [`StoreError::Url`]: they cannot be taken away.
pub(crate) fn make_private(path: &Path) -> Result<(), StoreError> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = beside(path, ending);
        let Ok(data) = fs::metadata(&path) else { continue };
        let mode = data.mode() & 0o777;
        if !data.is_file() || mode & 0o077 == 0 {
            continue;
        }
        match fs::set_permissions(&path, Permissions::from_mode(mode & 0o700)) {
            Ok(()) => {
                let (path, mode) = (path.display(), format!("{mode:o}"));
                tracing::warn!(%path, mode, "others could read this file of the database; now only its owner can");
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let path = path.display();
                return Err(StoreError::Url(format!(
                    "others can read the file {path} (mode {mode:o}), and its mode cannot be changed ({error}). Run: chmod 600 {path}"
                )));
            }
        }
    }
    Ok(())
}
