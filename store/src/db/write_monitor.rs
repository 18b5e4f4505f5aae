//! The shared state of all writes to one database: the last result, and the check of SQLite's file.

use crate::{
    Engine, StoreError,
    db::{database_file::DatabaseFile, write_health::WriteHealth},
};
use std::sync::Arc;

/// Clones share the state.
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

    /// Checks that the file at the database's path is still the open one. Also called after a commit, because a commit
    /// into a lost file is not acknowledged.
    pub(crate) fn check_file(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), |file| file.check())
    }

    /// Records a failure for [`Store::writable`](crate::Store::writable).
    pub(crate) fn note_failure<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.health.note(&result);
        }
        result
    }

    /// Records the result of a write.
    pub(crate) fn note<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        self.health.note(&result);
        result
    }

    /// See [`WriteHealth::failure`].
    pub(crate) fn failure(&self) -> Option<(String, bool)> {
        self.health.failure()
    }
}
