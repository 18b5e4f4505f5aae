//! Tolerated spellings of URLs: `/scim/v2//Users/` is `/scim/v2/Users`. Providers join base URLs and paths carelessly.

use axum::{
    extract::Request,
    http::uri::{PathAndQuery, Uri},
};

/// Takes repeated and trailing slashes out of the path; the query stays.
pub(super) fn tidy(mut request: Request) -> Request {
    if let Some(uri) = tidied(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// `None`: there is nothing to do.
fn tidied(uri: &Uri) -> Option<Uri> {
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
    fn table() {
        for (sent, wanted) in [
            ("/", None),
            ("//", Some("/")),
            ("/Users", None),
            ("/Users?filter=a//b/", None),
            ("/Users/", Some("/Users")),
            ("//Users", Some("/Users")),
            ("///Users//42//?aadOptscim062020&x=//", Some("/Users/42?aadOptscim062020&x=//")),
            ("/Users/%2F/", Some("/Users/%2F")),
        ] {
            let tidied = tidied(&sent.parse().unwrap()).map(|uri| uri.to_string());
            assert_eq!(tidied.as_deref(), wanted, "{sent}");
        }
    }
}
