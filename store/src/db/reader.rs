//! The reading side of the database, for pages and the SCIM API.

use crate::{
    StoreError,
    db::{
        database_file::DatabaseFile,
        row::Row,
        sqlite_reader::{ReadLimit, SqliteReader},
        statement::{Fetch, Statement, within},
    },
};
use sqlx::AnyPool;
use std::{future::poll_fn, sync::Arc};

/// The target of statements that only read.
#[derive(Clone)]
pub(crate) enum DatabaseReader {
    /// SQLite's file, and the check that it still exists.
    File(Arc<SqliteReader>, Arc<DatabaseFile>),
    /// PostgreSQL's pool.
    Pool(AnyPool),
}

impl DatabaseReader {
    pub(crate) async fn close(&self) {
        match self {
            DatabaseReader::File(file, _) => file.close(),
            DatabaseReader::Pool(pool) => pool.close().await,
        }
    }
}

impl DatabaseReader {
    /// The first rows of the result, up to a limit of memory, and whether there are more.
    pub(crate) async fn fetch_bounded(
        &self,
        statement: Statement,
        longest: &'static str,
        bytes: usize,
    ) -> Result<(Vec<Row>, bool), StoreError> {
        if statement.finds_nothing() {
            return Ok((Vec::new(), false));
        }
        match self {
            DatabaseReader::File(file, database) => {
                database.check_known()?;
                within(file.query(statement, ReadLimit { bytes, ..ReadLimit::ALL })).await
            }
            DatabaseReader::Pool(pool) => within(bounded_rows(pool, statement, longest, bytes)).await,
        }
    }
}

/// Reads rows one by one, so that a result that is too long is never in memory as a whole.
async fn bounded_rows(
    pool: &AnyPool,
    statement: Statement,
    longest: &str,
    bytes: usize,
) -> Result<(Vec<Row>, bool), StoreError> {
    let mut rows = statement.query().fetch(pool);
    let (mut result, mut remaining) = (Vec::new(), bytes);
    while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
        let row = Row::Driver(row?);
        if remaining == 0 {
            return Ok((result, true));
        }
        remaining = remaining.saturating_sub(row.weight(longest));
        result.push(row);
    }
    Ok((result, false))
}

impl Fetch for &DatabaseReader {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match self {
            DatabaseReader::Pool(pool) => pool.all(statement).await,
            DatabaseReader::File(file, database) => {
                database.check_known()?;
                Ok(within(file.query(statement, ReadLimit::ALL)).await?.0)
            }
        }
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        match self {
            DatabaseReader::Pool(pool) => pool.first(statement).await,
            DatabaseReader::File(file, database) => {
                database.check_known()?;
                Ok(within(file.query(statement, ReadLimit::ONE)).await?.0.pop())
            }
        }
    }
}
