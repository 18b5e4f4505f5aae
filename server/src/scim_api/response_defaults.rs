//! Defaults of every response: metrics, cache control and the response to a panic.

use crate::scim_api::error::ApiError;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

/// Counts the response and forbids caching, because it contains personal data. The endpoint's pattern stays in the extensions
/// for the outer log.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let endpoint = path.as_ref().map_or("other", MatchedPath::as_str).to_owned();
    // Clients can invent methods, so only the usual ones become labels.
    let method = match method.as_str() {
        usual @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE") => usual.to_owned(),
        _ => "other".to_owned(),
    };
    let status = response.status().as_str().to_owned();
    metrics::counter!("rollcall_scim_requests_total", "endpoint" => endpoint, "method" => method, "status" => status)
        .increment(1);
    if let Some(path) = path {
        response.extensions_mut().insert(path);
    }
    response
}

/// Answers a panic with a SCIM error. The panic hook logs it.
pub(super) fn panics() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| ApiError::internal().into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_panic_is_answered_in_scim_json() {
        async fn bug() {
            panic!("a bug with secrets in it");
        }
        let router: Router = Router::new().route("/", get(bug)).layer(panics()).layer(from_fn(answer));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/scim+json");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        insta::assert_snapshot!(
            String::from_utf8(body.to_vec()).unwrap(),
            @r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500","detail":"Internal server error. Details are in the server log"}"#
        );
    }
}
