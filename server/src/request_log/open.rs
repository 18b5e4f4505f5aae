//! The record of one request, from its arrival to its answer.

use super::{
    RecordId, Recorder, RequestNotes, RequestSource, operation,
    queue::{CaptureLevel, Sampled},
};
use crate::request_log::captured::{BODY, BodySnippet, CapturedRequest, READ_ANSWER, StoredBody, is_plain_read};
use crate::{client_address, config::Config, ids, request_id::RequestId, request_log::BodyHead};
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{OriginalUri, Request},
    http::{HeaderValue, Method, Uri, header},
    response::Response,
};
use domain::UnixMs;
use http_body_util::BodyExt as _;
use std::{net::IpAddr, time::Instant};

/// What is known so far. Dropped before there is an answer (the client went away, or it took too long), it is recorded as
/// not answered: the request may have changed something all the same.
#[derive(Debug)]
pub(crate) struct Record {
    id: RecordId,
    /// `None`: nothing is recorded, or it was recorded already.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    recorder: Recorder,
    id: RecordId,
    at: UnixMs,
    began: Instant,
    /// `None`: nobody knows whose request it is, and no team gets to see it.
    caller: Option<RequestSource>,
    sampled: Option<Sampled>,
    detail: Option<&'static str>,
    address: Option<IpAddr>,
    user_agent: Option<HeaderValue>,
    method: Method,
    uri: Uri,
    route: Uri,
    request: Bytes,
}

impl Record {
    /// Opens the record of a request that just came in.
    pub(crate) fn open(recorder: &Recorder, config: &Config, request: &Request, now: UnixMs) -> Self {
        let named = request.extensions().get::<RequestId>();
        let id = RecordId(named.map_or_else(|| ids::next(now), |id| id.record().to_owned()).into());
        if config.request_days == 0 {
            return Self { id, open: None };
        }
        let (headers, extensions, route) = (request.headers(), request.extensions(), request.uri());
        let open = Open {
            recorder: recorder.clone(),
            id: id.clone(),
            at: now,
            began: Instant::now(),
            caller: None,
            sampled: None,
            detail: None,
            address: client_address::of(headers, extensions, &config.trusted_proxies),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            method: request.method().clone(),
            uri: extensions.get::<OriginalUri>().map_or(route, |OriginalUri(uri)| uri).clone(),
            route: route.clone(),
            request: Bytes::new(),
        };
        Self { id, open: Some(open) }
    }

    /// The id that entries of the log refer to.
    pub(crate) fn id(&self) -> &RecordId {
        &self.id
    }

    /// Whose key it is, also when it is refused.
    pub(crate) fn set_source(&mut self, caller: RequestSource) {
        if let Some(open) = &mut self.open {
            open.caller = Some(caller);
        }
    }

    /// The key opens nothing; `detail`: why, where the answer does not say it.
    pub(crate) fn set_refused(&mut self, detail: Option<&'static str>) {
        if let Some(open) = &mut self.open {
            open.sampled = Some(Sampled::Refused);
            open.detail = detail;
        }
    }

    /// The key makes too many requests.
    pub(crate) fn set_throttled(&mut self) {
        if let Some(open) = &mut self.open {
            open.sampled = Some(Sampled::Throttled);
        }
    }

    /// What was sent.
    pub(crate) fn set_body(&mut self, body: &Bytes) {
        if let Some(open) = &mut self.open {
            open.request = body.clone();
        }
    }

    /// Closes the record with the answer, which goes on unchanged.
    pub(crate) async fn close(mut self, mut answer: Response) -> Response {
        let recorded = answer.extensions_mut().remove::<RequestNotes>().unwrap_or_default();
        let Some(mut open) = self.open.take() else { return answer };
        let status = answer.status().as_u16();
        let Some((room, caller)) = open.room(status, &recorded) else { return answer };
        let head = answer.extensions_mut().remove::<BodyHead>();
        let (answer, sent) = match (room, head) {
            (CaptureLevel::Whole, Some(head)) => (answer, head),
            (CaptureLevel::Whole, None) => read(answer).await,
            (CaptureLevel::WithoutAnswer | CaptureLevel::WithoutBodies, _) => (answer, BodyHead::default()),
        };
        open.record(caller, room, status, recorded, &sent);
        answer
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if let Some(mut open) = self.open.take()
            && let Some((room, caller)) = open.room(0, &RequestNotes::default())
        {
            open.record(caller, room, 0, RequestNotes::default(), &BodyHead::default());
        }
    }
}

impl Open {
    /// Is it recorded, and with how much of it?
    fn room(&mut self, status: u16, recorded: &RequestNotes) -> Option<(CaptureLevel, RequestSource)> {
        let caller = self.caller.take()?;
        if self.sampled.is_some_and(|sampled| !self.recorder.should_sample(sampled, &caller.key, self.at)) {
            return None;
        }
        let operation = recorded.operation.unwrap_or_else(|| operation::of(&self.method, self.route.path()).0);
        let room = self.recorder.room(is_plain_read(operation, status, recorded.changed), self.at)?;
        Some((room, caller))
    }

    fn record(self, caller: RequestSource, room: CaptureLevel, status: u16, recorded: RequestNotes, answer: &BodyHead) {
        let operation = recorded.operation.unwrap_or_else(|| operation::of(&self.method, self.route.path()).0);
        let longest = if is_plain_read(operation, status, recorded.changed) { READ_ANSWER } else { BODY };
        let request = match room {
            CaptureLevel::WithoutBodies => StoredBody::nothing_of(&self.request),
            CaptureLevel::Whole | CaptureLevel::WithoutAnswer => StoredBody::of(&self.request, BODY),
        };
        self.recorder.add(CapturedRequest {
            id: self.id,
            caller,
            at: self.at,
            address: self.address,
            user_agent: self.user_agent.as_ref().and_then(BodySnippet::header),
            method: self.method,
            uri: BodySnippet::uri(&self.uri),
            route: BodySnippet::uri(&self.route),
            operation,
            status,
            micros: u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX),
            detail: self.detail,
            recorded,
            request,
            answer: StoredBody { whole: answer.whole, ..StoredBody::of(&answer.first, longest) },
        });
    }
}

/// Reads an answer whose size is known, and so is in memory already; others are left alone.
async fn read(answer: Response) -> (Response, BodyHead) {
    if answer.body().size_hint().exact().is_none() {
        return (answer, BodyHead::default());
    }
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let head = BodyHead { whole: body.len(), first: body.clone() };
    (Response::from_parts(parts, Body::from(body)), head)
}
