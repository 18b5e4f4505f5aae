//! The activity log. Entries of changes are written by [`TeamTransaction::commit`](super::TeamTransaction::commit): there is no entry without a
//! change. Sign-ins and exports change nothing of the team, so their entries are statements of their own.

use crate::{
    Store, StoreError,
    db::{
        placeholders::placeholders,
        row::Row,
        statement::{Statement, sql, sql_owned},
    },
    search_text,
};
use domain::{
    UnixMs,
    activity::Entry,
    id::{ActivityId, MemberId, TeamId},
    key,
};

/// Sorts behind every UUID, in whatever order of characters a database has.
pub(crate) const AFTER_EVERY_ID: &str = "g";

pub(crate) fn read(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: ActivityId::new(row.text("id")?),
        at: row.number("at")?,
        // Entries from before may hold keys that stand where they should not.
        actor: row.parse_enum("actor", |json| serde_json::from_str(&key::redact(json)).ok())?,
        address: row.opt_text("address")?,
        request: row.opt_text("request_id")?,
        member: row.opt_text("member_id")?.map(MemberId::new),
        change: row.parse_enum("body", |json| serde_json::from_str(&key::redact(json)).ok())?,
    })
}

/// The statement that writes entries.
pub(crate) fn insert(team: &TeamId, entries: &[Entry]) -> Result<Statement, StoreError> {
    const COLUMNS: usize = 10;
    let mut text =
        "INSERT INTO activity (team_id, id, at, actor, address, kind, body, request_id, member_id, search) VALUES "
            .to_owned();
    for index in 0..entries.len() {
        text.push_str(if index == 0 { "(" } else { ", (" });
        placeholders(&mut text, index * COLUMNS + 1, COLUMNS);
        text.push(')');
    }
    let mut statement = sql_owned(text);
    for entry in entries {
        statement = statement
            .text(team.as_str())
            .text(entry.id.as_str())
            .number(entry.at)
            .text(&key::redact(&json(&entry.actor)?))
            .opt_text(entry.address.as_deref())
            .text(entry.change.name())
            .text(&key::redact(&json(&entry.change)?))
            .opt_text(entry.request.as_deref())
            .opt_text(entry.member.as_ref().map(MemberId::as_str))
            .opt_text(search_text::of_entry(entry).map(|words| key::redact(&words).into_owned()).as_deref());
    }
    Ok(statement)
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Fault(error.to_string()))
}

impl Store {
    /// Writes an entry about something that changes nothing of the team: a sign-in, an export. The team is not claimed, so
    /// no one waits for it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_add(&self, team: &TeamId, entry: &Entry) -> Result<(), StoreError> {
        insert(team, std::slice::from_ref(entry))?.run(&self.writer).await?;
        self.notifier.notify(team);
        Ok(())
    }

    /// Writes what an entry says anew: for one that counts what happens in a window of time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_count_up(&self, team: &TeamId, entry: &Entry) -> Result<(), StoreError> {
        sql("UPDATE activity SET body = $3, address = CAST($4 AS TEXT) WHERE team_id = $1 AND id = $2 AND kind = $5")
            .text(team.as_str())
            .text(entry.id.as_str())
            .text(&key::redact(&json(&entry.change)?))
            .opt_text(entry.address.as_deref())
            .text(entry.change.name())
            .run(&self.writer)
            .await?;
        Ok(())
    }

    /// Up to `size` entries, the newest first: those older than the entry `before`, or the newest of all. Beside them
    /// the id to go on with, where there are older ones.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_page(
        &self,
        team: &TeamId,
        before: Option<&str>,
        size: i64,
    ) -> Result<(Vec<Entry>, Option<String>), StoreError> {
        let size = size.max(1);
        let rows = sql("SELECT id, at, actor, address, body, request_id, member_id FROM activity \
             WHERE team_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
        .text(team.as_str())
        .text(before.unwrap_or(AFTER_EVERY_ID))
        .number(size.saturating_add(1))
        .all(&self.reader)
        .await?;
        let mut entries = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let shown = usize::try_from(size).unwrap_or(usize::MAX);
        let more = entries.len() > shown;
        entries.truncate(shown);
        let older = entries.last().filter(|_| more).map(|entry| entry.id.as_str().to_owned());
        Ok((entries, older))
    }

    /// The entry that says who turned SCIM provisioning on last, as far as the log goes back.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_turned_on(&self, team: &TeamId) -> Result<Option<Entry>, StoreError> {
        let row = sql("SELECT id, at, actor, address, body, request_id, member_id FROM activity \
             WHERE team_id = $1 AND kind = 'scim_turned_on' ORDER BY id DESC LIMIT 1")
        .text(team.as_str())
        .inline()
        .first(&self.reader)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// How many entries the team has.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_count(&self, team: &TeamId) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS entries FROM activity WHERE team_id = $1").text(team.as_str());
        row.first(&self.reader).await?.map_or(Ok(0), |row| row.number("entries"))
    }

    /// Deletes the entries from before a time, of all teams. Returns how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM activity WHERE (team_id, id) IN \
                 (SELECT team_id, id FROM activity WHERE at < $1 ORDER BY at LIMIT $2)")
            .number(before)
        })
        .await
    }
}
