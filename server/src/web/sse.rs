//! Answers that go on: server-sent events (HTML Living Standard, section 9.2), each a piece of HTML for a page that is open.
//!
//! An answer ends when its reader goes away or falls asleep, when the session ends or the role no longer opens the page,
//! and when the server stops.

use crate::web::request::{PageError, PageRequest};
use crate::{
    auth::{SignedIn, session_store},
    live_updates::{A_PERSON, A_SESSION, A_TEAM, LiveEvent, SubscribeError, Subscription},
    state::AppState,
};
use app::pages::Section;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::Error;
use http_body_util::{
    BodyExt as _,
    channel::{Channel, Sender},
};
use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::StoreError;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

/// How often a sign of life is sent, and the session looked at.
const BEAT: Duration = Duration::from_secs(5);
/// A reader who takes nothing for this long is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a browser waits before it asks again, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";
/// How long a page that got no place waits before it asks again, in milliseconds.
const LATER: u32 = 5_000;
/// Says that from now on what is new is told.
const BEGIN: &str = "event: on\ndata: on\n\n";
/// How the addresses of such answers end.
pub(super) const END: &str = "/events";

/// Is this the address of such an answer?
pub(super) fn is_event_stream(page_path: &str) -> bool {
    page_path.split('?').next().is_some_and(|path| path.ends_with(END))
}

/// Does an open page ask, which can be told why it hears nothing?
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// The answer to a page that is not told anything now: why (HTML), and when it may ask again. Browsers show scripts nothing
/// of an answer that is not 200.
fn not_now(why: &str) -> Response {
    event_stream(format!("retry: {LATER}\nevent: notice\ndata: {why}\n\n"))
}

/// The answer to a page that is not told anything any longer: why, and a way out (HTML without line breaks).
pub(super) fn over(why: &str) -> Response {
    event_stream(format!("event: over\ndata: {why}\n\n"))
}

fn event_stream(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))], text).into_response()
}

/// Why a page gets no place, and what helps.
fn explain(why: SubscribeError) -> String {
    match why {
        SubscribeError::Session => {
            format!("Live updates are already on in {A_SESSION} tabs. Close one to turn them on here.")
        }
        SubscribeError::Person => {
            format!("Live updates are already on in {A_PERSON} of your tabs. Close one to turn them on here.")
        }
        SubscribeError::Team => {
            format!(
                "Live updates are at their limit of {A_TEAM} open pages for this team. They start here when another page \
                 closes."
            )
        }
        SubscribeError::Closing => "Rollcall is restarting. Live updates resume in a moment.".to_owned(),
    }
}

/// What the page shows already: `after` in the address, unless the browser was cut off, and says itself what came last.
pub(super) fn last_seen(request: &PageRequest, headers: &HeaderMap) -> String {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    last.or_else(|| request.query_value("after")).unwrap_or_default()
}

/// What a page follows.
pub(super) trait EventSource: Send + 'static {
    /// The section of the page: a reader whose role no longer opens it is disconnected.
    const SECTION: Section;

    /// What is new since this was last asked.
    fn next(&mut self, state: &AppState) -> impl Future<Output = Result<Option<EventPiece>, StoreError>> + Send;

    /// How soon to look again although no one says that there is something new; none: there is nothing left to send.
    fn poll_interval(&self) -> Option<Duration> {
        None
    }
}

/// A piece of HTML, and where to go on from after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventPiece {
    pub(super) html: String,
    pub(super) cursor: String,
}

/// Begins to answer. Anyone who opens too many pages is told so, and asks again; what is no page gets 429.
pub(super) fn answer<S: EventSource>(
    request: &PageRequest,
    signed_in: &SignedIn,
    source: S,
) -> Result<Response, PageError> {
    let session = session_store::name_at_rest(&request.session).ok_or(Error::SignedOut)?;
    let me = &signed_in.me;
    let (seat, news) = match request.state.live().subscribe(&request.state.store, &me.team.id, &me.member_id, &session)
    {
        Ok(place) => place,
        Err(why) if request.follows => return Ok(not_now(&explain(why))),
        Err(why) => return Ok((StatusCode::TOO_MANY_REQUESTS, explain(why)).into_response()),
    };
    let (sender, body) = Channel::<Bytes, Infallible>::new(1);
    let (connected, gone) = oneshot::channel();
    let seat = Place(Arc::new(Mutex::new(Some(seat))));
    let follower =
        Follower { request: request.clone(), signed_in: signed_in.clone(), section: S::SECTION, news, reader: sender };
    let left = seat.clone();
    tokio::spawn(async move {
        // Anyone who falls asleep gives the place free, although the body is still there.
        let _left = left;
        tokio::select! {
            () = follower.run(source) => {}
            _ = gone => {}
        }
    });
    // Dropped with the body: anyone who hangs up gives the place free at once, and not with the next sign of life.
    let body = body.map_frame(move |frame| {
        let _: (&oneshot::Sender<Infallible>, &Place) = (&connected, &seat);
        frame
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // What nginx needs to be told.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// The place of an open page, given free by whichever half of its answer ends first.
#[derive(Clone)]
struct Place(Arc<Mutex<Option<Subscription>>>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

struct Follower {
    request: PageRequest,
    signed_in: SignedIn,
    section: Section,
    news: LiveEvent,
    reader: Sender<Bytes, Infallible>,
}

impl Follower {
    async fn run(mut self, mut source: impl EventSource) {
        if !self.send([RETRY, BEGIN].concat()).await {
            return;
        }
        let mut beat = Instant::now() + BEAT;
        loop {
            match source.next(&self.request.state).await {
                // Asked after what is sent was read: who lost the role before that does not get it.
                Ok(Some(piece)) if !self.may_read().await || !self.send(written(&piece)).await => return,
                Ok(_) => {}
                Err(error) => return tracing::debug!(%error, "an open page is no longer told what is new"),
            }
            let poll_at = source.poll_interval().map(|wait| Instant::now() + wait);
            loop {
                let next = poll_at.map_or(beat, |poll_at| poll_at.min(beat));
                match tokio::time::timeout_at(next, self.news.next()).await {
                    Ok(true) => break,
                    Ok(false) => return,
                    Err(_) if Instant::now() < beat => break,
                    Err(_) => {
                        beat = Instant::now() + BEAT;
                        // A comment: browsers take no notice of it, but anyone who stands between sees that this is alive.
                        if !self.may_read().await || !self.send(":\n\n".to_owned()).await {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Is anyone who asked still signed in, in a role that opens the page?
    async fn may_read(&self) -> bool {
        let me = &self.signed_in.me.member_id;
        let now = session_store::sign_ins_now(&self.request.state, &self.request.session).await.unwrap_or_default();
        now.iter().any(|sign_in| sign_in.member_id == *me && self.section.is_open_to(sign_in.roles.highest()))
    }

    /// Did the reader take it?
    async fn send(&mut self, text: String) -> bool {
        matches!(timeout(PATIENCE, self.reader.send_data(text.into())).await, Ok(Ok(())))
    }
}

/// The piece as an event. A line break in the HTML is one for the browser again; a lone carriage return would be one too.
fn written(piece: &EventPiece) -> String {
    let html = piece.html.replace('\r', "&#13;");
    let mut event = format!("id: {}\n", piece.cursor);
    for line in html.split('\n') {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.push('\n');
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_stays_one_event() {
        let piece = EventPiece { html: "<pre>{\n  1\r\n}</pre>\n\nid: 7".into(), cursor: "c".into() };
        let event = written(&piece);
        assert_eq!(event, "id: c\ndata: <pre>{\ndata:   1&#13;\ndata: }</pre>\ndata: \ndata: id: 7\n\n");
    }

    #[test]
    fn addresses() {
        assert!(is_event_stream("/teams/acme/settings/activity/events?after=1") && is_event_stream("/events"));
        assert!(
            !is_event_stream("/teams/acme/settings/activity")
                && !is_event_stream("/teams/events/settings")
                && !is_event_stream("/?a=/events")
        );
    }
}
