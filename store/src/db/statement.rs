//! Statements: SQL text with its values. Only they reach an engine.

use crate::{
    StoreError,
    db::{error::is_ambiguous, row::Row},
};
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, any::AnyArguments, query::Query};
use std::{borrow::Cow, future::Future, time::Duration};

/// A database that does not respond for this long counts as unavailable.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A statement with its values. Statements are prepared once per connection.
#[derive(Clone)]
pub(crate) struct Statement {
    text: Cow<'static, str>,
    values: Vec<SqlValue>,
    /// See [`Statement::inline`].
    is_inline: bool,
    /// Is a NUL character among the values? PostgreSQL cannot store one, so no row contains one on either engine, and
    /// reading needs no query.
    has_nul: bool,
}

/// A value of a statement. NULL has a type too, because PostgreSQL requires it.
#[derive(Clone)]
pub(crate) enum SqlValue {
    Text(Option<String>),
    Number(Option<i64>),
}

/// A statement without values.
pub(crate) fn sql(text: &'static str) -> Statement {
    Statement { text: Cow::Borrowed(text), values: Vec::new(), is_inline: false, has_nul: false }
}

/// A statement that is composed of constant pieces. Values are only ever bound.
pub(crate) fn sql_owned(text: String) -> Statement {
    Statement { text: Cow::Owned(text), values: Vec::new(), is_inline: false, has_nul: false }
}

/// The target of statements with rows.
pub(crate) trait Fetch {
    fn all(self, statement: Statement) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
    fn first(self, statement: Statement) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send;
}

/// The target of statements that write.
pub(crate) trait Execute {
    fn run(self, statement: Statement) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

impl Execute for &mut AnyConnection {
    async fn run(self, statement: Statement) -> Result<u64, StoreError> {
        Ok(within(statement.query().execute(self)).await?.rows_affected())
    }
}

impl Fetch for &mut AnyConnection {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        Ok(within(statement.query().fetch_all(self)).await?.into_iter().map(Row::Driver).collect())
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        Ok(within(statement.query().fetch_optional(self)).await?.map(Row::Driver))
    }
}

impl Fetch for &AnyPool {
    async fn all(self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        Ok(within(statement.query().fetch_all(self)).await?.into_iter().map(Row::Driver).collect())
    }

    async fn first(self, statement: Statement) -> Result<Option<Row>, StoreError> {
        Ok(within(statement.query().fetch_optional(self)).await?.map(Row::Driver))
    }
}

impl Statement {
    /// Binds a text.
    pub(crate) fn text(self, value: &str) -> Self {
        self.opt_text(Some(value))
    }

    /// Binds a text or NULL.
    pub(crate) fn opt_text(mut self, value: Option<&str>) -> Self {
        self.has_nul |= value.is_some_and(|value| value.contains('\0'));
        self.values.push(SqlValue::Text(value.map(str::to_owned)));
        self
    }

    /// Binds a number.
    pub(crate) fn number(self, value: i64) -> Self {
        self.opt_number(Some(value))
    }

    /// Binds a number or NULL.
    pub(crate) fn opt_number(mut self, value: Option<i64>) -> Self {
        self.values.push(SqlValue::Number(value));
        self
    }

    /// Binds a boolean.
    pub(crate) fn flag(self, value: bool) -> Self {
        self.number(i64::from(value))
    }

    /// Promises that the statement reads few rows, each through an index, however large the database is. SQLite then
    /// executes it on the calling thread. A statement that breaks the promise delays other requests.
    pub(crate) fn inline(mut self) -> Self {
        self.is_inline = true;
        self
    }

    /// Promises it under a condition.
    pub(crate) fn inline_if(self, holds: bool) -> Self {
        if holds { self.inline() } else { self }
    }

    pub(crate) fn is_point_query(&self) -> bool {
        self.is_inline
    }

    pub(crate) fn sql(&self) -> &str {
        &self.text
    }

    pub(crate) fn values(&self) -> &[SqlValue] {
        &self.values
    }

    /// Is it certain without a query that there are no rows?
    pub(crate) fn finds_nothing(&self) -> bool {
        self.has_nul
    }

    /// All rows.
    pub(crate) async fn all(self, on: impl Fetch) -> Result<Vec<Row>, StoreError> {
        if self.has_nul {
            return Ok(Vec::new());
        }
        on.all(self).await
    }

    /// The first row, if there is one.
    pub(crate) async fn first(self, on: impl Fetch) -> Result<Option<Row>, StoreError> {
        if self.has_nul {
            return Ok(None);
        }
        on.first(self).await
    }

    /// The number of changed rows.
    pub(crate) async fn run(self, on: impl Execute) -> Result<u64, StoreError> {
        if self.has_nul {
            return Err(StoreError::Fault("a value contains a NUL character".into()));
        }
        on.run(self).await
    }

    pub(crate) fn query(self) -> Query<'static, Any, AnyArguments> {
        let query = match self.text {
            Cow::Borrowed(text) => sqlx::query(text),
            Cow::Owned(text) => sqlx::query(AssertSqlSafe(text)),
        };
        self.values.into_iter().fold(query, |query, value| match value {
            SqlValue::Text(text) => query.bind(text),
            SqlValue::Number(number) => query.bind(number),
        })
    }
}

/// Waits for a commit. Without a response the outcome is unknown, because the commit may have succeeded.
pub(crate) async fn committed<T>(commit: impl Future<Output = Result<T, sqlx::Error>>) -> Result<(), StoreError> {
    match tokio::time::timeout(ANSWER_TIMEOUT, commit).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(sqlx::Error::Database(error))) if is_ambiguous(&*error) => {
            Err(StoreError::Unconfirmed(error.to_string()))
        }
        Ok(Err(error @ sqlx::Error::Database(_))) => Err(error.into()),
        Ok(Err(error)) => Err(StoreError::Unconfirmed(error.to_string())),
        Err(_) => Err(StoreError::Unconfirmed(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))),
    }
}

/// Waits for the database with a time limit.
pub(crate) async fn within<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T, StoreError>
where
    StoreError: From<E>,
{
    match tokio::time::timeout(ANSWER_TIMEOUT, work).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::Unavailable(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))),
    }
}
