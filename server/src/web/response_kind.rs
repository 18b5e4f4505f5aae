//! The kind of response that a request accepts. Errors are written in that kind too.

use axum::http::{HeaderMap, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseKind {
    /// HTML, for a person.
    Page,
    /// JSON, for the scripts of a page.
    Json,
    /// SCIM JSON (RFC 7644, section 8.1), for an identity provider.
    Scim,
}

impl ResponseKind {
    /// Everything under `/scim/v2` is SCIM. For other paths, `Accept` decides, and then the path.
    pub(super) fn of(path: &str, headers: &HeaderMap) -> Self {
        if is_under(path, "/scim/v2") {
            return ResponseKind::Scim;
        }
        let json = is_under(path, "/api") || accepts(headers, "application/json");
        if json && !accepts(headers, "text/html") { ResponseKind::Json } else { ResponseKind::Page }
    }
}

/// Whether `Accept` contains this type. Browsers send `text/html` for documents and forms, and never for `fetch`.
pub(super) fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| {
        range.split(';').next().is_some_and(|media_range| media_range.trim().eq_ignore_ascii_case(media_type))
    })
}

/// How the addresses of event streams end.
pub(super) const EVENT_STREAM: &str = "/events";

/// Is the response to this address a stream of server-sent events?
pub(super) fn is_event_stream(page_path: &str) -> bool {
    page_path.split('?').next().is_some_and(|path| path.ends_with(EVENT_STREAM))
}

/// Does the client read server-sent events? Then a refusal is an event too, because scripts see no other response than 200.
pub(super) fn accepts_events(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Is the path is this one, or below it.
pub(super) fn is_under(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_response_has_the_kind_that_the_request_accepts() {
        let browser = Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        for (path, accept, kind) in [
            ("/teams/acme", browser, ResponseKind::Page),
            ("/teams/acme", None, ResponseKind::Page),
            ("/api/scim/turn-on", browser, ResponseKind::Page),
            ("/api/scim/turn-on", Some("application/json"), ResponseKind::Json),
            ("/api/scim/turn-on", None, ResponseKind::Json),
            ("/teams/acme/settings/authentication/keys/roll", Some("application/json"), ResponseKind::Json),
            ("/scim/v2/Users", browser, ResponseKind::Scim),
            ("/scim/v2", None, ResponseKind::Scim),
            ("/scim/v22", None, ResponseKind::Page),
            ("/apis", None, ResponseKind::Page),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(ResponseKind::of(path, &headers), kind, "{path} {accept:?}");
        }
    }

    #[test]
    fn event_streams_are_known_by_their_address() {
        assert!(is_event_stream("/teams/acme/settings/activity/events?after=1") && is_event_stream("/events"));
        assert!(
            !is_event_stream("/teams/acme/settings/activity")
                && !is_event_stream("/teams/events/settings")
                && !is_event_stream("/?a=/events")
        );
    }
}
