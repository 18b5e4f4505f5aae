//! The entries of the activity log. [`TeamTransaction::commit`](super::TeamTransaction::commit) writes the entries of
//! changes, so no entry exists without its change. Sign-ins and exports do not change the team, so their entries are
//! separate statements.

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

/// Sorts after every UUID in any collation.
pub(crate) const AFTER_EVERY_ID: &str = "g";

pub(crate) fn read(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: ActivityId::new(row.text("id")?),
        at: row.number("at")?,
        // Old entries may contain keys in the wrong place.
        actor: row.parse_enum("actor", |json| serde_json::from_str(&key::redact(json)).ok())?,
        address: row.opt_text("address")?,
        request: row.opt_text("request_id")?,
        member: row.opt_text("member_id")?.map(MemberId::new),
        change: row.parse_enum("body", |json| serde_json::from_str(&key::redact(json)).ok())?,
    })
}

/// The statement that inserts entries.
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
    /// Inserts an entry about an event that does not change the team, such as a sign-in or an export. The team is not
    /// locked, so no other change waits.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_add(&self, team: &TeamId, entry: &Entry) -> Result<(), StoreError> {
        insert(team, std::slice::from_ref(entry))?.run(&self.writer).await?;
        self.listener.notify(team);
        Ok(())
    }

    /// Replaces the change of an entry that counts the events of a time window.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_update_count(&self, team: &TeamId, entry: &Entry) -> Result<(), StoreError> {
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

    /// Up to `size` entries, the newest first: those older than the entry `before`, or the newest of all. Also the id
    /// for the next call, if there are older entries.
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

    /// The newest entry about turning SCIM provisioning on.
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

    /// The number of the team's entries.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn activity_count(&self, team: &TeamId) -> Result<i64, StoreError> {
        let row = sql("SELECT COUNT(*) AS entries FROM activity WHERE team_id = $1").text(team.as_str());
        row.first(&self.reader).await?.map_or(Ok(0), |row| row.number("entries"))
    }

    /// Deletes the entries of all teams from before a time. Returns their number.
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
