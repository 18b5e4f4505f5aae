//! The record of one request, from its arrival to its answer.

use super::{
    Recorder, RequestNotes, operation,
    queue::{CaptureLevel, Sampled},
};
use crate::{
    caller::Caller,
    config::Config,
    ids,
    request_id::RequestId,
    request_log::{
        BodyHead,
        captured::{BodySnippet, CapturedRequest, MAX_BODY, MAX_READ_RESPONSE, StoredBody, is_plain_read},
    },
};
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{OriginalUri, Request},
    http::{HeaderValue, Method, Uri, header},
    response::Response,
};
use domain::UnixMs;
use http_body_util::BodyExt as _;
use std::{sync::Arc, time::Instant};

/// A request until its response. If it is dropped before (the client disconnected, or a timeout), it is recorded without a
/// response, because it may have changed something.
#[derive(Debug)]
pub(crate) struct Record {
    id: Arc<str>,
    /// `None`: the request belongs to no known key, so no team has it in its log.
    caller: Option<Caller>,
    /// `None`: recording is off, or the request was recorded already.
    pending: Option<PendingRecord>,
}

#[derive(Debug)]
struct PendingRecord {
    recorder: Recorder,
    at: UnixMs,
    began: Instant,
    sampled: Option<Sampled>,
    detail: Option<&'static str>,
    user_agent: Option<HeaderValue>,
    method: Method,
    uri: Uri,
    route: Uri,
    request: Bytes,
}

impl Record {
    /// Opens the record of a new request.
    pub(crate) fn open(recorder: &Recorder, config: &Config, request: &Request, now: UnixMs) -> Self {
        let request_id = request.extensions().get::<RequestId>();
        let id = request_id.map_or_else(|| ids::next(now), |id| id.record().to_owned()).into();
        if config.request_days == 0 {
            return Self { id, caller: None, pending: None };
        }
        let route = request.uri();
        let pending = PendingRecord {
            recorder: recorder.clone(),
            at: now,
            began: Instant::now(),
            sampled: None,
            detail: None,
            user_agent: request.headers().get(header::USER_AGENT).cloned(),
            method: request.method().clone(),
            uri: request.extensions().get::<OriginalUri>().map_or(route, |OriginalUri(uri)| uri).clone(),
            route: route.clone(),
            request: Bytes::new(),
        };
        Self { id, caller: None, pending: Some(pending) }
    }

    /// The id for entries of the activity log.
    pub(crate) fn id(&self) -> Arc<str> {
        Arc::clone(&self.id)
    }

    /// Sets the key, also one that was rejected.
    pub(crate) fn set_caller(&mut self, caller: &Caller) {
        self.caller = Some(caller.clone());
    }

    /// Marks the key as unusable. `detail`: the reason, if the response does not contain it.
    pub(crate) fn set_refused(&mut self, detail: Option<&'static str>) {
        if let Some(pending) = &mut self.pending {
            pending.sampled = Some(Sampled::Refused);
            pending.detail = detail;
        }
    }

    /// Marks the request as beyond the rate limit.
    pub(crate) fn set_throttled(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.sampled = Some(Sampled::Throttled);
        }
    }

    pub(crate) fn set_body(&mut self, body: &Bytes) {
        if let Some(pending) = &mut self.pending {
            pending.request = body.clone();
        }
    }

    /// Closes the record with the response, and returns the response. The caller's team is in its extensions.
    pub(crate) async fn close(mut self, mut response: Response) -> Response {
        let notes = response.extensions_mut().remove::<RequestNotes>().unwrap_or_default();
        let Some(caller) = self.caller.take() else { return response };
        response.extensions_mut().insert(Arc::clone(&caller.team));
        let Some(pending) = self.pending.take() else { return response };
        let status = response.status().as_u16();
        let Some(capture_level) = pending.capture_level(&caller, status, &notes) else { return response };
        let head = response.extensions_mut().remove::<BodyHead>();
        let (response, sent) = match (capture_level, head) {
            (CaptureLevel::Whole, Some(head)) => (response, head),
            (CaptureLevel::Whole, None) => read(response).await,
            (CaptureLevel::WithoutResponse | CaptureLevel::WithoutBodies, _) => (response, BodyHead::default()),
        };
        pending.record(self.id(), caller, capture_level, status, notes, &sent);
        response
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if let (Some(pending), Some(caller)) = (self.pending.take(), self.caller.take())
            && let Some(capture_level) = pending.capture_level(&caller, 0, &RequestNotes::default())
        {
            pending.record(self.id(), caller, capture_level, 0, RequestNotes::default(), &BodyHead::default());
        }
    }
}

impl PendingRecord {
    /// How much of the request is recorded. `None`: nothing.
    fn capture_level(&self, caller: &Caller, status: u16, notes: &RequestNotes) -> Option<CaptureLevel> {
        if self.sampled.is_some_and(|sampled| !self.recorder.should_sample(sampled, &caller.key_id, self.at)) {
            return None;
        }
        let operation = notes.operation.unwrap_or_else(|| operation::of(&self.method, self.route.path()).0);
        self.recorder.capture_level(is_plain_read(operation, status, notes.changed), self.at)
    }

    fn record(
        self,
        id: Arc<str>,
        caller: Caller,
        capture_level: CaptureLevel,
        status: u16,
        notes: RequestNotes,
        response: &BodyHead,
    ) {
        let operation = notes.operation.unwrap_or_else(|| operation::of(&self.method, self.route.path()).0);
        let max_response = if is_plain_read(operation, status, notes.changed) { MAX_READ_RESPONSE } else { MAX_BODY };
        let request = match capture_level {
            CaptureLevel::WithoutBodies => StoredBody::size_only(&self.request),
            CaptureLevel::Whole | CaptureLevel::WithoutResponse => StoredBody::of(&self.request, MAX_BODY),
        };
        self.recorder.add(CapturedRequest {
            id,
            caller,
            at: self.at,
            user_agent: self.user_agent.as_ref().and_then(BodySnippet::header),
            method: self.method,
            uri: BodySnippet::uri(&self.uri),
            route: BodySnippet::uri(&self.route),
            operation,
            status,
            micros: u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX),
            detail: self.detail,
            notes,
            request,
            response: StoredBody { total_bytes: response.total_bytes, ..StoredBody::of(&response.first, max_response) },
        });
    }
}

/// Reads a response of known size, which is in memory already. Other responses are not read.
async fn read(response: Response) -> (Response, BodyHead) {
    if response.body().size_hint().exact().is_none() {
        return (response, BodyHead::default());
    }
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let head = BodyHead { total_bytes: body.len(), first: body.clone() };
    (Response::from_parts(parts, Body::from(body)), head)
}
