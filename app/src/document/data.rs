//! The parts of a page that the server writes for one that is open: they arrive as events, or are part of its data.

use super::body::{in_owner, write_view};
use crate::{
    model::{Connection, Event, Guide, Health, TestRun},
    pages::{
        activity::{EventGap, EventGapProps, Events, EventsProps},
        authentication::connection::{ConnectionHealth, ConnectionHealthProps},
        guides::{ConnectionProgress, ConnectionProgressProps},
        self_test::{TestResult, TestResultProps},
    },
};
use domain::UnixMs;

/// Renders lines of the log, for an open page.
pub fn events(events: Vec<Event>, now: UnixMs) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, Events(EventsProps { events, now, open: false, path: String::new() })));
    html
}

/// Renders the mark for omitted lines in the log of an open page. `page_url`: the page's URL.
pub fn gap(page_url: String) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, EventGap(EventGapProps { page_url })));
    html
}

/// Renders the received requests in an open setup guide. `team`: its slug.
pub fn waiting(team: &str, guide: Guide, connection: Option<Connection>, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| {
        write_view(&mut html, ConnectionProgress(ConnectionProgressProps { slug, guide, connection, ready: true, now }))
    });
    html
}

/// Renders the current result of a self-test in an open page. `team`: its slug.
pub fn test_result(team: &str, run: TestRun, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| write_view(&mut html, TestResult(TestResultProps { slug, run, again: true, now })));
    html
}

/// Renders the connection to the provider on the Authentication page. `team`: its slug.
pub fn connection(team: &str, health: Health, now: UnixMs) -> String {
    let mut html = String::new();
    let team = team.to_owned();
    in_owner(|| write_view(&mut html, ConnectionHealth(ConnectionHealthProps { team, health, now })));
    html
}
