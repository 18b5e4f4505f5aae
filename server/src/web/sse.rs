//! Responses that stay open: server-sent events (HTML Living Standard, section 9.2), each a piece of HTML for an open page.
//!
//! A response ends when its client hangs up, when the session ends, when the role no longer opens the page, and when the server
//! stops. A client that reads nothing is disconnected by the write timeout of its connection.

use crate::web::request::{PageError, PageRequest};
use crate::{
    auth::{SignedIn, session_store},
    live_updates::{A_PERSON, A_SESSION, A_TEAM, LiveEvent, SubscribeError, Subscription},
    state::AppState,
};
use app::pages::Section;
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use domain::Error;
use futures_util::stream::{self, Stream, StreamExt as _};
use std::{convert::Infallible, future::ready, time::Duration};
use store::StoreError;
use tokio::time::{Instant, timeout_at};

/// The time between two heartbeats. The session is checked before each.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How long a browser waits before it reconnects.
const RETRY: Duration = Duration::from_secs(2);
/// How long a page that could not subscribe waits before it tries again.
const RETRY_LATER: Duration = Duration::from_secs(5);
/// The response to a page that cannot subscribe now: the reason (HTML) and when to try again. Browsers hide the body of a response
/// from scripts if its status is not 200.
fn not_now(why: &str) -> Response {
    respond(stream::once(ready(Event::default().retry(RETRY_LATER).event("notice").data(why))))
}

/// The response to a page that gets no more updates: the reason and a way out (HTML).
pub(super) fn over(why: &str) -> Response {
    respond(stream::once(ready(Event::default().event("over").data(why))))
}

fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // nginx buffers responses otherwise.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Sse::new(events.map(Ok::<_, Infallible>))).into_response()
}

/// Why a page cannot subscribe, and what helps.
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

/// The cursor of what the page shows: the `Last-Event-ID` that a reconnecting browser sends, else `after` in the address.
pub(super) fn last_seen(request: &PageRequest, headers: &HeaderMap) -> String {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    last.or_else(|| request.query_value("after")).unwrap_or_default()
}

/// What a page is updated with.
pub(super) trait EventSource: Send + Sync + 'static {
    /// The section of the page. A reader whose role no longer opens it is disconnected.
    const SECTION: Section;

    /// What is new since the last call.
    fn next(&mut self, state: &AppState) -> impl Future<Output = Result<Option<EventPiece>, StoreError>> + Send;

    /// How soon to call `next` again without a signal. `None`: nothing is left to send.
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

impl EventPiece {
    /// A line feed in the HTML is one for the browser again. A carriage return would be one too.
    fn into_event(self) -> Event {
        Event::default().id(self.cursor).data(self.html.replace('\r', "&#13;"))
    }
}

/// Opens the response. A page that cannot subscribe shows the reason and tries again; any other client gets 429.
pub(super) fn answer<S: EventSource>(
    request: &PageRequest,
    signed_in: &SignedIn,
    source: S,
) -> Result<Response, PageError> {
    let session = session_store::name_at_rest(&request.session).ok_or(Error::SignedOut)?;
    let me = &signed_in.me;
    let subscribed = request.state.live().subscribe(&request.state.store, &me.team.id, &me.member_id, &session);
    let (subscription, updates) = match subscribed {
        Ok(subscribed) => subscribed,
        Err(why) if request.follows => return Ok(not_now(&explain(why))),
        Err(why) => return Ok((StatusCode::TOO_MANY_REQUESTS, explain(why)).into_response()),
    };
    let follower = Follower {
        request: request.clone(),
        signed_in: signed_in.clone(),
        updates,
        source,
        has_news: true,
        poll_at: None,
        heartbeat_at: Instant::now() + HEARTBEAT,
        _subscription: subscription,
    };
    let opened = stream::once(ready(Event::default().retry(RETRY).event("on").data("on")));
    let events = stream::unfold(follower, async |mut follower| follower.next().await.map(|event| (event, follower)));
    Ok(respond(opened.chain(events)))
}

/// An open page. The response owns it, so that the subscription ends with the response.
struct Follower<S> {
    request: PageRequest,
    signed_in: SignedIn,
    updates: LiveEvent,
    source: S,
    /// Whether the source is to be read.
    has_news: bool,
    /// When the source is to be read without a signal.
    poll_at: Option<Instant>,
    heartbeat_at: Instant,
    _subscription: Subscription,
}

impl<S: EventSource> Follower<S> {
    /// The next event. `None` ends the response.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if std::mem::take(&mut self.has_news) {
                let piece = self.source.next(&self.request.state).await;
                self.poll_at = self.source.poll_interval().map(|wait| Instant::now() + wait);
                match piece {
                    // Checked after the read, because the role may have ended before it.
                    Ok(Some(piece)) => return self.may_read().await.then(|| piece.into_event()),
                    Ok(None) => {}
                    Err(error) => {
                        tracing::debug!(%error, "an open page gets no more updates");
                        return None;
                    }
                }
            }
            let next = self.poll_at.map_or(self.heartbeat_at, |poll_at| poll_at.min(self.heartbeat_at));
            match timeout_at(next, self.updates.next()).await {
                Ok(true) => self.has_news = true,
                Ok(false) => return None,
                Err(_) if Instant::now() < self.heartbeat_at => self.has_news = true,
                Err(_) => {
                    self.heartbeat_at = Instant::now() + HEARTBEAT;
                    // Browsers ignore a comment; proxies see by it that the connection is alive.
                    return self.may_read().await.then(|| Event::default().comment(""));
                }
            }
        }
    }

    /// Whether the member is still signed in, in a role that opens the page.
    async fn may_read(&self) -> bool {
        let me = &self.signed_in.me.member_id;
        let now = session_store::sign_ins_now(&self.request.state, &self.request.session).await.unwrap_or_default();
        now.iter().any(|sign_in| sign_in.member_id == *me && S::SECTION.is_open_to(sign_in.roles.highest()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn html_stays_one_event() {
        let piece = EventPiece { html: "<pre>{\n  1\r\n}</pre>\n\nid: 7".into(), cursor: "c".into() };
        let body = respond(stream::once(ready(piece.into_event()))).into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "id: c\ndata: <pre>{\ndata:   1&#13;\ndata: }</pre>\ndata: \ndata: id: 7\n\n");
    }
}
