//! One log line for every request: its route, its result and its duration. It never contains a query string, a cookie or a body.
//! Successful requests below `/scim/v2` are logged at debug, because Activity has them with their team and key.

use crate::connections::Reserved;
use axum::{
    extract::{MatchedPath, Request},
    http::{Method, StatusCode},
    response::Response,
};
use std::{sync::Arc, time::Instant};
use store::TeamRow;

const SCIM: &str = "/scim/v2";

/// Facts about a request at its arrival.
pub(in crate::web) struct TracedRequest {
    method: Method,
    team: Option<String>,
    is_scim: bool,
    since: Instant,
}

impl TracedRequest {
    pub(in crate::web) fn of(request: &Request) -> Self {
        let path = request.uri().path();
        Self { method: request.method().clone(), team: team(path), is_scim: is_scim(path), since: Instant::now() }
    }

    /// Writes the line. `route` is the pattern that matched, because paths themselves may contain anything. Below `/scim/v2`, the
    /// API reports its endpoint and the key.
    pub(in crate::web) fn log(&self, route: Option<&MatchedPath>, answer: &Response) {
        let endpoint = answer.extensions().get::<MatchedPath>().filter(|_| self.is_scim);
        let route = endpoint.or(route.filter(|_| !self.is_scim)).map(MatchedPath::as_str);
        let route = route.unwrap_or(if self.is_scim { SCIM } else { "-" });
        let key_team = answer.extensions().get::<Arc<TeamRow>>().map(|team| team.slug.as_str());
        let team = self.team.as_deref().or(key_team).unwrap_or("-");
        let (method, status) = (&self.method, answer.status());
        let ms = self.since.elapsed().as_micros() as f64 / 1000.0;
        let code = status.as_u16();
        metrics::counter!("rollcall_http_requests_total", "route" => route.to_owned(), "status" => code.to_string())
            .increment(1);
        metrics::histogram!("rollcall_http_request_seconds").record(ms / 1000.0);
        // A client that takes all connections must not fill the log. `connections` warns about it in intervals.
        let is_reserved = answer.extensions().get::<Reserved>().is_some();
        if is_probe(route) || is_reserved || (self.is_scim && code < 400) {
            tracing::debug!(%method, route, team, status = code, ms, "answered");
        } else if is_fault(status) {
            tracing::error!(%method, route, team, status = code, ms, "answered");
        } else {
            tracing::info!(%method, route, team, status = code, ms, "answered");
        }
    }
}

/// Whether the server failed. 501 is the response to a request for a missing feature (RFC 9110, section 15.6.2).
fn is_fault(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}

/// Frequent or automatic requests, which get no line at the usual level.
fn is_probe(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz") || route.starts_with("/pkg")
}

/// Whether the path is the API's. The request log also has its operations.
fn is_scim(path: &str) -> bool {
    path.strip_prefix(SCIM).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The slug in `/teams/{slug}/...`, if it has the form of one.
fn team(path: &str) -> Option<String> {
    let slug = path.strip_prefix("/teams/")?.split('/').next()?;
    domain::validation::text::slug(slug).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_recognized_by_its_path() {
        for (path, is) in
            [("/scim/v2", true), ("/scim/v2/Users/1", true), ("/scim/v20", false), ("/scim", false), ("/", false)]
        {
            assert_eq!(is_scim(path), is, "{path}");
        }
    }

    #[test]
    fn only_a_valid_slug_is_logged() {
        assert_eq!(team("/teams/acme/settings/members").as_deref(), Some("acme"));
        assert_eq!(team("/teams/acme").as_deref(), Some("acme"));
        for path in ["/teams/", "/teams/%0aFORGED", "/teams/A B/x", "/sign-in", "/"] {
            assert_eq!(team(path), None, "{path}");
        }
    }
}
