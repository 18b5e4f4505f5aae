//! The built files: scripts, the style sheet, the icons.

use crate::config::Config;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{Next, from_fn},
    response::Response,
};
use tower_http::services::{ServeDir, ServeFile};

/// Files that browsers request by name.
const NAMED: [&str; 3] = ["/favicon.ico", "/favicon.svg", "/robots.txt"];

/// A file with a hash in its name never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// Without a hash (a development build), browsers check whether the file has changed.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// `/pkg/...`, compressed in the build, and the icons.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(config: &Config) -> Router<S> {
    let root = &config.site_root;
    let built =
        ServeDir::new(root.join("pkg")).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    let mut files = Router::new().nest_service("/pkg", built);
    for name in NAMED {
        let file = ServeFile::new(root.join(name.trim_start_matches('/'))).precompressed_br().precompressed_gzip();
        files = files.route_service(name, file);
    }
    files.layer(from_fn(keep))
}

async fn keep(request: Request, next: Next) -> Response {
    let value = cache_control_of(request.uri().path());
    let mut response = next.run(request).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

fn cache_control_of(path: &str) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.split('.').collect::<Vec<_>>().as_slice() {
        [_, hash, _] if hash.len() >= 8 => FOR_EVER,
        _ if NAMED.contains(&path) => FOR_A_DAY,
        _ => ASK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_hash_are_cached_permanently() {
        for (path, cache_control) in [
            ("/pkg/rollcall.5fz0Qx-2Lk9aBcDeFgHiJw.js", FOR_EVER),
            ("/pkg/rollcall.js", ASK),
            ("/pkg/rollcall.v1.js", ASK),
            ("/favicon.svg", FOR_A_DAY),
        ] {
            assert_eq!(cache_control_of(path), cache_control, "{path}");
        }
    }
}
