//! `GET /teams/{slug}/settings/activity/export`: the log with the page's filter, as NDJSON: one JSON value per line.
//!
//! It reads the log in parts, as fast as the client reads. A client that disconnects or stalls ends the export. No database
//! connection is held between two parts.

use super::{filter, keys::Keys};
use crate::{
    auth::audit,
    exports::PATIENCE,
    request_id,
    state::AppState,
    web::{
        forbidden::forbidden,
        request::{PageError, PageRequest},
    },
};
use app::pages::Section;
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    UnixMs,
    activity::{Change, filter::ActivityFilter},
    format::date,
    id::TeamId,
};
use http_body_util::channel::{Channel, Sender};
use serde_json::{Value, json};
use std::{collections::HashMap, io};
use store::{DETAILS, LogLine, ScimRequest, StoreError};

/// Lines of one read.
const PART: i64 = 100;
/// Parts that wait for the reader.
const AHEAD: usize = 2;

pub(in crate::web) async fn export(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Activity.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Activity").await;
    }
    let team = &signed_in.me.team;
    let place = request.state.exports().begin(&team.id)?;
    let mut log = Log {
        team: team.id.clone(),
        filter: filter::filter(&request, &team.id).await?,
        now: request.state.clock.now(),
        keys: Keys::of(&request.state, &team.id).await?,
        state: request.state.clone(),
        before: None,
    };
    // The first part is read before the response begins, so that an unavailable database causes an error and no empty file.
    let first = log.next().await?;
    audit::exported(&request.state, &signed_in.me, Change::ActivityExported, request.address).await;
    let (sender, body) = Channel::<Bytes, io::Error>::new(AHEAD);
    tokio::spawn(send(log, first, sender));
    let name = format!("attachment; filename=\"{}-activity.ndjson\"", team.slug);
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, place.until_sent(body)).into_response())
}

/// A pass over the log, from the newest line to the oldest.
struct Log {
    state: AppState,
    team: TeamId,
    filter: ActivityFilter,
    now: UnixMs,
    keys: Keys,
    before: Option<String>,
}

impl Log {
    /// The next part. `None`: there is no other.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let store = &self.state.store;
        let (lines, floor) = loop {
            let results = store.log_scan(&self.team, &self.filter, self.now, self.before.as_deref(), PART).await?;
            // No match in the rows so far: continue from their end.
            match results {
                (lines, Some(floor)) if lines.is_empty() => self.before = Some(floor),
                results => break results,
            }
        };
        let is_part = (lines.len() as i64) == PART;
        let Some(last) = lines.last() else { return Ok(None) };
        self.before = floor.filter(|_| !is_part).or_else(|| Some(last.id().to_owned()));
        let ids: Vec<&str> = lines.iter().filter_map(LogLine::request_id).collect();
        let mut requests = HashMap::new();
        for ids in ids.chunks(DETAILS) {
            let some = store.scim_requests_by_id(&self.team, ids).await?;
            requests.extend(some.into_iter().map(|request| (request.id.clone(), request)));
        }
        let mut text = String::new();
        for line in &lines {
            let request = line.request_id().and_then(|id| requests.get(id));
            text.push_str(&json(line, request, &self.keys).to_string());
            text.push('\n');
        }
        Ok(Some(text.into()))
    }
}

/// Sends part after part, as long as the client reads.
async fn send(mut log: Log, first: Option<Bytes>, mut reader: Sender<Bytes, io::Error>) {
    let mut part = Ok(first);
    loop {
        match part {
            Ok(Some(bytes)) => match tokio::time::timeout(PATIENCE, reader.send_data(bytes)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                // An error cuts the response off, so that the client does not take it for a complete file.
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

/// One line, with the request and its response as recorded, without secrets.
fn json(line: &LogLine, request: Option<&ScimRequest>, keys: &Keys) -> Value {
    let exchange = request.map(|request| exchange(request, keys));
    match line {
        LogLine::Change(entry, _) => json!({
            "id": entry.id,
            "at": moment(entry.at),
            "kind": "change",
            "actor": entry.actor,
            "address": entry.address,
            "member": entry.member,
            "request": entry.request.as_deref().map(request_id::name),
            "change": entry.change,
            "differences": entry.change.differences(),
            "exchange": exchange,
        }),
        LogLine::Request(line) => json!({
            "id": line.id,
            "at": moment(line.at),
            "kind": "request",
            "actor": {"provider": {"key_name": line.key_name, "key_id": line.key}},
            "address": line.address,
            "member": request.filter(|request| request.operation.starts_with("user_")).and_then(|request| request.target.as_ref()),
            "request": request_id::name(&line.id),
            "operation": line.operation,
            "target": line.target,
            "status": line.status,
            "detail": line.detail,
            "exchange": exchange,
        }),
    }
}

fn exchange(request: &ScimRequest, keys: &Keys) -> Value {
    json!({
        "method": request.method,
        "path": request.path,
        "status": request.status,
        "milliseconds": request.micros as f64 / 1_000.0,
        "client": keys.of_request(request).client,
        "user_agent": request.user_agent,
        "notes": request.notes,
        "sent": request.request.as_deref().map(body),
        "answered": request.answer.as_deref().map(body),
    })
}

/// A stored body: JSON, or a remark.
fn body(stored_text: &str) -> Value {
    let (json, note) = stored_text.split_once('\n').map_or((stored_text, None), |(json, note)| (json, Some(note)));
    match (serde_json::from_str::<Value>(json), note) {
        (Ok(value), None) => value,
        (Ok(value), Some(note)) => json!({"start": value, "note": note}),
        (Err(_), note) => json!({"note": note}),
    }
}

/// "2026-06-01T08:12:31.042Z"
fn moment(at: UnixMs) -> String {
    format!("{}.{:03}Z", date::iso(at).trim_end_matches('Z'), at.rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{key::KeyId, scim_operation::ScimOperation};

    #[test]
    fn a_request_is_one_line_of_json() {
        let line = LogLine::Request(store::RequestLine {
            id: "019e".into(),
            at: 0,
            address: None,
            key: KeyId::new("k"),
            key_name: "Okta\nproduction".into(),
            user_agent: None,
            method: "GET".into(),
            path: "/scim/v2/Users/ada".into(),
            operation: ScimOperation::UserGet,
            target: Some("ada".into()),
            status: 404,
            micros: 1,
            detail: None,
            notes: Vec::new(),
            origin: domain::scim_client::RequestOrigin::Provider,
        });
        let text = json(&line, None, &Keys::default()).to_string();
        assert!(!text.contains('\n'));
        for part in
            [r#""at":"1970-01-01T00:00:00.000Z""#, r#""operation":"user_get""#, r#""key_id":"k""#, r#""status":404"#]
        {
            assert!(text.contains(part), "{text}");
        }
    }
}
