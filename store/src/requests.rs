//! Writing of the requests of identity providers, in batches, and their deletion. The module `activity` reads them.

use crate::{ScimRequest, Store, StoreError, TransactionAttempt, connections, db::statement::sql, retry, search_text};
use domain::{UnixMs, id::TeamId};
use std::{collections::HashSet, sync::LazyLock};

/// The columns, in the order of their values.
const COLUMNS: [&str; 21] = [
    "team_id",
    "id",
    "at",
    "key_id",
    "key_name",
    "address",
    "user_agent",
    "method",
    "path",
    "operation",
    "target",
    "target_name",
    "status",
    "micros",
    "detail",
    "notes",
    "request",
    "response",
    "changed",
    "search",
    "origin",
];

/// The statements for each number of rows. There are only these, because each connection caches its prepared
/// statements.
static INSERTS: LazyLock<[(usize, String); 6]> =
    LazyLock::new(|| [32, 16, 8, 4, 2, 1].map(|rows| (rows, insert(rows))));

/// Existing rows stay. If a connection breaks at the end of a transaction, the rows are inserted again.
fn insert(rows: usize) -> String {
    let columns = COLUMNS.len();
    let row = |row: usize| {
        let values: Vec<_> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO scim_requests ({}) VALUES {} ON CONFLICT (team_id, id) DO NOTHING",
        COLUMNS.join(", "),
        rows.join(", ")
    )
}

impl Store {
    /// Inserts requests, all or none, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_requests_add(&self, requests: &[ScimRequest]) -> Result<(), StoreError> {
        if requests.is_empty() {
            return Ok(());
        }
        retry!(attempt, self.scim_requests_write(&attempt, requests))?;
        let teams: HashSet<&TeamId> = requests.iter().map(|request| &request.team).collect();
        teams.into_iter().for_each(|team| self.listener.notify(team));
        Ok(())
    }

    async fn scim_requests_write(
        &self,
        attempt: &TransactionAttempt,
        requests: &[ScimRequest],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(attempt).await?;
        let mut written = 0;
        let mut remaining = requests;
        for (rows, statement) in INSERTS.iter() {
            while let Some((now, rest)) = remaining.split_at_checked(*rows) {
                let mut insert = sql(statement);
                for request in now {
                    insert = insert
                        .text(request.team.as_str())
                        .text(&request.id)
                        .number(request.at)
                        .text(request.key.as_str())
                        .text(&request.key_name)
                        .opt_text(request.address.as_deref())
                        .opt_text(request.user_agent.as_deref())
                        .text(&request.method)
                        .text(&request.path)
                        .text(&request.operation)
                        .opt_text(request.target.as_deref())
                        .opt_text(request.target_name.as_deref())
                        .number(request.status)
                        .number(request.micros)
                        .opt_text(request.detail.as_deref())
                        .opt_text(notes(&request.notes)?.as_deref())
                        .opt_text(request.request.as_deref())
                        .opt_text(request.answer.as_deref())
                        .flag(request.changed)
                        .opt_text(request.target_name.as_deref().map(search_text::of_text).as_deref())
                        .text(request.origin.name());
                }
                written += insert.run(&mut *tx).await?;
                remaining = rest;
            }
        }
        // Rows that existed already were counted the first time.
        if written > 0 {
            connections::keep(&mut tx, requests).await?;
        }
        tx.commit().await
    }

    /// Deletes the requests of all teams from before a time. Returns their number.
    ///
    /// There may be millions of them, so they are deleted in batches, between which others can write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_requests_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM scim_requests WHERE (team_id, id) IN \
                 (SELECT team_id, id FROM scim_requests WHERE at < $1 ORDER BY at LIMIT $2)")
            .number(before)
        })
        .await
    }
}

fn notes(notes: &[String]) -> Result<Option<String>, StoreError> {
    if notes.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(notes).map(Some).map_err(|error| StoreError::Fault(error.to_string()))
}
