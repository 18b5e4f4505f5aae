//! The outermost layer of every request: an id, a time limit, an error body, the headers, and one line in the log.

use super::{headers, secret_path, trace};
use crate::web::{appearance, content_policy::ContentPolicy, error_pages, response_kind::ResponseKind};
use crate::{connections::Reserved, request_id::RequestId, state::AppState};
use app::error::AppError;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use domain::Error;
use std::time::Duration;
use tracing::Instrument as _;

/// Upper bound of a request's time. Database statements and locks have shorter limits of their own.
const TIME_LIMIT: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(30) };

/// When a client whose connection was rejected may retry, in seconds.
const BUSY_S: &str = "5";

pub(in crate::web) async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // The address of an invite is a secret, so no page may get it as its referrer.
    let is_secret = secret_path::is_secret(request.uri().path());
    let id = RequestId::new(state.clock.now());
    let traced = trace::TracedRequest::of(&request);
    let context = error_pages::ErrorContext {
        kind: ResponseKind::of(request.uri().path(), request.headers()),
        page_path: if request.method().is_safe() { page_path(request.uri()) } else { "/".to_owned() },
        theme: appearance::theme(request.headers()),
    };
    let span = tracing::info_span!("request", id = id.as_str());
    request.extensions_mut().insert(id.clone());
    let route = request.extensions().get::<MatchedPath>().cloned();

    let answer = async {
        let answer = if may_run(&request) {
            let answer = tokio::time::timeout(TIME_LIMIT, next.run(request)).await;
            answer.unwrap_or_else(|_| error_pages::answer(AppError::Domain(Error::Unavailable)))
        } else {
            busy()
        };
        let mut answer = error_pages::write_body(answer, context, &state);
        let content = answer.extensions().get::<ContentPolicy>().cloned();
        headers::set(answer.headers_mut(), content.as_ref(), &state.config);
        if is_secret {
            answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        // RFC 9110, section 10.2.3: a rejected client learns when to retry.
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("5"));
        }
        if let Some(value) = id.header() {
            answer.headers_mut().insert("x-request-id", value);
        }
        traced.log(route.as_ref(), &answer);
        answer
    };
    answer.instrument(span).await
}

/// Whether the request may run on a reserved connection: only health checks and sign-ins may.
fn may_run(request: &Request) -> bool {
    let path = request.uri().path();
    let is_sign_in = || path == "/sign-in" || (path.starts_with("/teams/") && path.ends_with("/sign-in"));
    request.extensions().get::<Reserved>().is_none() || matches!(path, "/healthz" | "/readyz") || is_sign_in()
}

/// The response to all other requests.
fn busy() -> Response {
    let mut answer = error_pages::answer(AppError::Busy);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(BUSY_S));
    answer.extensions_mut().insert(Reserved);
    answer
}

/// The path and query of this page, for the way back.
pub(in crate::web) fn page_path(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}
