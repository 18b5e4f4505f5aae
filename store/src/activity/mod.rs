//! Reading of the log: changes, and the requests of identity providers that changed nothing, as one list.

pub(crate) mod entries;
mod page;
mod sso_failures;

use page::Order;
pub use page::time_of_id;
pub use sso_failures::{FailureCount, MethodFailures};

use crate::{
    ScimRequest, Store, StoreError,
    db::{
        row::Row,
        statement::{sql, sql_owned},
    },
};
use domain::{
    UnixMs,
    activity::{ActivityActor, Entry, filter::ActivityFilter},
    id::TeamId,
    key::{self, KeyId},
    scim_client::{RequestOrigin, ScimClient},
    scim_operation::ScimOperation,
};
use std::sync::LazyLock;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// A change, with the id of its request if an identity provider made it.
    Change(Entry, Option<String>),
    /// A request that changed nothing, because it only read or was rejected.
    Request(RequestLine),
}

impl LogLine {
    /// The line's id, by which lines are sorted.
    pub fn id(&self) -> &str {
        match self {
            LogLine::Change(entry, _) => entry.id.as_str(),
            LogLine::Request(line) => &line.id,
        }
    }

    /// The id of the request with more details.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            LogLine::Change(_, id) => id.as_deref(),
            LogLine::Request(line) => Some(&line.id),
        }
    }
}

/// A request as one line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// The request's id.
    pub id: String,
    /// The time of the request.
    pub at: UnixMs,
    /// The client's address, if known.
    pub address: Option<String>,
    /// The key.
    pub key: KeyId,
    /// The key's name at that time.
    pub key_name: String,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// GET, POST, ...
    pub method: String,
    /// Path and query, decoded.
    pub path: String,
    /// The operation.
    pub operation: ScimOperation,
    /// The name or id of the target.
    pub target: Option<String>,
    /// The status of the response; 0 if the server sent none.
    pub status: i64,
    /// The duration in microseconds.
    pub micros: i64,
    /// The error. Of several operations, one line for each failed one.
    pub detail: Option<String>,
    /// The normalizations.
    pub notes: Vec<String>,
    /// The origin of the request.
    pub origin: RequestOrigin,
}

/// An actor in the filter of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogActor {
    /// A key: its id, name and last characters.
    Key(KeyId, String, String),
    /// Any other actor.
    Other(ActivityActor),
}

/// The details of a key in the log, beside its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    /// The key's id.
    pub id: KeyId,
    /// Its last characters.
    pub tail: String,
    /// The client of the team's last request, if it used this key.
    pub client: Option<ScimClient>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
}

/// Upper bound of the requests that one query loads with all details.
pub const DETAILS: usize = 50;

/// The number of changes, and of requests, that one text search scans.
const SCAN_SIZE: i64 = 30_000;

static BY_IDS: LazyLock<String> = LazyLock::new(|| {
    let ids: Vec<_> = (0..DETAILS).map(|at| format!("${}", at + 2)).collect();
    format!("SELECT * FROM scim_requests WHERE team_id = $1 AND id IN ({})", ids.join(", "))
});

impl Store {
    /// Up to `size` lines that match the filter, the newest first: those older than the line `before`, or the newest of
    /// all.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_page(
        &self,
        team: &TeamId,
        filter: &ActivityFilter,
        now: UnixMs,
        before: Option<&str>,
        size: i64,
    ) -> Result<Vec<LogLine>, StoreError> {
        Ok(self.log_scan(team, filter, now, before, size).await?.0)
    }

    /// Like [`Self::log_page`]. For a text search it also returns the line at which the scan ended. Older lines may
    /// match too, and a call with that line continues the scan.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_scan(
        &self,
        team: &TeamId,
        filter: &ActivityFilter,
        now: UnixMs,
        before: Option<&str>,
        size: i64,
    ) -> Result<(Vec<LogLine>, Option<String>), StoreError> {
        let floor = match filter.text {
            Some(_) => self.log_floor(team, before).await?,
            None => None,
        };
        let page = page::page(filter, now, floor.as_deref(), Order::NewestFirst);
        Ok((self.log_lines(team, page, before, size).await?, floor))
    }

    /// The last line that one text search scans. The scan is limited, because no index finds a text in the middle of a
    /// name.
    async fn log_floor(&self, team: &TeamId, before: Option<&str>) -> Result<Option<String>, StoreError> {
        let row = sql(
            "SELECT MAX(id) AS floor FROM (SELECT id FROM (SELECT id FROM activity WHERE team_id = $1 AND id < $2 \
                 ORDER BY id DESC LIMIT 1 OFFSET $3) AS changes \
             UNION ALL SELECT id FROM (SELECT id FROM scim_requests WHERE team_id = $1 AND id < $2 \
                 ORDER BY id DESC LIMIT 1 OFFSET $3) AS requests) AS log",
        )
        .text(team.as_str())
        .text(before.unwrap_or(entries::AFTER_EVERY_ID))
        .number(SCAN_SIZE);
        row.first(&self.reader).await?.map_or(Ok(None), |row| row.opt_text("floor"))
    }

    /// Like [`Self::log_page`], for the lines after the line `after`, the oldest first. A line gets its id shortly
    /// before it is written, so some of the newest lines may still be missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_after(
        &self,
        team: &TeamId,
        filter: &ActivityFilter,
        now: UnixMs,
        after: &str,
        size: i64,
    ) -> Result<Vec<LogLine>, StoreError> {
        let page = page::page(filter, now, Some(after), Order::OldestFirst);
        self.log_lines(team, page, None, size).await
    }

    async fn log_lines(
        &self,
        team: &TeamId,
        page: Option<page::PageQuery>,
        before: Option<&str>,
        size: i64,
    ) -> Result<Vec<LogLine>, StoreError> {
        let Some(page) = page else { return Ok(Vec::new()) };
        let statement = sql_owned(page.text)
            .text(team.as_str())
            .text(before.unwrap_or(entries::AFTER_EVERY_ID))
            .number(size.max(1));
        let rows = page.values.into_iter().fold(statement, page::PageValue::bind).all(&self.reader).await?;
        rows.iter().map(read_line).collect()
    }

    /// The newest ids of the team's changes and requests. They differ from an earlier result if there is a new line.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_newest(&self, team: &TeamId) -> Result<(Option<String>, Option<String>), StoreError> {
        let row = sql("SELECT (SELECT MAX(id) FROM activity WHERE team_id = $1) AS newest_change, \
             (SELECT MAX(id) FROM scim_requests WHERE team_id = $1) AS newest_request")
        .text(team.as_str())
        .first(&self.reader)
        .await?;
        match row {
            Some(row) => Ok((row.opt_text("newest_change")?, row.opt_text("newest_request")?)),
            None => Ok((None, None)),
        }
    }

    /// Sets the listener that is called after each commit of this process with the team whose log has new entries. It must not
    /// block, because commits wait for it. The first listener stays.
    pub fn on_commit(&self, listener: impl Fn(&TeamId) + Send + Sync + 'static) {
        self.listener.set(listener);
    }

    /// Calls the listener for a change to the team that its log does not hold.
    pub fn notify(&self, team: &TeamId) {
        self.listener.notify(team);
    }

    /// The actors of the team's log: its keys, and everyone else who changed something.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_actors(&self, team: &TeamId) -> Result<Vec<LogActor>, StoreError> {
        let rows = sql("SELECT actor, CAST(NULL AS TEXT) AS key_id, CAST(NULL AS TEXT) AS key_name, \
                 CAST(NULL AS TEXT) AS tail FROM (SELECT DISTINCT actor FROM activity \
                 WHERE team_id = $1 AND substr(actor, 1, 11) <> '{\"provider\"' LIMIT 200) AS people \
             UNION ALL SELECT CAST(NULL AS TEXT) AS actor, id AS key_id, name AS key_name, tail \
                 FROM scim_keys WHERE team_id = $1 AND purpose = 'provider'")
        .text(team.as_str())
        .all(&self.reader)
        .await?;
        let read = |row: &Row| match row.opt_text("key_id")? {
            Some(id) => Ok(LogActor::Key(KeyId::new(id), row.text("key_name")?, row.text("tail")?)),
            None => Ok(LogActor::Other(row.parse_enum("actor", |json| serde_json::from_str(json).ok())?)),
        };
        rows.iter().map(read).collect()
    }

    /// The details of the team's keys in the log, and the client of the last used one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_keys(&self, team: &TeamId) -> Result<Vec<LogKey>, StoreError> {
        let rows = sql("SELECT k.id, k.tail, c.client, c.user_agent FROM scim_keys k \
             LEFT JOIN scim_connections c ON c.team_id = k.team_id AND c.key_id = k.id WHERE k.team_id = $1")
        .text(team.as_str())
        .all(&self.reader)
        .await?;
        let read = |row: &Row| {
            Ok(LogKey {
                id: KeyId::new(row.text("id")?),
                tail: row.text("tail")?,
                client: row.opt_text("client")?.map(|name| ScimClient::parse(&name)),
                user_agent: row.opt_text("user_agent")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The number of the team's requests that changed nothing, counted up to `limit`, because there may be millions.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn log_requests_count(&self, team: &TeamId, limit: i64) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS requests FROM \
             (SELECT id FROM scim_requests WHERE team_id = $1 AND changed = 0 LIMIT $2) AS counted")
        .text(team.as_str())
        .number(limit);
        row.first(&self.reader).await?.map_or(Ok(0), |row| row.number("requests"))
    }

    /// The team's requests with these ids (the first [`DETAILS`] of them), in no order. Deleted requests are missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_requests_by_id(&self, team: &TeamId, ids: &[&str]) -> Result<Vec<ScimRequest>, StoreError> {
        let Some(last) = ids.last() else { return Ok(Vec::new()) };
        let mut query = sql(BY_IDS.as_str()).text(team.as_str());
        // One statement serves any number of ids, because the list repeats its last id.
        for id in ids.iter().chain(std::iter::repeat(last)).take(DETAILS) {
            query = query.text(id);
        }
        query.all(&self.reader).await?.iter().map(read_request).collect()
    }
}

fn read_line(row: &Row) -> Result<LogLine, StoreError> {
    if row.opt_text("body")?.is_some() {
        return Ok(LogLine::Change(entries::read(row)?, row.opt_text("request_id")?));
    }
    Ok(LogLine::Request(RequestLine {
        id: row.text("id")?,
        at: row.number("at")?,
        address: row.opt_text("address")?,
        key: KeyId::new(row.text("key_id")?),
        key_name: row.text("key_name")?,
        user_agent: row.opt_text("user_agent")?,
        method: row.text("method")?,
        path: row.text("path")?,
        operation: ScimOperation::parse(&row.text("operation")?),
        target: row.opt_text("target")?.map(|name| key::redact(&name).into_owned()),
        status: row.number("status")?,
        micros: row.number("micros")?,
        detail: row.opt_text("detail")?,
        notes: notes(row)?,
        origin: RequestOrigin::parse(&row.text("origin")?),
    }))
}

fn notes(row: &Row) -> Result<Vec<String>, StoreError> {
    match row.opt_text("notes")? {
        Some(_) => row.parse_enum("notes", |json| serde_json::from_str(json).ok()),
        None => Ok(Vec::new()),
    }
}

fn read_request(row: &Row) -> Result<ScimRequest, StoreError> {
    Ok(ScimRequest {
        id: row.text("id")?,
        team: TeamId::new(row.text("team_id")?),
        at: row.number("at")?,
        key: KeyId::new(row.text("key_id")?),
        key_name: row.text("key_name")?,
        address: row.opt_text("address")?,
        user_agent: row.opt_text("user_agent")?,
        method: row.text("method")?,
        path: row.text("path")?,
        operation: row.text("operation")?,
        target: row.opt_text("target")?,
        target_name: row.opt_text("target_name")?,
        status: row.number("status")?,
        micros: row.number("micros")?,
        detail: row.opt_text("detail")?,
        notes: notes(row)?,
        request: row.opt_text("request")?,
        answer: row.opt_text("response")?,
        changed: row.flag("changed")?,
        origin: RequestOrigin::parse(&row.text("origin")?),
    })
}
