//! Server-sent events (HTML Living Standard, section 9.2). Each event is a piece of HTML for an open page.
//!
//! A stream ends when its reader disconnects or stalls, when the session ends or the role no longer opens the page, and when
//! the server stops.

use crate::web::request::{PageError, PageRequest};
use crate::{
    auth::{SignedIn, session_store},
    live_updates::{A_PERSON, A_SESSION, A_TEAM, LiveEvent, SubscribeError, Subscription},
    state::AppState,
};
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

/// The interval of heartbeats and of checks of the session.
const BEAT: Duration = Duration::from_secs(5);
/// A reader that takes nothing for this long is disconnected.
const PATIENCE: Duration = Duration::from_secs(10);
/// The delay before a browser reconnects, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";
/// The delay before a page without a subscription retries, in milliseconds.
const LATER: u32 = 5_000;
/// The event that marks the start of live updates.
const BEGIN: &str = "event: on\ndata: on\n\n";
/// The end of the addresses of such streams.
pub(super) const END: &str = "/events";

/// Whether this is the address of such a stream.
pub(super) fn is_event_stream(page_path: &str) -> bool {
    page_path.split('?').next().is_some_and(|path| path.ends_with(END))
}

/// Whether the request is from a page that can show the reason if there are no live updates.
pub(super) fn accepts_event_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// The response to a page that gets no live updates now: the reason (HTML), and the delay of a retry. It has status 200,
/// because browsers hide the body of any other response from scripts.
fn not_now(reason: &str) -> Response {
    event_stream(format!("retry: {LATER}\nevent: notice\ndata: {reason}\n\n"))
}

/// The response that ends live updates: the reason, and a way out (HTML without line breaks).
pub(super) fn over(reason: &str) -> Response {
    event_stream(format!("event: over\ndata: {reason}\n\n"))
}

fn event_stream(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))], text).into_response()
}

/// The reason why a page gets no subscription, with advice.
fn explain(reason: SubscribeError) -> String {
    match reason {
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

/// The state that the page shows: the last event id of a browser that reconnects, else `after` in the address.
pub(super) fn last_seen(request: &PageRequest, headers: &HeaderMap) -> String {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    last.or_else(|| request.query_value("after")).unwrap_or_default()
}

/// A source of events for a page.
pub(super) trait EventSource: Send + 'static {
    /// The news since the last call.
    fn next(&mut self, state: &AppState) -> impl Future<Output = Result<Option<EventPiece>, StoreError>> + Send;

    /// The delay before the next check without a signal. `None`: there is nothing left to send.
    fn poll_interval(&self) -> Option<Duration> {
        None
    }
}

/// A piece of HTML, and the cursor after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventPiece {
    pub(super) html: String,
    pub(super) cursor: String,
}

/// Starts the stream. A page beyond the limit gets the reason and retries. Other clients get 429.
pub(super) fn answer(
    request: &PageRequest,
    signed_in: &SignedIn,
    source: impl EventSource,
) -> Result<Response, PageError> {
    let session = session_store::name_at_rest(&request.session).ok_or(Error::SignedOut)?;
    let me = &signed_in.me;
    let (seat, news) = match request.state.live().subscribe(&request.state.store, &me.team.id, &me.member_id, &session)
    {
        Ok(place) => place,
        Err(reason) if request.follows => return Ok(not_now(&explain(reason))),
        Err(reason) => return Ok((StatusCode::TOO_MANY_REQUESTS, explain(reason)).into_response()),
    };
    let (sender, body) = Channel::<Bytes, Infallible>::new(1);
    let (connected, disconnected) = oneshot::channel();
    let seat = Place(Arc::new(Mutex::new(Some(seat))));
    let follower = Follower { request: request.clone(), signed_in: signed_in.clone(), news, reader: sender };
    let task_seat = seat.clone();
    tokio::spawn(async move {
        // A stalled reader frees its slot although the body still exists.
        let _task_seat = task_seat;
        tokio::select! {
            () = follower.run(source) => {}
            _ = disconnected => {}
        }
    });
    // Dropped with the body, so that a disconnect frees the slot at once, and not with the next heartbeat.
    let body = body.map_frame(move |frame| {
        let _: (&oneshot::Sender<Infallible>, &Place) = (&connected, &seat);
        frame
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // nginx needs this header.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// The slot of an open page. The half of the stream that ends first frees it.
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
                // Checked after reading the news, so that a member who has lost the role does not get them.
                Ok(Some(piece)) if !self.may_read().await || !self.send(event_text(&piece)).await => return,
                Ok(_) => {}
                Err(error) => return tracing::debug!(%error, "the live updates of an open page ended"),
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
                        // A comment: browsers ignore it, but proxies see that the connection is alive.
                        if !self.may_read().await || !self.send(":\n\n".to_owned()).await {
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Whether the reader is still signed in, with a role that opens the page.
    async fn may_read(&self) -> bool {
        let me = &self.signed_in.me.member_id;
        let now = session_store::sign_ins_now(&self.request.state, &self.request.session).await.unwrap_or_default();
        now.iter().any(|sign_in| sign_in.member_id == *me && sign_in.roles.highest().manages_authentication())
    }

    /// Sends a text. `false`: the reader has gone or stalled.
    async fn send(&mut self, text: String) -> bool {
        matches!(timeout(PATIENCE, self.reader.send_data(text.into())).await, Ok(Ok(())))
    }
}

/// The piece as an event. Browsers restore line breaks of the HTML. A lone carriage return would become one too.
fn event_text(piece: &EventPiece) -> String {
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
        let event = event_text(&piece);
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
