//! The server's checkpoints: what copies SQLite's write-ahead log into the file.
//!
//! SQLite makes checkpoints by itself, in any commit. The server makes them instead, so that it knows when the file was last
//! written, and never writes into a file that was put in the place of its own.

use super::{
    ServerLock, Store, StoreError,
    database_file::{CHECKPOINT, DatabaseFile},
    file_mark::FileMark,
    run::{Answers as _, Runs as _, sql},
    transaction::close,
};
use sqlx::AnyConnection;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A log of more pages than this waits for readers to let go of it, so that it begins anew: 80 MB.
const LONG_LOG: i64 = 20_000;

impl Store {
    /// Takes SQLite's file over for a server: see [`tend_file`](Self::tend_file). To be called when the schema is there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn watch(&self, lock: ServerLock) -> Result<(), StoreError> {
        let Some(file) = self.writer.file() else { return Ok(()) };
        file.watch(lock)?;
        let marker = self.setting_load(CHECKPOINT).await?.and_then(|number| number.parse().ok());
        file.set_marker(marker.unwrap_or(0));
        // The next one is opened without checkpoints of its own.
        close(self.writer.acquire().await?);
        self.checkpoint(file).await
    }

    /// To be called every second by a server: looks whether SQLite's file is still there, and makes a checkpoint if something was
    /// written.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tend_file(&self) -> Result<(), StoreError> {
        let Some(file) = self.writer.file().filter(|file| file.is_watched()) else { return Ok(()) };
        self.writer.check_file()?;
        if file.is_checkpoint_due() { self.checkpoint(file).await } else { Ok(()) }
    }

    /// Most of it beside those who write, who would wait for a second's changes otherwise. The rest with the only connection that
    /// writes, so that nobody writes meanwhile.
    async fn checkpoint(&self, file: &Arc<DatabaseFile>) -> Result<(), StoreError> {
        file.checkpoint_begins();
        let copier = Arc::clone(file);
        match spawn_blocking(move || copier.copy_log()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the write-ahead log could not be copied beside the writer"),
            Err(error) => return Err(StoreError::Fault(error.to_string())),
        }
        let mut connection = self.writer.acquire().await?;
        // The wait may have been long.
        self.writer.check_file()?;
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

/// Copies what the log holds, then commits `marker`, which so is what the log begins with. Returns what the file looked like in
/// between, if everything was copied.
async fn copy(
    connection: &mut AnyConnection,
    file: &DatabaseFile,
    marker: i64,
) -> Result<Option<FileMark>, StoreError> {
    let row = (&mut *connection).first(sql("PRAGMA wal_checkpoint(PASSIVE)")).await?;
    let row = row.ok_or_else(|| StoreError::Fault("a checkpoint has no result".into()))?;
    let (busy, log, copied) = (row.number("busy")?, row.number("log")?, row.number("checkpointed")?);
    if log > LONG_LOG {
        // No reader is waited for longer than this.
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
