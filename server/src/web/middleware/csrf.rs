//! Protection against changes on behalf of other sites: `Sec-Fetch-Site`, else the exact `Origin`, for every method except GET,
//! HEAD and OPTIONS. The SCIM API does not need it, because it never reads cookies.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// The layer. A public URL that is not an origin is ignored. Then `Origin` is only compared with `Host`.
pub(in crate::web) fn layer(public_url: &str) -> CsrfLayer<fn(ProtectionError) -> Response<Body>> {
    let own = CsrfLayer::new().add_trusted_origin(origin(public_url)).unwrap_or_else(|error| {
        tracing::warn!(%error, "the public URL isn't an origin");
        CsrfLayer::new()
    });
    own.with_rejection_response(refuse)
}

/// An outer layer writes the body, in the kind that the request accepts.
fn refuse(_: ProtectionError) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// The URL as a browser writes it in `Origin`: no path, lower case, no default port.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_written_as_browsers_write_it() {
        for (url, written) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://Rollcall.Example.com:443/", "https://rollcall.example.com"),
            ("HTTP://127.0.0.1:80/x?y", "http://127.0.0.1"),
            ("https://rollcall.example.com:8443", "https://rollcall.example.com:8443"),
        ] {
            assert_eq!(origin(url), written);
        }
    }
}
