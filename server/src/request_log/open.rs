//! The record of one request, from its arrival to its answer.

use super::{
    RecordId, Recorder, RequestNotes, RequestSource, operation,
    queue::{CaptureLevel, Sampled},
};
use crate::{
    client_address,
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
use std::{net::IpAddr, time::Instant};

/// A request until its response. If it is dropped before (the client disconnected, or a timeout), it is recorded without a
/// response, because it may have changed something.
#[derive(Debug)]
pub(crate) struct Record {
    id: RecordId,
    /// `None`: recording is off, or the request was recorded already.
    pending: Option<PendingRecord>,
}

#[derive(Debug)]
struct PendingRecord {
    recorder: Recorder,
    id: RecordId,
    at: UnixMs,
    began: Instant,
    /// `None`: the request belongs to no known key, so no team has it in its log.
    source: Option<RequestSource>,
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
    /// Opens the record of a new request.
    pub(crate) fn open(recorder: &Recorder, config: &Config, request: &Request, now: UnixMs) -> Self {
        let request_id = request.extensions().get::<RequestId>();
        let id = RecordId(request_id.map_or_else(|| ids::next(now), |id| id.record().to_owned()).into());
        if config.request_days == 0 {
            return Self { id, pending: None };
        }
        let (headers, extensions, route) = (request.headers(), request.extensions(), request.uri());
        let pending = PendingRecord {
            recorder: recorder.clone(),
            id: id.clone(),
            at: now,
            began: Instant::now(),
            source: None,
            sampled: None,
            detail: None,
            address: client_address::of(headers, extensions, &config.trusted_proxies),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            method: request.method().clone(),
            uri: extensions.get::<OriginalUri>().map_or(route, |OriginalUri(uri)| uri).clone(),
            route: route.clone(),
            request: Bytes::new(),
        };
        Self { id, pending: Some(pending) }
    }

    /// The id for entries of the activity log.
    pub(crate) fn id(&self) -> &RecordId {
        &self.id
    }

    /// Sets the key, also one that was rejected.
    pub(crate) fn set_source(&mut self, source: RequestSource) {
        if let Some(pending) = &mut self.pending {
            pending.source = Some(source);
        }
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

    /// Closes the record with the response, and returns the response.
    pub(crate) async fn close(mut self, mut response: Response) -> Response {
        let notes = response.extensions_mut().remove::<RequestNotes>().unwrap_or_default();
        let Some(mut pending) = self.pending.take() else { return response };
        let status = response.status().as_u16();
        let Some((capture_level, source)) = pending.capture_level(status, &notes) else { return response };
        let head = response.extensions_mut().remove::<BodyHead>();
        let (response, sent) = match (capture_level, head) {
            (CaptureLevel::Whole, Some(head)) => (response, head),
            (CaptureLevel::Whole, None) => read(response).await,
            (CaptureLevel::WithoutResponse | CaptureLevel::WithoutBodies, _) => (response, BodyHead::default()),
        };
        pending.record(source, capture_level, status, notes, &sent);
        response
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if let Some(mut pending) = self.pending.take()
            && let Some((capture_level, source)) = pending.capture_level(0, &RequestNotes::default())
        {
            pending.record(source, capture_level, 0, RequestNotes::default(), &BodyHead::default());
        }
    }
}

impl PendingRecord {
    /// How much of the request is recorded. `None`: nothing.
    fn capture_level(&mut self, status: u16, notes: &RequestNotes) -> Option<(CaptureLevel, RequestSource)> {
        let source = self.source.take()?;
        if self.sampled.is_some_and(|sampled| !self.recorder.should_sample(sampled, &source.key, self.at)) {
            return None;
        }
        let operation = notes.operation.unwrap_or_else(|| operation::of(&self.method, self.route.path()).0);
        let capture_level = self.recorder.capture_level(is_plain_read(operation, status, notes.changed), self.at)?;
        Some((capture_level, source))
    }

    fn record(
        self,
        source: RequestSource,
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
            id: self.id,
            source,
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
