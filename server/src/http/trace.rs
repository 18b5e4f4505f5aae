//! One line in the log for every request: what, how it ended, how long it took. Never a query string, a cookie or a body.

use axum::{
    extract::Request,
    http::{Method, StatusCode},
};
use std::time::Instant;

/// What is known of a request when it comes in.
pub(super) struct Seen {
    method: Method,
    team: Option<String>,
    since: Instant,
}

impl Seen {
    pub(super) fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), team: team(request.uri().path()), since: Instant::now() }
    }

    /// Writes the line. `route` is the pattern that matched: paths themselves may hold anything.
    pub(super) fn log(&self, route: Option<&str>, status: StatusCode) {
        let route = route.unwrap_or("-");
        let team = self.team.as_deref().unwrap_or("-");
        let ms = self.since.elapsed().as_micros() as f64 / 1000.0;
        metrics::counter!("rollcall_http_requests_total", "route" => route.to_owned(), "status" => status.as_u16().to_string())
            .increment(1);
        metrics::histogram!("rollcall_http_request_seconds").record(ms / 1000.0);
        if is_probe(route) {
            tracing::debug!(method = %self.method, route, status = status.as_u16(), ms, "answered");
        } else if status.is_server_error() {
            tracing::error!(method = %self.method, route, team, status = status.as_u16(), ms, "answered");
        } else {
            tracing::info!(method = %self.method, route, team, status = status.as_u16(), ms, "answered");
        }
    }
}

/// Asked for every few seconds, or once per page: not worth a line each.
fn is_probe(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz") || route.starts_with("/pkg")
}

/// The slug in `/teams/{slug}/...`, if it has the form of one.
fn team(path: &str) -> Option<String> {
    let slug = path.strip_prefix("/teams/")?.split('/').next()?;
    domain::text::slug(slug).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slug_is_logged_as_one() {
        assert_eq!(team("/teams/acme/settings/members").as_deref(), Some("acme"));
        assert_eq!(team("/teams/acme").as_deref(), Some("acme"));
        for path in ["/teams/", "/teams/%0aFORGED", "/teams/A B/x", "/sign-in", "/"] {
            assert_eq!(team(path), None, "{path}");
        }
    }
}
