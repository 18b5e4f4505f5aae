//! Where pages and the SCIM API read.

use super::{
    StoreError,
    database_file::DatabaseFile,
    file::{File, Most},
    row::Row,
    run::{Answers, Statement, within},
};
use sqlx::AnyPool;
use std::{future::poll_fn, sync::Arc};

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

impl Reader {
    /// The first rows of the answer, until they take so much memory, and whether there are more.
    pub(super) async fn portion(
        &self,
        statement: Statement,
        longest: &'static str,
        bytes: usize,
    ) -> Result<(Vec<Row>, bool), StoreError> {
        if statement.finds_nothing() {
            return Ok((Vec::new(), false));
        }
        match self {
            Reader::File(file, database) => {
                database.check_known()?;
                within(file.ask(statement, Most { bytes, ..Most::ALL })).await
            }
            Reader::Pool(pool) => within(portion_of(pool, statement, longest, bytes)).await,
        }
    }
}

/// Rows as they arrive, so that an answer that is too long is never in memory as a whole.
async fn portion_of(
    pool: &AnyPool,
    statement: Statement,
    longest: &str,
    bytes: usize,
) -> Result<(Vec<Row>, bool), StoreError> {
    let mut rows = statement.query().fetch(pool);
    let (mut taken, mut left) = (Vec::new(), bytes);
    while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
        let row = Row::Driver(row?);
        if left == 0 {
            return Ok((taken, true));
        }
        left = left.saturating_sub(row.weight(longest));
        taken.push(row);
    }
    Ok((taken, false))
}

impl Answers for &Reader {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match self {
            Reader::Pool(pool) => pool.all(statement).await,
            Reader::File(file, database) => {
                database.check_known()?;
                Ok(within(file.ask(statement, Most::ALL)).await?.0)
            }
        }
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        match self {
            Reader::Pool(pool) => pool.first(statement).await,
            Reader::File(file, database) => {
                database.check_known()?;
                Ok(within(file.ask(statement, Most::ONE)).await?.0.pop())
            }
        }
    }
}
