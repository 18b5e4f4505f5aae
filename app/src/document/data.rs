//! The parts of a page that the server writes for one that is open: they arrive as events, or are part of its data.

use super::body::{in_owner, write_view};
use crate::{
    model::{Connection, Event, Guide, Health, TestRun},
    pages::{
        activity::{Events, EventsProps, Gap, GapProps},
        authentication::connection::{ConnectionHealth, ConnectionHealthProps},
        guides::{Waiting, WaitingProps},
        self_test::{TestResult, TestResultProps},
    },
};
use domain::UnixMs;

/// Writes lines of the log, for a page of it that is open.
pub fn events(events: Vec<Event>, now: UnixMs) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, Events(EventsProps { events, now, open: false, path: String::new() })));
    html
}

/// Writes the mark in the log of an open page where lines are left out. `here`: the page's address.
pub fn gap(here: String) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, Gap(GapProps { here })));
    html
}

/// Writes what a setup guide shows of what came, for one that is open. `team`: its slug.
pub fn waiting(team: &str, guide: Guide, connection: Option<Connection>, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| write_view(&mut html, Waiting(WaitingProps { slug, guide, connection, ready: true, now })));
    html
}

/// Writes what came of a self-test so far, for a page of it that is open. `team`: its slug.
pub fn test_result(team: &str, run: TestRun, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| write_view(&mut html, TestResult(TestResultProps { slug, run, again: true, now })));
    html
}

/// Writes what the Authentication page shows of the connection to the provider. `team`: its slug.
pub fn connection(team: &str, health: Health, now: UnixMs) -> String {
    let mut html = String::new();
    let team = team.to_owned();
    in_owner(|| write_view(&mut html, ConnectionHealth(ConnectionHealthProps { team, health, now })));
    html
}
