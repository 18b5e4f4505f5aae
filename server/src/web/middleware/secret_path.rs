//! Addresses that are secrets: everything below `/invite`. What comes after the choice of the route needs no address, so it
//! gets another one; layers that log what they were asked (at TRACE) then have nothing to tell.

use crate::web::response_kind::is_under;
use axum::{
    extract::{OriginalUri, Request},
    http::Uri,
    middleware::Next,
    response::Response,
};

/// Is it a secret?
pub(in crate::web) fn is_secret(path: &str) -> bool {
    is_under(path, "/invite")
}

/// Takes the secret out of the request. Handlers have what the route took from it.
pub(in crate::web) async fn hide(mut request: Request, next: Next) -> Response {
    if is_secret(request.uri().path()) {
        *request.uri_mut() = Uri::from_static("/invite");
        request.extensions_mut().insert(OriginalUri(Uri::from_static("/invite")));
    }
    next.run(request).await
}
