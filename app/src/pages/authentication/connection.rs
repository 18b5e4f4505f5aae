//! The connection to the identity provider: its state, the last request, and the last 24 hours.
//!
//! Only the server renders it. The page with live updates inserts it as it is.

use crate::{
    components::{
        local_time::{Moment, TimeFormat},
        number::thousands,
    },
    model::{Connection, Health, HealthState},
    pages::Section,
    return_to,
};
use domain::{DAY, UnixMs, scim_client::HourlyRequests};
use leptos::prelude::*;

/// The state, the requests and a chart of them, or the first steps.
#[component]
pub(crate) fn ConnectionHealth(
    team: String,
    /// The state of the connection.
    health: Health,
    now: UnixMs,
) -> impl IntoView {
    let state = health.state(now);
    let last_at = health.last_at();
    let Health { connection, expiring, .. } = health;
    let guides = return_to::guides_path(&team);
    let self_test = return_to::authentication_path(&team) + "/self-test";
    let failures = [&Section::Activity.path(&team), "?actor=providers&result=failures"].concat();
    let (tone, is_waiting) = match state {
        HealthState::NotConnected => ("neutral", false),
        HealthState::Waiting => ("accent", true),
        HealthState::Connected => ("success", false),
        HealthState::Quiet(_) => ("warning", false),
        HealthState::Failing(..) => ("danger", false),
    };
    let name = match state {
        HealthState::NotConnected => "not-connected",
        HealthState::Waiting => "waiting",
        HealthState::Connected => "connected",
        HealthState::Quiet(_) => "quiet",
        HealthState::Failing(..) => "failing",
    };
    let title = match state {
        HealthState::NotConnected => "Not connected".into_any(),
        HealthState::Waiting => "Waiting for the first request…".into_any(),
        HealthState::Connected => "Connected".into_any(),
        HealthState::Quiet(days) => ["No requests for ", &plural(days, "day")].concat().into_any(),
        HealthState::Failing(_, since) => {
            // The time alone would look like a time of today.
            let kind = if now - since < DAY / 2 { TimeFormat::Clock } else { TimeFormat::Exact };
            view! { "Failing since " <Moment at=since now=now kind=kind/> }.into_any()
        }
    };
    let description = match (state, &connection) {
        (HealthState::NotConnected, _) => Some("Generate a key, then connect your provider.".to_owned()),
        (HealthState::Quiet(_), _) => Some("This is normal if no one joined, left, or changed.".to_owned()),
        (HealthState::Failing(count, _), Some(connection)) => Some(refused(count, connection)),
        _ => None,
    };
    let is_known = connection.is_some();
    let links = if is_known {
        view! {
            <p>
                <a href=guides>"Setup guides"</a>
                " · "
                <a href=self_test>"Self-test"</a>
            </p>
        }
        .into_any()
    } else {
        let why = if last_at.is_some() { "The request itself wasn't recorded. " } else { "No request yet. " };
        view! {
            <p>{why} <a href=guides>"Open your provider's setup guide"</a> " or run the " <a href=self_test>"self-test"</a> "."</p>
        }
        .into_any()
    };
    view! {
        <i class="dot" class:dot-live=is_waiting data-tone=tone></i>
        <div class="grow">
            <h3 data-testid="connection" data-state=name>{title}</h3>
            {last_at.map(|at| view! { <p>"Last request " <Moment at=at now=now kind=TimeFormat::Inline/> "."</p> })}
            {description.map(|description| view! { <p data-testid="connection-note">{description}</p> })}
            {connection.map(|connection| view! { <Came team=team connection=connection now=now/> })}
            {(expiring > 0)
                .then(|| {
                    let keys = plural(i64::try_from(expiring).unwrap_or(i64::MAX), "key");
                    view! {
                        <p data-testid="expiring-keys">
                            <a href="#keys">{keys}</a>
                            {if expiring == 1 { " expires" } else { " expire" }} " within 30 days."
                        </p>
                    }
                })}
            {links}
        </div>
        {matches!(state, HealthState::Failing(..))
            .then(|| view! { <a class="btn" href=failures>"View failures"</a> })}
    }
    .into_any()
}

/// "The last 12 requests from Okta were refused: This SCIM API key was revoked on ...".
fn refused(count: i64, connection: &Connection) -> String {
    let why = connection.detail.as_deref().map(|why| [": ", why].concat()).unwrap_or_default();
    let last = ["The last ", &thousands(count), " requests from ", &connection.sender(), " failed", &why].concat();
    if last.ends_with('.') { last } else { last + "." }
}

#[component]
fn Came(team: String, connection: Connection, now: UnixMs) -> impl IntoView {
    let (requests, failures) = connection.counts();
    let failed = [&Section::Activity.path(&team), "?actor=providers&result=failures&within=day"].concat();
    let sentence = [&capital(connection.sender()), " ", &connection.deed()].concat();
    let hours = connection.hours;
    view! {
        <div class="connection">
            <div>
                <p data-testid="last-request">{sentence} ": " {connection.answer} "."</p>
                <p data-testid="requests-of-day">
                    "In the last 24 hours: " <b>{plural(requests, "request")}</b> ", "
                    {if failures > 0 {
                        view! { <a href=failed>{[&thousands(failures), " failed"].concat()}</a> }.into_any()
                    } else {
                        "none failed".into_any()
                    }} "."
                </p>
            </div>
            {(requests > 0).then(|| view! { <Chart hours=hours now=now/> })}
        </div>
    }
}

/// The height of the chart.
const HEIGHT: i64 = 32;
/// The distance of two bars.
const STEP: usize = 6;

/// One bar per hour, with the failures at its bottom. A list has the same data for screen readers.
#[component]
fn Chart(hours: Vec<HourlyRequests>, now: UnixMs) -> impl IntoView {
    let max = hours.iter().map(|hour| hour.requests).max().unwrap_or(1).max(1);
    let bars = |failed: bool| {
        let bar = move |(index, hour): (usize, &HourlyRequests)| {
            let count = if failed { hour.failures } else { hour.requests };
            let height = height(count, max);
            format!("M{} {HEIGHT}v-{height}h4v{height}z", index * STEP)
        };
        hours
            .iter()
            .enumerate()
            .filter(|(_, hour)| hour.requests > 0 && (!failed || hour.failures > 0))
            .map(bar)
            .collect::<String>()
    };
    let width = hours.len() * STEP - 2;
    let (all, bad) = (bars(false), bars(true));
    let list: Vec<HourlyRequests> = hours.iter().copied().filter(|hour| hour.requests > 0).collect();
    view! {
        <figure class="chart">
            <svg viewBox=format!("0 0 {width} {HEIGHT}") aria-hidden="true" preserveAspectRatio="none">
                <path class="chart-baseline" d=format!("M0 {HEIGHT}h{width}")/>
                <path d=all/>
                <path class="chart-failures" d=bad/>
            </svg>
            <figcaption>"Requests per hour, last 24 hours"</figcaption>
            <ul class="visually-hidden" data-testid="requests-per-hour" aria-label="Requests per hour (hours with none are omitted)">
                {list
                    .into_iter()
                    .map(|hour| {
                        let came = plural(hour.requests, "request");
                        view! {
                            <li>
                                <Moment at=hour.at now=now kind=TimeFormat::Clock/> ": " {came} ", "
                                {thousands(hour.failures)} " failed"
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </figure>
    }
}

/// A single request is visible too.
fn height(count: i64, max: i64) -> i64 {
    if count == 0 { 0 } else { (count.saturating_mul(HEIGHT) / max).clamp(2, HEIGHT) }
}

fn plural(number: i64, what: &str) -> String {
    [thousands(number).as_str(), " ", what, if number == 1 { "" } else { "s" }].concat()
}

fn capital(words: String) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_the_chart() {
        assert_eq!([0, 1, 500, 1_000, i64::MAX].map(|count| height(count, 1_000)), [0, 2, 16, 32, 32]);
    }

    #[test]
    fn one_is_one() {
        assert_eq!((plural(1, "request"), plural(1_200, "request")), ("1 request".into(), "1,200 requests".into()));
    }
}
