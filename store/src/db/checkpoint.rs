//! The server's checkpoints, which copy SQLite's write-ahead log into the file.
//!
//! SQLite makes checkpoints by itself, in any commit. The server makes them instead. So it knows the time of the last
//! write to the file, and never writes into a file that replaced its own.

use crate::{
    ServerLock, Store, StoreError,
    db::{
        database_file::{CHECKPOINT, DatabaseFile},
        file_mark::FileMark,
        statement::{Execute as _, Fetch as _, sql},
        transaction::close,
    },
};
use sqlx::AnyConnection;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A log with more pages than this (80 MB) waits until no reader needs it, so that it starts anew.
const LONG_LOG: i64 = 20_000;

impl Store {
    /// Makes this process the only one that writes into SQLite's file: see [`tend_file`](Self::tend_file). To be called
    /// after the migration.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn watch(&self, lock: ServerLock) -> Result<(), StoreError> {
        let Some(file) = self.writer.file() else { return Ok(()) };
        file.watch(lock)?;
        let marker = self.setting_load(CHECKPOINT).await?.and_then(|number| number.parse().ok());
        file.set_marker(marker.unwrap_or(0));
        // The next connection is opened without automatic checkpoints.
        close(self.writer.acquire().await?);
        self.checkpoint(file).await
    }

    /// Checks that SQLite's file still exists, and makes a checkpoint if something was written. A server calls it every
    /// second.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tend_file(&self) -> Result<(), StoreError> {
        let Some(file) = self.writer.file().filter(|file| file.is_watched()) else { return Ok(()) };
        self.writer.check_file()?;
        if file.is_checkpoint_due() { self.checkpoint(file).await } else { Ok(()) }
    }

    /// A checkpoint in two phases. The first copies most of the log beside the writer, who would otherwise wait for a
    /// second's changes. The second copies the rest with the only connection that writes, so that nothing is written
    /// meanwhile. The wait for that connection may be long, so the file is watched between the phases too.
    async fn checkpoint(&self, file: &Arc<DatabaseFile>) -> Result<(), StoreError> {
        file.checkpoint_begins();
        let copier = Arc::clone(file);
        match spawn_blocking(move || copier.copy_log().map(|()| copier.first_phase_ended())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the write-ahead log could not be copied beside the writer"),
            Err(error) => return Err(StoreError::Fault(error.to_string())),
        }
        let mut connection = self.writer.acquire().await?;
        self.writer.check_file()?;
        file.checkpoint_begins();
        let marker = file.marker() + 1;
        match copy(&mut connection, file, marker).await {
            Ok(copied) => {
                file.checkpoint_ended(copied.as_ref(), marker);
                Ok(())
            }
            Err(error) => {
                close(connection);
                self.writer.note_failure(Err(error))
            }
        }
    }
}

/// Copies the log, then commits `marker`, which is then the first content of the log. If everything was copied, returns
/// the file's mark between these two steps.
async fn copy(
    connection: &mut AnyConnection,
    file: &DatabaseFile,
    marker: i64,
) -> Result<Option<FileMark>, StoreError> {
    let row = (&mut *connection).first(sql("PRAGMA wal_checkpoint(PASSIVE)")).await?;
    let row = row.ok_or_else(|| StoreError::Fault("a checkpoint has no result".into()))?;
    let (busy, log, copied) = (row.number("busy")?, row.number("log")?, row.number("checkpointed")?);
    if log > LONG_LOG {
        // The wait for a reader is limited.
        (&mut *connection).first(sql("PRAGMA busy_timeout = 100")).await?;
        (&mut *connection).first(sql("PRAGMA wal_checkpoint(RESTART)")).await?;
        (&mut *connection).first(sql("PRAGMA busy_timeout = 5000")).await?;
    }
    let between = FileMark::of(file.path()).ok().filter(|_| busy == 0 && log == copied);
    let statement = sql("INSERT INTO settings (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    connection.run(statement.text(CHECKPOINT).text(&marker.to_string())).await?;
    Ok(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Any, pool::PoolConnection};
    use std::{fs, path::PathBuf};
    use tokio::task::JoinHandle;

    /// A server's store with a checkpoint between its phases, which waits for the writer that the test holds.
    struct Waiting {
        path: PathBuf,
        file: Arc<DatabaseFile>,
        writer: PoolConnection<Any>,
        checkpoint: JoinHandle<Result<(), StoreError>>,
        store: Store,
        _folder: tempfile::TempDir,
    }

    async fn waiting() -> Waiting {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let url = format!("sqlite://{}", path.display());
        let (store, lock) = Store::connect_as_server(&url).await.unwrap();
        store.migrate().await.unwrap();
        store.watch(lock.unwrap()).await.unwrap();
        store.setting_init("a", "1").await.unwrap();
        let file = Arc::clone(store.writer.file().unwrap());
        let writer = store.writer.acquire().await.unwrap();
        // Off until the first phase has ended.
        file.checkpoint_begins();
        let checkpoint = tokio::spawn({
            let (store, file) = (store.clone(), Arc::clone(&file));
            async move { store.checkpoint(&file).await }
        });
        while !file.notices_changes() {
            assert!(!checkpoint.is_finished(), "it waits for the writer");
            tokio::task::yield_now().await;
        }
        Waiting { path, file, writer, checkpoint, store, _folder: folder }
    }

    impl Waiting {
        /// Releases the writer. Returns the result of the checkpoint.
        async fn end(self) -> (Result<(), StoreError>, Store, tempfile::TempDir) {
            drop(self.writer);
            (self.checkpoint.await.unwrap(), self.store, self._folder)
        }
    }

    fn lost(result: Result<(), StoreError>) -> String {
        match result {
            Err(StoreError::Unavailable(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_overwrite_is_noticed_while_a_checkpoint_waits_for_the_writer() {
        let waiting = waiting().await;
        let other = waiting.path.with_extension("other");
        Store::connect(&format!("sqlite://{}", other.display())).await.unwrap().close().await;
        // Like `cp`, into the same file.
        let content = fs::read(&other).unwrap();
        fs::write(&waiting.path, &content).unwrap();
        let path = waiting.path.clone();
        let (result, store, _folder) = waiting.end().await;
        assert!(lost(result).contains("was overwritten"));
        assert_eq!(fs::read(path).unwrap(), content, "nothing is written into it");
        assert!(lost(store.setting_init("b", "1").await.map(|_| ())).contains("was overwritten"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_replaced_file_is_noticed_while_a_checkpoint_waits_for_the_writer() {
        let waiting = waiting().await;
        // In one step, because the checkpoint would otherwise find no file in between.
        let other = waiting.path.with_extension("other");
        fs::write(&other, "another file").unwrap();
        fs::rename(&other, &waiting.path).unwrap();
        let path = waiting.path.clone();
        let (result, _store, _folder) = waiting.end().await;
        assert!(lost(result).contains("was replaced"));
        assert_eq!(fs::read(path).unwrap(), b"another file");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_file_that_was_moved_away_is_noticed_while_a_checkpoint_waits_for_the_writer() {
        let waiting = waiting().await;
        fs::rename(&waiting.path, waiting.path.with_extension("old")).unwrap();
        let (result, _store, _folder) = waiting.end().await;
        assert!(lost(result).contains("was deleted or moved away"));
    }

    /// Changes of the server that another program copies meanwhile are not lost.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn another_programs_checkpoint_is_not_a_loss_while_a_checkpoint_waits_for_the_writer() {
        let mut waiting = waiting().await;
        let statement = sql("INSERT INTO settings (name, value) VALUES ('b', '1')");
        (&mut *waiting.writer).run(statement).await.unwrap();
        let other = rusqlite::Connection::open(&waiting.path).unwrap();
        other.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(())).unwrap();
        drop(other);
        waiting.file.check().unwrap();
        let (result, store, _folder) = waiting.end().await;
        result.unwrap();
        store.setting_init("c", "1").await.unwrap();
        store.tend_file().await.unwrap();
        assert_eq!(store.setting_load("b").await.unwrap().as_deref(), Some("1"));
    }
}
