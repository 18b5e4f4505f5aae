//! Running statements: the one way in which the rest of the store reaches an engine.

use super::{Engine, Store, StoreError};
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, Transaction,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use std::{future::Future, time::Duration};

/// A database that does not answer for this long counts as gone.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A statement with its values. Statements are prepared once per connection.
pub(super) struct Statement {
    query: Query<'static, Any, AnyArguments>,
    /// A NUL character is among the values. PostgreSQL cannot store one, so no row holds one on either engine: reading
    /// finds nothing, without asking.
    has_nul: bool,
}

/// A statement, still without values.
pub(super) fn sql(text: &'static str) -> Statement {
    Statement { query: sqlx::query(text), has_nul: false }
}

/// A statement put together from pieces that stand in the program: values are only ever bound.
pub(super) fn sql_of(text: String) -> Statement {
    Statement { query: sqlx::query(AssertSqlSafe(text)), has_nul: false }
}

/// What statements with rows are sent to.
pub(super) trait Answers {
    fn all(
        self,
        query: Query<'static, Any, AnyArguments>,
    ) -> impl Future<Output = Result<Vec<AnyRow>, sqlx::Error>> + Send;
    fn first(
        self,
        query: Query<'static, Any, AnyArguments>,
    ) -> impl Future<Output = Result<Option<AnyRow>, sqlx::Error>> + Send;
}

impl Answers for &mut AnyConnection {
    async fn all(self, query: Query<'static, Any, AnyArguments>) -> Result<Vec<AnyRow>, sqlx::Error> {
        query.fetch_all(self).await
    }

    async fn first(self, query: Query<'static, Any, AnyArguments>) -> Result<Option<AnyRow>, sqlx::Error> {
        query.fetch_optional(self).await
    }
}

impl Answers for &AnyPool {
    async fn all(self, query: Query<'static, Any, AnyArguments>) -> Result<Vec<AnyRow>, sqlx::Error> {
        query.fetch_all(self).await
    }

    async fn first(self, query: Query<'static, Any, AnyArguments>) -> Result<Option<AnyRow>, sqlx::Error> {
        query.fetch_optional(self).await
    }
}

impl Statement {
    /// The next value: text.
    pub(super) fn text(mut self, value: &str) -> Self {
        self.has_nul |= value.contains('\0');
        self.query = self.query.bind(value.to_owned());
        self
    }

    /// The next value: text, or none.
    pub(super) fn maybe_text(mut self, value: Option<&str>) -> Self {
        self.has_nul |= value.is_some_and(|value| value.contains('\0'));
        self.query = self.query.bind(value.map(str::to_owned));
        self
    }

    /// The next value: a number.
    pub(super) fn number(mut self, value: i64) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// The next value: a number, or none.
    pub(super) fn maybe_number(mut self, value: Option<i64>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// The next value: yes or no.
    pub(super) fn flag(self, value: bool) -> Self {
        self.number(i64::from(value))
    }

    /// All rows.
    pub(super) async fn all(self, on: impl Answers) -> Result<Vec<AnyRow>, StoreError> {
        if self.has_nul {
            return Ok(Vec::new());
        }
        within(on.all(self.query)).await
    }

    /// The first row, if there is one.
    pub(super) async fn first(self, on: impl Answers) -> Result<Option<AnyRow>, StoreError> {
        if self.has_nul {
            return Ok(None);
        }
        within(on.first(self.query)).await
    }

    /// The number of rows that were changed.
    pub(super) async fn run<'c>(self, on: impl sqlx::Executor<'c, Database = Any>) -> Result<u64, StoreError> {
        if self.has_nul {
            return Err(StoreError::Fault("a value contains a NUL character".into()));
        }
        Ok(within(self.query.execute(on)).await?.rows_affected())
    }
}

impl Store {
    /// Begins a transaction that writes. SQLite: at once, because one that begins by reading cannot always go on to
    /// write.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        match self.engine {
            Engine::Sqlite => within(self.writer.begin_with("BEGIN IMMEDIATE")).await,
            Engine::Postgres => within(self.writer.begin()).await,
        }
    }
}

/// Waits for the database, but not for ever.
pub(super) async fn within<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER_TIMEOUT, work).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::Unavailable(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))),
    }
}
