//! Moving what was written from SQLite's log (the WAL) into the file itself.
//!
//! SQLite does it by itself, in the middle of a commit whenever the log has grown: that one change, and all that wait behind
//! it, then wait for thousands of pages. Done from beside, nobody waits: a passive checkpoint keeps out neither readers nor
//! the writer.

use super::{Store, StoreError, file::File, reader::Reader};
use rusqlite::{Connection, OpenFlags};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// The log may grow to so many pages of 4 KiB before a commit does it nevertheless: only where there is more to write than
/// can be moved beside it, or where nobody calls [`Store::checkpoint`].
pub(super) const PAGES_IN_LOG: u32 = 8_000;

/// The connection that does it, once it was needed.
pub(super) type Keeper = Arc<Mutex<Option<Connection>>>;

impl Store {
    /// Moves as much as can be moved without anybody waiting. Does nothing on PostgreSQL, which does it by itself.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        let Reader::File(file) = &self.reader else { return Ok(()) };
        let file = Arc::clone(file);
        let done = tokio::task::spawn_blocking(move || checkpoint(&file)).await;
        done.map_err(|_| StoreError::Unavailable("the checkpoint was given up".into()))?.map_err(StoreError::from)
    }
}

fn checkpoint(file: &File) -> rusqlite::Result<()> {
    let mut keeper = file.keeper().lock().unwrap_or_else(PoisonError::into_inner);
    let connection = match keeper.take() {
        Some(connection) => connection,
        None => open(file.path())?,
    };
    // The answer says how far it came; the next one goes on from there.
    connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?.query_row([], |_| Ok(()))?;
    *keeper = Some(connection);
    Ok(())
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::run::sql;

    #[tokio::test]
    async fn what_was_written_moves_into_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        store.migrate().await.unwrap();
        let size = || std::fs::metadata(&path).unwrap().len();
        let before = size();
        for number in 0..200 {
            let name = format!("{number}-{}", "x".repeat(1_000));
            sql("INSERT INTO settings (name, value) VALUES ($1, $1)").text(&name).run(&store.writer).await.unwrap();
        }
        store.checkpoint().await.unwrap();
        assert!(size() > before + 200_000, "{before} {}", size());
        store.checkpoint().await.unwrap();
    }
}
