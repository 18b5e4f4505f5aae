//! Tolerated spellings of URLs: `/scim/v2//Users/` is `/scim/v2/Users`, because providers join base URLs and paths carelessly.

use axum::{
    extract::Request,
    http::uri::{PathAndQuery, Uri},
};

/// Removes repeated and trailing slashes from the path. The query stays.
pub(super) fn normalize(mut request: Request) -> Request {
    if let Some(uri) = normalized(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// `None`: the path is normalized already.
fn normalized(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if path == "/" || !path.contains("//") && !path.ends_with('/') {
        return None;
    }
    let mut text = String::with_capacity(uri.path_and_query().map_or(0, |all| all.as_str().len()));
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        text.push('/');
        text.push_str(segment);
    }
    if text.is_empty() {
        text.push('/');
    }
    if let Some(query) = uri.query() {
        text.push('?');
        text.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_and_trailing_slashes_are_removed() {
        for (path, expected) in [
            ("/", None),
            ("//", Some("/")),
            ("/Users", None),
            ("/Users?filter=a//b/", None),
            ("/Users/", Some("/Users")),
            ("//Users", Some("/Users")),
            ("///Users//42//?aadOptscim062020&x=//", Some("/Users/42?aadOptscim062020&x=//")),
            ("/Users/%2F/", Some("/Users/%2F")),
        ] {
            let normalized = normalized(&path.parse().unwrap()).map(|uri| uri.to_string());
            assert_eq!(normalized.as_deref(), expected, "{path}");
        }
    }
}
