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

/// The longest that a request may take. Database statements and locks end earlier by themselves.
const TIME_LIMIT: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(30) };

/// When a client that was refused a connection may try again, in seconds.
const BUSY_S: &str = "5";

pub(in crate::web) async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // The address of an invite is its secret: no page is told where someone came from.
    let is_secret = secret_path::is_secret(request.uri().path());
    let id = RequestId::new(state.clock.now());
    let seen = trace::TracedRequest::of(&request);
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
        // RFC 9110, section 10.2.3: anyone who is turned away is told when it is worth trying again.
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("5"));
        }
        if let Some(value) = id.header() {
            answer.headers_mut().insert("x-request-id", value);
        }
        seen.log(route.as_ref(), &answer);
        answer
    };
    answer.instrument(span).await
}

/// On a reserved connection, only health checks and signing in are answered.
fn may_run(request: &Request) -> bool {
    let path = request.uri().path();
    let is_sign_in = || path == "/sign-in" || (path.starts_with("/teams/") && path.ends_with("/sign-in"));
    request.extensions().get::<Reserved>().is_none() || matches!(path, "/healthz" | "/readyz") || is_sign_in()
}

/// The answer to everything else.
fn busy() -> Response {
    let mut answer = error_pages::answer(AppError::Busy);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(BUSY_S));
    answer.extensions_mut().insert(Reserved);
    answer
}

/// The path and query of this page, to come back to.
pub(in crate::web) fn page_path(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}
