//! `GET /teams/{slug}/settings/activity/events?after=ID&actor=..`: the new lines of the log, for as long as the page is open.
//!
//! No line is lost: the page gets all the lines that it does not have, oldest first. If there are too many, it gets the newest
//! lines and a mark below them, with a link to the others.

use super::{cursor::Cursor, filter, lines};
use crate::{
    state::AppState,
    web::{
        forbidden::forbidden,
        request::{PageError, PageRequest},
        response_kind,
        sse::{self, EventPiece, EventSource},
    },
};
use app::pages::Section;
use app::{document, form_encoding, return_to};
use axum::{extract::Path, http::HeaderMap, response::Response};
use domain::{activity::filter::ActivityFilter, id::TeamId};
use std::{collections::HashSet, time::Duration};
use store::{LogLine, ScimRequest, StoreError};
use tokio::time::Instant;

/// Lines of one read, some of which the page may already have.
const PART: i64 = 601;
/// Upper bound of the lines that are sent individually.
const MAX_EVENTS: usize = 300;
/// How long a change waits for the record of its request, which is written shortly afterwards.
const RECORD: Duration = Duration::from_millis(1_500);
/// The interval of checks for that record.
const SOON: Duration = Duration::from_millis(200);

/// `after`: the lines of the page. A browser that reconnects sends them itself.
pub(in crate::web) async fn events(
    request: PageRequest,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let page = request.page_path.split_once(response_kind::EVENT_STREAM).map_or("/", |(page, _)| page);
    let signed_in = match request.in_team(&slug).await {
        Err(PageError::SignIn { .. }) if request.follows => return Ok(sse::over(&signed_out(page))),
        other => other?,
    };
    if !Section::Activity.is_open_to(signed_in.role()) {
        return match request.follows {
            true => Ok(sse::over("You no longer have access to this page. <a href=\"\">Reload</a>")),
            false => forbidden(&request, &signed_in, "Activity").await,
        };
    }
    let team = &signed_in.me.team.id;
    let filter = filter::filter(&request, team).await?;
    let follow = Follow {
        team: team.clone(),
        page_path: [page, "?", &form_encoding::write(&filter.write())].concat(),
        filter,
        cursor: Cursor::parse(&sse::last_seen(&request, &headers)),
        waiting_since: None,
        poll_interval: None,
    };
    sse::answer(&request, &signed_in, follow)
}

fn signed_out(page: &str) -> String {
    let sign_in = return_to::sign_in_path(page).replace('&', "&amp;").replace('"', "&quot;");
    format!("You're signed out. <a href=\"{sign_in}\">Sign in</a> to see new events.")
}

/// The log on an open page.
struct Follow {
    team: TeamId,
    /// The page's own address.
    page_path: String,
    filter: ActivityFilter,
    /// The lines that the page has.
    cursor: Cursor,
    /// Since when the oldest unsent line has been waiting for its request.
    waiting_since: Option<Instant>,
    poll_interval: Option<Duration>,
}

impl EventSource for Follow {
    const SECTION: Section = Section::Activity;

    async fn next(&mut self, state: &AppState) -> Result<Option<EventPiece>, StoreError> {
        let (store, now) = (&state.store, state.clock.now());
        let mut lines = store.log_after(&self.team, &self.filter, now, self.cursor.from(), PART).await?;
        let is_whole = (lines.len() as i64) < PART;
        lines.retain(|line| !self.cursor.has(line.id()));
        if lines.len() > MAX_EVENTS {
            return self.newest(state).await.map(Some);
        }
        let is_rest = lines.len() > lines::TOGETHER;
        lines.truncate(lines::TOGETHER);
        let ids: Vec<&str> = lines.iter().filter_map(LogLine::request_id).collect();
        let requests = store.scim_requests_by_id(&self.team, &ids).await?;
        let ready = if state.config.request_days == 0 { lines.len() } else { ready(&lines, &requests) };
        let is_held = ready < lines.len() && self.waiting_since.get_or_insert_with(Instant::now).elapsed() < RECORD;
        if is_held {
            lines.truncate(ready);
        } else {
            self.waiting_since = None;
        }
        self.poll_interval = match () {
            () if is_held => Some(SOON),
            () if is_rest || !is_whole => Some(Duration::ZERO),
            () => None,
        };
        if lines.is_empty() {
            return Ok(None);
        }
        lines.iter().for_each(|line| self.cursor.add(line.id()));
        lines.reverse();
        let events = lines::events(state, &self.team, lines::ActivityLines::of(lines), requests).await?;
        Ok(Some(EventPiece { html: document::events(events, now), cursor: self.cursor.write() }))
    }

    fn poll_interval(&self) -> Option<Duration> {
        self.poll_interval
    }
}

impl Follow {
    /// The newest lines, and below them the mark that there are more than are sent.
    async fn newest(&mut self, state: &AppState) -> Result<EventPiece, StoreError> {
        let now = state.clock.now();
        let lines = state.store.log_page(&self.team, &self.filter, now, None, lines::LOADED).await?;
        let page = lines::ActivityLines::of(lines);
        self.cursor = page.cursor();
        (self.waiting_since, self.poll_interval) = (None, None);
        let requests = page.requests(state, &self.team).await?;
        let events = lines::events(state, &self.team, page, requests).await?;
        let html = [document::events(events, now), document::gap(self.page_path.clone())].concat();
        Ok(EventPiece { html, cursor: self.cursor.write() })
    }
}

/// The count of the oldest lines that have the record of their request, if there will be one.
fn ready(lines: &[LogLine], requests: &[ScimRequest]) -> usize {
    let known_ids: HashSet<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    let waits = |line: &LogLine| line.request_id().is_some_and(|id| !known_ids.contains(id));
    lines.iter().position(waits).unwrap_or(lines.len())
}
