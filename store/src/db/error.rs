//! Errors of the database, in the terms of the callers.

use domain::{
    Error,
    validation::field_error::{Field, FieldError, FieldErrors},
};
use std::{borrow::Cow, fmt};

/// The error of a database operation. Neither `Debug` nor `Display` contains a secret, because statements contain no
/// values, and the engines' messages about values are removed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not reachable, locked, full, read-only or too slow. A later attempt can succeed.
    #[error("the database isn't available: {0}")]
    Unavailable(String),
    /// The database rolled the transaction back because of a concurrent one (serialization failure, deadlock), so it
    /// can run again.
    #[error("the database rolled a transaction back because of a concurrent one: {0}")]
    Serialization(String),
    /// The connection broke during the commit. The change is stored completely or not at all.
    #[error("the database didn't confirm a change: {0}")]
    Unconfirmed(String),
    /// The team has reached a quota.
    #[error("{0}")]
    Quota(Quota),
    /// A unique value exists already.
    #[error("{0} already exists")]
    Conflict(Unique),
    /// The team of the change does not exist.
    #[error("team not found")]
    NoTeam,
    /// The database contains an invalid value.
    #[error("unexpected data in the database: {0}")]
    Corrupt(String),
    /// The database's URL is not valid.
    #[error("invalid database URL: {0}")]
    Url(String),
    /// The migration of the schema failed.
    #[error("can't migrate the database: {0}")]
    Migration(String),
    /// An error in a statement or in the driver.
    #[error("the database refused a statement: {0}")]
    Fault(String),
}

/// A unique value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unique {
    /// A team's slug.
    #[error("a team with this slug")]
    TeamSlug,
    /// A member's userName in the team.
    #[error("a member with this userName")]
    UserName,
    /// An SSO method's name in the team.
    #[error("an SSO method with this name")]
    MethodName,
    /// Any other value, usually an id.
    #[error("a row with this key")]
    Other,
}

impl Unique {
    /// From the index's name (PostgreSQL) or the columns (SQLite).
    fn parse(error: &dyn sqlx::error::DatabaseError) -> Self {
        let source = error.constraint().unwrap_or_else(|| error.message());
        let is = |names: [&str; 2]| names.iter().any(|name| source.contains(name));
        if is(["teams_slug", "teams.slug"]) {
            Unique::TeamSlug
        } else if is(["members_user_name", "members.user_name_key"]) {
            Unique::UserName
        } else if is(["sso_methods_name", "sso_methods.name_key"]) {
            Unique::MethodName
        } else {
            Unique::Other
        }
    }
}

/// A limit that a team has reached. `Display` names the limit and the person who can raise it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// See [`Quotas::members`](crate::Quotas::members).
    Members(i64),
    /// See [`Quotas::groups`](crate::Quotas::groups).
    Groups(i64),
    /// See [`Quotas::bytes`](crate::Quotas::bytes).
    Bytes(i64),
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limit, of) = match self {
            Quota::Members(limit) => (limit, "members"),
            Quota::Groups(limit) => (limit, "groups"),
            Quota::Bytes(limit) => (limit, "bytes of stored data"),
        };
        write!(f, "this team has reached its limit of {limit} {of}. The operator of this server can raise it")
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(inner) if inner.is_unique_violation() => StoreError::Conflict(Unique::parse(inner.as_ref())),
            E::Database(inner) => match ErrorKind::of(inner.code()) {
                ErrorKind::Unavailable => StoreError::Unavailable(error.to_string()),
                ErrorKind::Serialization => StoreError::Serialization(error.to_string()),
                ErrorKind::Corrupt => StoreError::Corrupt(error.to_string()),
                ErrorKind::Fault => StoreError::Fault(error.to_string()),
            },
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => {
                StoreError::Unavailable(error.to_string())
            }
            // The connection broke during a response.
            E::Protocol(_) => StoreError::Unavailable(error.to_string()),
            E::Configuration(_) => StoreError::Url(error.to_string()),
            E::ColumnDecode { .. } | E::Decode(_) => StoreError::Corrupt(error.to_string()),
            _ => StoreError::Fault(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|inner| inner.extended_code.to_string());
        match ErrorKind::of(code.map(Cow::Owned)) {
            ErrorKind::Unavailable | ErrorKind::Serialization => StoreError::Unavailable(error.to_string()),
            ErrorKind::Corrupt => StoreError::Corrupt(error.to_string()),
            ErrorKind::Fault => StoreError::Fault(error.to_string()),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError as E;
        match error {
            E::Execute(error) | E::ExecuteMigration(error, _) => match StoreError::from(error) {
                StoreError::Fault(text) => StoreError::Migration(text),
                other => other,
            },
            E::VersionMissing(version) => StoreError::Migration(format!(
                "it was created by a newer version of Rollcall (migration {version} isn't known here)"
            )),
            other => StoreError::Migration(other.to_string()),
        }
    }
}

/// The only conversion of a database error to a use case's error. It also logs the details, which no caller shows.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoTeam => Error::NotFound,
            StoreError::Conflict(Unique::MethodName) => {
                Error::Invalid(FieldErrors::one(Field::Name, FieldError::MethodNameTaken))
            }
            StoreError::Quota(quota) => Error::Quota(quota.to_string()),
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the database is not available");
                Error::Unavailable
            }
            StoreError::Serialization(_) => {
                tracing::warn!(%error, "concurrent transactions rolled a change back");
                Error::Unavailable
            }
            StoreError::Unconfirmed(_) => {
                tracing::error!(%error, "the database did not confirm a change");
                Error::Unconfirmed
            }
            StoreError::Conflict(_)
            | StoreError::Corrupt(_)
            | StoreError::Url(_)
            | StoreError::Migration(_)
            | StoreError::Fault(_) => {
                tracing::error!(%error, "the database refused a statement");
                Error::Internal
            }
        }
    }
}

const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK: &str = "40P01";
/// The database does not know the outcome of the commit: CockroachDB's ambiguous results.
const COMPLETION_UNKNOWN: &str = "40003";

/// Does the response to a COMMIT leave its outcome open?
pub(crate) fn is_ambiguous(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| code == COMPLETION_UNKNOWN)
}

/// The meaning of an engine's error code.
enum ErrorKind {
    Unavailable,
    Serialization,
    Corrupt,
    Fault,
}

impl ErrorKind {
    /// SQLite's codes are numbers of which the low byte is the primary code (<https://www.sqlite.org/rescode.html>);
    /// PostgreSQL's are five characters of which the first two are the class
    /// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    fn of(code: Option<Cow<'_, str>>) -> Self {
        let Some(code) = code else { return ErrorKind::Fault };
        if code.len() == 5 {
            return Self::of_postgres(&code);
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL
            Ok(5 | 6 | 7 | 8 | 9 | 10 | 13 | 14 | 15) => ErrorKind::Unavailable,
            // CORRUPT, NOTADB
            Ok(11 | 26) => ErrorKind::Corrupt,
            _ => ErrorKind::Fault,
        }
    }

    fn of_postgres(code: &str) -> Self {
        match (code.get(..2), code) {
            (_, SERIALIZATION_FAILURE | DEADLOCK) => ErrorKind::Serialization,
            // Read-only transaction; idle-in-transaction timeout; lock not available.
            (_, "25006" | "25P03" | "55P03") => ErrorKind::Unavailable,
            // Connection; authorization; no such database; resources; operator's intervention; system error.
            (Some("08" | "28" | "3D" | "53" | "57" | "58"), _) => ErrorKind::Unavailable,
            (Some("XX"), _) => ErrorKind::Corrupt,
            _ => ErrorKind::Fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str) -> &'static str {
        match ErrorKind::of(Some(code.into())) {
            ErrorKind::Unavailable => "unavailable",
            ErrorKind::Serialization => "serialization",
            ErrorKind::Corrupt => "corrupt",
            ErrorKind::Fault => "fault",
        }
    }

    #[test]
    fn codes_of_both_engines() {
        for code in ["5", "6", "8", "13", "261", "517", "3338", "53100", "57P01", "25006", "55P03", "08006"] {
            assert_eq!(kind(code), "unavailable", "{code}");
        }
        for code in ["40001", "40P01"] {
            assert_eq!(kind(code), "serialization", "{code}");
        }
        for code in ["11", "26", "XX001"] {
            assert_eq!(kind(code), "corrupt", "{code}");
        }
        for code in ["1", "19", "787", "42P01", "22021", "23503"] {
            assert_eq!(kind(code), "fault", "{code}");
        }
    }
}
