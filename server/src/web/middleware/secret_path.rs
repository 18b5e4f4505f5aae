//! Addresses that are secrets: everything below `/invite`. Layers after the routing need no address, so they get another one.
//! Layers that log requests (at TRACE) then have no secret to log.

use crate::web::response_kind::is_under;
use axum::{
    extract::{OriginalUri, Request},
    http::Uri,
    middleware::Next,
    response::Response,
};

/// Whether the path contains a secret.
pub(in crate::web) fn is_secret(path: &str) -> bool {
    is_under(path, "/invite")
}

/// Removes the secret from the request. Handlers have it as the route's parameter.
pub(in crate::web) async fn hide(mut request: Request, next: Next) -> Response {
    if is_secret(request.uri().path()) {
        *request.uri_mut() = Uri::from_static("/invite");
        request.extensions_mut().insert(OriginalUri(Uri::from_static("/invite")));
    }
    next.run(request).await
}
