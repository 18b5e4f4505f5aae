//! Requests of identity providers to the SCIM API of this process, at the times of the calendar. They pass all layers that
//! requests from the network pass, so the request log contains real requests and responses.

use super::super::CliError;
use crate::{config::Config, last_used, request_log, scim_api, secrets::PlainKey, state::AppState};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderValue, Method, Request, header},
};
use serde_json::Value;
use std::{net::SocketAddr, path::PathBuf};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// The longest response that is read: a page of 200 members.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// Upper bound of the requests that wait to be written. With more, the recorder drops the responses to reads.
const WAITING: usize = 64;

pub(super) struct Api {
    state: AppState,
    router: Router,
    /// The count of requests that are not written yet.
    waiting: usize,
}

/// A client of the API.
#[derive(Clone)]
pub(super) struct ProviderClient {
    authorization: HeaderValue,
    address: SocketAddr,
    user_agent: &'static str,
}

pub(super) struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
    expected: u16,
}

/// The settings of the API. A demo has no rate limit.
pub(super) fn config(public_url: &str) -> Config {
    Config {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        admin_addr: None,
        public_url: public_url.to_owned(),
        site_root: PathBuf::new(),
        contact: None,
        scim_rate: 0,
        scim_burst: 0,
        trusted_proxies: Vec::new(),
        private_networks: Vec::new(),
        activity_days: 90,
        request_days: 30,
    }
}

impl ProviderClient {
    pub(super) fn new(key: &PlainKey, address: [u8; 4], user_agent: &'static str) -> Result<Self, CliError> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose()))
            .map_err(|_| CliError::new("a key is no value of a header"))?;
        authorization.set_sensitive(true);
        Ok(Self { authorization, address: (address, 443).into(), user_agent })
    }

    /// The same client, with another key.
    pub(super) fn with_key(&self, key: &PlainKey) -> Result<Self, CliError> {
        Self::new(key, [0; 4], self.user_agent).map(|other| Self { address: self.address, ..other })
    }
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, expected: 200 }
    }

    pub(super) fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body: Some(body), expected: 201 }
    }

    /// A PATCH of a User returns the User. A PATCH of a group has no body.
    pub(super) fn patch(path: String, body: Value) -> Self {
        let expected = if path.starts_with("/Groups/") { 204 } else { 200 };
        Self { method: Method::PATCH, path, body: Some(body), expected }
    }

    pub(super) fn expecting(self, expected: u16) -> Self {
        Self { expected, ..self }
    }

    fn request(self, client: &ProviderClient) -> Result<Request<Body>, CliError> {
        let request = Request::builder()
            .method(self.method)
            .uri(["/scim/v2", &self.path].concat())
            .header(header::AUTHORIZATION, client.authorization.clone())
            .header(header::USER_AGENT, client.user_agent)
            .header(header::CONTENT_TYPE, "application/scim+json")
            .extension(ConnectInfo(client.address));
        let body = self.body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        request.body(body).map_err(|error| CliError::new(error.to_string()))
    }
}

impl Api {
    pub(super) fn new(state: &AppState) -> Self {
        let router = Router::new().nest_service("/scim/v2", scim_api::routes(state.clone()));
        Self { state: state.clone(), router, waiting: 0 }
    }

    /// Sends requests at the same time. Returns the responses in the same order.
    pub(super) async fn send(&mut self, client: &ProviderClient, calls: Vec<Call>) -> Result<Vec<Value>, CliError> {
        self.waiting += calls.len();
        let mut tasks = JoinSet::new();
        for (at, call) in calls.into_iter().enumerate() {
            let target = format!("{} {}", call.method, call.path);
            let expected = call.expected;
            let (router, request) = (self.router.clone(), call.request(client)?);
            tasks.spawn(async move { (at, answer(router, request, expected, &target).await) });
        }
        let mut answers = tasks.join_all().await;
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// Whether as many requests wait as may wait.
    pub(super) const fn is_full(&self) -> bool {
        self.waiting >= WAITING
    }

    /// Writes the sent requests and the last uses of keys.
    pub(super) async fn flush(&mut self) {
        request_log::flush(&self.state.recorder, &self.state.store).await;
        last_used::flush(&self.state.last_used, &self.state.store, &self.state.clock).await;
        self.waiting = 0;
    }

    /// Drops the requests since the last write.
    pub(super) fn forget(&mut self) {
        self.state.recorder.clear();
        self.waiting = 0;
    }
}

async fn answer(router: Router, request: Request<Body>, expected: u16, target: &str) -> Result<Value, CliError> {
    let failed = |reason: String| CliError::new(format!("{target}: {reason}"));
    let Ok(response) = router.oneshot(request).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), MAX_ANSWER).await.map_err(|error| failed(error.to_string()))?;
    if status.as_u16() != expected {
        return Err(failed(format!("{status}, {}", String::from_utf8_lossy(&body))));
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&body).map_err(|error| failed(error.to_string()))
}
