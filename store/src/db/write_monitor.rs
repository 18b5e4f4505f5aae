//! What the writes of one database share: how the last one ended, and whether SQLite's file is still there.

use crate::{
    Engine, StoreError,
    db::{database_file::DatabaseFile, write_health::WriteHealth},
};
use std::sync::Arc;

/// Cloning shares it.
#[derive(Clone)]
pub(crate) struct WriteMonitor {
    engine: Engine,
    health: Arc<WriteHealth>,
    /// SQLite's file.
    file: Option<Arc<DatabaseFile>>,
}

impl WriteMonitor {
    pub(crate) fn new(engine: Engine, file: Option<Arc<DatabaseFile>>) -> Self {
        Self { engine, health: Arc::default(), file }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn file(&self) -> Option<&Arc<DatabaseFile>> {
        self.file.as_ref()
    }

    /// Is the file at the database's path still the one that is open? Asked after a commit too, because what went into a file that
    /// no one finds any longer is not acknowledged.
    pub(crate) fn check_file(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), |file| file.check())
    }

    /// Remembers a failure, for [`Store::writable`](crate::Store::writable).
    pub(crate) fn note_failure<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.health.note(&result);
        }
        result
    }

    /// Remembers how a write ended.
    pub(crate) fn note<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.health.note(&result);
        result
    }

    /// See [`WriteHealth::failure`].
    pub(crate) fn failure(&self) -> Option<(String, bool)> {
        self.health.failure()
    }
}
