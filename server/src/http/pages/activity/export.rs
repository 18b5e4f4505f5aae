//! `GET /teams/{slug}/settings/activity/export`: the log, or what is asked for of it, as NDJSON: one line of JSON each.
//!
//! It is read a part at a time, by what the reader takes: whoever hangs up or falls asleep ends the reading, and no
//! connection to the database is held between two parts.

use super::asked;
use crate::{
    http::{
        pages::forbidden,
        visit::{Stop, Visit},
    },
    state::AppState,
    store::{LogLine, StoreError},
};
use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{UnixMs, date, id::TeamId, log::Filter};
use http_body_util::channel::{Channel, Sender};
use serde_json::{Value, json};
use std::{io, time::Duration};

/// Lines that are read at once.
const PART: i64 = 500;
/// Parts that wait for the reader.
const AHEAD: usize = 2;
/// A reader who takes nothing for this long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

pub(in crate::http) async fn export(visit: Visit, Path(slug): Path<String>) -> Result<Response, Stop> {
    let signed_in = visit.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&visit, &signed_in, "Activity").await;
    }
    let team = &signed_in.me.team;
    let mut log = Log {
        team: team.id.clone(),
        filter: asked::filter(&visit, &team.id).await?,
        now: visit.state.clock.now(),
        state: visit.state.clone(),
        before: None,
    };
    // The first part is read before the answer begins, so that a database that is away is an error and no empty file.
    let first = log.next().await?;
    let (sender, body) = Channel::<Bytes, io::Error>::new(AHEAD);
    tokio::spawn(send(log, first, sender));
    let name = format!("attachment; filename=\"{}-activity.ndjson\"", team.slug);
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// A reading of the log, from the newest line to the oldest.
struct Log {
    state: AppState,
    team: TeamId,
    filter: Filter,
    now: UnixMs,
    before: Option<String>,
}

impl Log {
    /// The next part; none: that was all.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let store = &self.state.store;
        let lines = store.log_page(&self.team, &self.filter, self.now, self.before.as_deref(), PART).await?;
        self.before = lines.last().map(|line| line.id().to_owned());
        let mut text = String::new();
        for line in &lines {
            text.push_str(&json(line).to_string());
            text.push('\n');
        }
        Ok(self.before.is_some().then(|| text.into()))
    }
}

/// Sends part after part, as long as somebody takes them.
async fn send(mut log: Log, first: Option<Bytes>, mut reader: Sender<Bytes, io::Error>) {
    let mut part = Ok(first);
    loop {
        match part {
            Ok(Some(bytes)) => match tokio::time::timeout(PATIENCE, reader.send_data(bytes)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                // Cut off, so that nobody takes it for the whole.
                Err(_) => return reader.abort(io::ErrorKind::TimedOut.into()),
            },
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "an export of activity was cut off");
                return reader.abort(io::Error::other("the database could not be reached"));
            }
        }
        part = log.next().await;
    }
}

/// One line. What was sent over the wire is not part of it.
fn json(line: &LogLine) -> Value {
    match line {
        LogLine::Change(entry, _) => json!({
            "id": entry.id,
            "at": date::iso(entry.at),
            "kind": "change",
            "actor": entry.actor,
            "address": entry.address,
            "request": entry.request,
            "change": entry.change,
        }),
        LogLine::Request(line) => json!({
            "id": line.id,
            "at": date::iso(line.at),
            "kind": "request",
            "actor": {"provider": {"key_name": line.key_name, "key_id": line.key}},
            "address": line.address,
            "operation": line.operation,
            "target": line.target,
            "status": line.status,
            "detail": line.detail,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{key::KeyId, operation::Operation};

    #[test]
    fn a_request_is_one_line_of_json() {
        let line = LogLine::Request(crate::store::RequestLine {
            id: "019e".into(),
            at: 0,
            address: None,
            key: KeyId::new("k"),
            key_name: "Okta\nproduction".into(),
            operation: Operation::UserGet,
            target: Some("ada".into()),
            status: 404,
            detail: None,
            origin: domain::client::Origin::Provider,
        });
        let text = json(&line).to_string();
        assert!(!text.contains('\n'));
        for part in
            [r#""at":"1970-01-01T00:00:00Z""#, r#""operation":"user_get""#, r#""key_id":"k""#, r#""status":404"#]
        {
            assert!(text.contains(part), "{text}");
        }
    }
}
