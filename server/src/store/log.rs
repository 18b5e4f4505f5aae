//! Reading the log: the changes, and the requests of identity providers that changed nothing, as one list.

use super::{ScimRequest, Store, StoreError, activity, row::Columns as _, run::sql};
use domain::{UnixMs, activity::Entry, id::TeamId, key::KeyId, operation::Operation};
use sqlx::any::AnyRow;
use std::sync::LazyLock;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// Something was changed; beside it the request that did it, where an identity provider did.
    Change(Entry, Option<String>),
    /// A request that changed nothing: it only read, or was refused.
    Request(RequestLine),
}

impl LogLine {
    /// Its id; lines sort by it.
    pub fn id(&self) -> &str {
        match self {
            LogLine::Change(entry, _) => entry.id.as_str(),
            LogLine::Request(line) => &line.id,
        }
    }

    /// The request with more to know.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            LogLine::Change(_, id) => id.as_deref(),
            LogLine::Request(line) => Some(&line.id),
        }
    }
}

/// What the log says of a request in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// Which one.
    pub id: String,
    /// When it came.
    pub at: UnixMs,
    /// From which address, as far as it is known.
    pub address: Option<String>,
    /// The key.
    pub key: KeyId,
    /// The key's name at that time.
    pub key_name: String,
    /// What was asked for.
    pub operation: Operation,
    /// The name of what it was about, or its id.
    pub target: Option<String>,
    /// The answer's status; 0: it was not answered.
    pub status: i64,
    /// What was wrong with it.
    pub detail: Option<String>,
}

/// How many requests are loaded with everything at once, at most.
pub const DETAILS: usize = 50;

/// Both halves are cut off by their index before they are put together.
const PAGE: &str = "SELECT * FROM ( \
    SELECT * FROM (SELECT id, at, address, actor, body, request_id, CAST(NULL AS TEXT) AS key_id, \
        CAST(NULL AS TEXT) AS key_name, CAST(NULL AS TEXT) AS operation, CAST(NULL AS TEXT) AS target, \
        CAST(NULL AS BIGINT) AS status, CAST(NULL AS TEXT) AS detail \
        FROM activity WHERE team_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS changes \
    UNION ALL \
    SELECT * FROM (SELECT id, at, address, CAST(NULL AS TEXT) AS actor, CAST(NULL AS TEXT) AS body, \
        CAST(NULL AS TEXT) AS request_id, key_id, key_name, operation, COALESCE(target_name, target) AS target, \
        status, detail \
        FROM scim_requests WHERE team_id = $1 AND id < $2 AND changed = 0 ORDER BY id DESC LIMIT $3) AS requests \
    ) AS log ORDER BY id DESC LIMIT $3";

static BY_IDS: LazyLock<String> = LazyLock::new(|| {
    let ids: Vec<_> = (0..DETAILS).map(|at| format!("${}", at + 2)).collect();
    format!("SELECT * FROM scim_requests WHERE team_id = $1 AND id IN ({})", ids.join(", "))
});

impl Store {
    /// Up to `size` lines, the newest first: those older than the line `before`, or the newest of all.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_page(&self, team: &TeamId, before: Option<&str>, size: i64) -> Result<Vec<LogLine>, StoreError> {
        let rows = sql(PAGE)
            .text(team.as_str())
            .text(before.unwrap_or(activity::AFTER_EVERY_ID))
            .number(size.max(1))
            .all(&self.reader)
            .await?;
        rows.iter().map(read_line).collect()
    }

    /// How many requests that changed nothing the team has; counted up to `most`, because there can be very many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_requests_count(&self, team: &TeamId, most: i64) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS requests FROM \
             (SELECT id FROM scim_requests WHERE team_id = $1 AND changed = 0 LIMIT $2) AS counted")
        .text(team.as_str())
        .number(most);
        row.first(&self.reader).await?.map_or(Ok(0), |row| row.number("requests"))
    }

    /// The team's requests with these ids (the first [`DETAILS`] of them), in no order. Those that were deleted are
    /// missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_requests_by_id(&self, team: &TeamId, ids: &[&str]) -> Result<Vec<ScimRequest>, StoreError> {
        let Some(last) = ids.last() else { return Ok(Vec::new()) };
        let mut query = sql(BY_IDS.as_str()).text(team.as_str());
        // One statement for any number: the rest of the list repeats an id.
        for id in ids.iter().chain(std::iter::repeat(last)).take(DETAILS) {
            query = query.text(id);
        }
        query.all(&self.reader).await?.iter().map(read_request).collect()
    }
}

fn read_line(row: &AnyRow) -> Result<LogLine, StoreError> {
    if row.maybe_text("body")?.is_some() {
        return Ok(LogLine::Change(activity::read(row)?, row.maybe_text("request_id")?));
    }
    Ok(LogLine::Request(RequestLine {
        id: row.text("id")?,
        at: row.number("at")?,
        address: row.maybe_text("address")?,
        key: KeyId::new(row.text("key_id")?),
        key_name: row.text("key_name")?,
        operation: Operation::parse(&row.text("operation")?),
        target: row.maybe_text("target")?,
        status: row.number("status")?,
        detail: row.maybe_text("detail")?,
    }))
}

fn read_request(row: &AnyRow) -> Result<ScimRequest, StoreError> {
    let notes = match row.maybe_text("notes")? {
        Some(_) => row.one_of("notes", |json| serde_json::from_str(json).ok())?,
        None => Vec::new(),
    };
    Ok(ScimRequest {
        id: row.text("id")?,
        team: TeamId::new(row.text("team_id")?),
        at: row.number("at")?,
        key: KeyId::new(row.text("key_id")?),
        key_name: row.text("key_name")?,
        address: row.maybe_text("address")?,
        user_agent: row.maybe_text("user_agent")?,
        method: row.text("method")?,
        path: row.text("path")?,
        operation: row.text("operation")?,
        target: row.maybe_text("target")?,
        target_name: row.maybe_text("target_name")?,
        status: row.number("status")?,
        micros: row.number("micros")?,
        detail: row.maybe_text("detail")?,
        notes,
        request: row.maybe_text("request")?,
        answer: row.maybe_text("answer")?,
        changed: row.flag("changed")?,
    })
}
