//! Where pages and the SCIM API read.

use super::{
    StoreError,
    database_file::DatabaseFile,
    file::File,
    row::Row,
    run::{Answers, Statement, within},
};
use sqlx::AnyPool;
use std::sync::Arc;

/// What statements that only read are sent to.
#[derive(Clone)]
pub(super) enum Reader {
    /// SQLite's file, and whether it is still there.
    File(Arc<File>, Arc<DatabaseFile>),
    /// PostgreSQL's pool.
    Pool(AnyPool),
}

impl Reader {
    pub(super) async fn close(&self) {
        match self {
            Reader::File(file, _) => file.close(),
            Reader::Pool(pool) => pool.close().await,
        }
    }
}

impl Answers for &Reader {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match self {
            Reader::Pool(pool) => pool.all(statement).await,
            Reader::File(file, database) => {
                database.check_known()?;
                within(file.ask(statement, usize::MAX)).await
            }
        }
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        match self {
            Reader::Pool(pool) => pool.first(statement).await,
            Reader::File(file, database) => {
                database.check_known()?;
                Ok(within(file.ask(statement, 1)).await?.pop())
            }
        }
    }
}
