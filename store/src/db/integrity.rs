//! Integrity check and permissions of a SQLite file.

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
        Ok(Some(report)) => Err(damaged(path, &report)),
        Err(error) => match StoreError::from(error) {
            StoreError::Corrupt(report) | StoreError::Fault(report) => Err(damaged(path, &report)),
            other => Err(other),
        },
    }
}

fn quick_check(path: &Path) -> rusqlite::Result<Option<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // No write into a file that may be damaged.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let report: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((report != "ok").then_some(report))
}

fn damaged(path: &Path, report: &str) -> StoreError {
    let path = path.display();
    let report: Vec<_> = report.split_whitespace().collect();
    StoreError::Corrupt(format!(
        "the database file {path} is damaged ({}). Restore a backup: move {path} and the files {path}-wal and {path}-shm away, put the \
         backup in its place, and start again",
        report.join(" ")
    ))
}

/// Creates the file if it does not exist. Only its owner has access, because it contains password hashes. SQLite gives
/// the files beside it the same mode.
pub(crate) fn create(path: &Path) {
    // SQLite meets the same error later, and reports it better.
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Removes the permissions of group and others, also from the files that SQLite keeps beside it.
///
/// # Errors
/// [`StoreError::Url`]: the permissions cannot be removed.
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
