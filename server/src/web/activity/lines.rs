//! Groups log lines into events of the page: reads of one key are one event.

use super::{
    cursor::Cursor,
    exchange::{answer, exchange, failure},
    keys::Keys,
};
use crate::{request_id, state::AppState};
use app::model::{Event, Exchange, ProviderRequest, Read, Reads};
use domain::{MINUTE, activity::ActivityActor, id::TeamId, scim_client::RequestOrigin, scim_operation::ScimOperation};
use std::collections::HashMap;
use store::{DETAILS, LogLine, RequestLine, ScimRequest, StoreError};

/// Events on one page.
const SIZE: usize = DETAILS;
/// Upper bound of the lines on one page.
pub(super) const TOGETHER: usize = SIZE;
/// Lines that are read for one page: one more than the bound, because it shows whether there are others.
pub(super) const LOADED: i64 = 501;

/// One page, newest first.
pub(super) struct ActivityLines {
    groups: Vec<Group>,
    /// The count of log lines on the page.
    pub(super) shown: i64,
    /// The last of them, if there are older ones.
    pub(super) older: Option<String>,
    /// The ids of all of them.
    ids: Vec<String>,
}

/// A line, with the equal ones after it.
struct Group {
    first: LogLine,
    /// The reads, including the first one.
    reads: Vec<RequestLine>,
}

impl ActivityLines {
    pub(super) fn of(lines: Vec<LogLine>) -> Self {
        let most = usize::try_from(LOADED - 1).unwrap_or(usize::MAX);
        let mut page = Self { groups: Vec::new(), shown: 0, older: None, ids: Vec::new() };
        for (at, line) in lines.into_iter().enumerate() {
            let id = line.id().to_owned();
            if at >= most || !page.take(line) {
                page.older = page.ids.last().cloned();
                break;
            }
            page.shown += 1;
            page.ids.push(id);
        }
        page
    }

    /// Adds a line. `false`: the page is full.
    fn take(&mut self, line: LogLine) -> bool {
        let read = plain_read(&line).cloned();
        if let (Some(read), Some(group)) = (&read, self.groups.last_mut())
            && group.reads.first().is_some_and(|first| are_together(first, read))
        {
            group.reads.push(read.clone());
            return true;
        }
        if self.groups.len() >= SIZE {
            return false;
        }
        self.groups.push(Group { first: line, reads: read.into_iter().collect() });
        true
    }

    /// The ids of the requests that are shown in full.
    pub(super) fn request_ids(&self) -> Vec<&str> {
        let single = self.groups.iter().filter(|group| group.reads.len() < 2);
        single.filter_map(|group| group.first.request_id()).collect()
    }

    /// The cursor for the next lines.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor::of(self.ids.iter().map(String::as_str))
    }

    /// The requests that are shown in full.
    pub(super) async fn requests(&self, state: &AppState, team: &TeamId) -> Result<Vec<ScimRequest>, StoreError> {
        state.store.scim_requests_by_id(team, &self.request_ids()).await
    }

    /// The events, with the records of these requests.
    fn events(self, requests: Vec<ScimRequest>, keys: &Keys) -> Vec<Event> {
        let requests: HashMap<_, _> = requests.into_iter().map(|request| (request.id.clone(), request)).collect();
        // A request with several changes is shown with each of them.
        self.groups.into_iter().map(|group| group.event(&requests, keys)).collect()
    }
}

/// The events of a page.
pub(super) async fn events(
    state: &AppState,
    team: &TeamId,
    page: ActivityLines,
    requests: Vec<ScimRequest>,
) -> Result<Vec<Event>, StoreError> {
    Ok(page.events(requests, &Keys::of(state, team).await?))
}

impl Group {
    fn event(self, requests: &HashMap<String, ScimRequest>, keys: &Keys) -> Event {
        if let [newest, .., oldest] = &self.reads[..] {
            return Event::Reads(Reads {
                since: oldest.at,
                at: newest.at,
                address: newest.address.clone(),
                via: keys.of_line(newest),
                count: i64::try_from(self.reads.len()).unwrap_or(i64::MAX),
                operations: tally(&self.reads),
                requests: self.reads.iter().map(read).collect(),
            });
        }
        let request = self.first.request_id().and_then(|id| requests.get(id));
        let full_record: Option<Exchange> = request.cloned().map(exchange);
        match self.first {
            LogLine::Change(entry, _) => {
                let via = match &entry.actor {
                    ActivityActor::Provider { key_name, key_id } => Some(match request {
                        Some(request) => keys.of_request(request),
                        None => keys.of_key(key_id, key_name),
                    }),
                    _ => None,
                };
                Event::Change(entry, via, full_record)
            }
            LogLine::Request(line) => Event::Request(
                ProviderRequest {
                    at: line.at,
                    answer: answer(line.status),
                    is_test: line.origin == RequestOrigin::SelfTest,
                    failure: failure(&line),
                    via: request.map_or_else(|| keys.of_line(&line), |request| keys.of_request(request)),
                    request_line: [&line.method, " ", &line.path].concat(),
                    address: line.address,
                    operation: line.operation,
                    target: line.target,
                },
                full_record,
            ),
        }
    }
}

/// One of several reads.
fn read(line: &RequestLine) -> Read {
    Read {
        id: request_id::name(&line.id),
        at: line.at,
        request_line: [&line.method, " ", &line.path].concat(),
        answer: answer(line.status),
        micros: line.micros,
        notes: line.notes.clone(),
    }
}

fn plain_read(line: &LogLine) -> Option<&RequestLine> {
    match line {
        LogLine::Request(line) if failure(line).is_none() && !line.operation.is_change() => Some(line),
        _ => None,
    }
}

fn are_together(one: &RequestLine, other: &RequestLine) -> bool {
    one.key == other.key && one.at.div_euclid(MINUTE) == other.at.div_euclid(MINUTE)
}

/// The count of each operation, in the order of operations.
fn tally(reads: &[RequestLine]) -> Vec<(ScimOperation, i64)> {
    let count = |operation: ScimOperation| reads.iter().filter(|read| read.operation == operation).count();
    let all = ScimOperation::ALL.into_iter().map(|operation| (operation, count(operation)));
    all.filter(|(_, count)| *count > 0)
        .map(|(operation, count)| (operation, i64::try_from(count).unwrap_or(0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::key::KeyId;

    fn request(number: usize, key: &str, at: i64, status: i64) -> LogLine {
        LogLine::Request(RequestLine {
            id: format!("{number:04}"),
            at,
            address: None,
            key: KeyId::new(key),
            key_name: key.to_owned(),
            user_agent: None,
            method: "GET".into(),
            path: "/scim/v2/Users".into(),
            operation: ScimOperation::UserGet,
            target: None,
            status,
            micros: 1,
            detail: None,
            notes: Vec::new(),
            origin: RequestOrigin::Provider,
        })
    }

    /// The count of each event.
    fn counts(page: ActivityLines) -> Vec<i64> {
        let count = |event| if let Event::Reads(reads) = event { reads.count } else { 1 };
        page.events(Vec::new(), &Keys::default()).into_iter().map(count).collect()
    }

    #[test]
    fn reads_of_one_key_in_one_minute_are_one_event() {
        let lines = vec![
            request(9, "a", 2 * MINUTE, 200),
            request(8, "a", 2 * MINUTE - 1, 200),
            request(7, "a", MINUTE, 304),
            request(6, "b", MINUTE, 200),
            request(5, "a", MINUTE, 200),
            request(4, "a", MINUTE, 404),
            request(3, "a", MINUTE, 200),
        ];
        let page = ActivityLines::of(lines);
        assert_eq!((page.shown, page.older.as_deref()), (7, None));
        assert_eq!(page.request_ids(), ["0009", "0006", "0005", "0004", "0003"]);
        assert_eq!(counts(page), [1, 2, 1, 1, 1, 1]);
    }

    #[test]
    fn a_page_ends_after_50_events_or_500_lines() {
        let failed = (0..60).map(|number| request(number, "a", 0, 404)).collect();
        let page = ActivityLines::of(failed);
        assert_eq!((page.shown, page.older.as_deref()), (50, Some("0049")));
        let read = (0..501).map(|number| request(number, "a", 0, 200)).collect();
        let page = ActivityLines::of(read);
        assert_eq!((page.shown, page.older.as_deref()), (500, Some("0499")));
        assert_eq!(counts(page), [500]);
        let exactly = (0..50).map(|number| request(number, "a", 0, 404)).collect();
        assert_eq!(ActivityLines::of(exactly).older, None);
    }
}
