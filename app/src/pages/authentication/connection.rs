//! How the connection to the identity provider is: the last request, and the last 24 hours.
//!
//! Written by the server alone. The page, which is made live, puts it in as it is.

use crate::{
    components::{
        moment::{Kind, Moment},
        number::thousands,
        shell::Section,
    },
    model::{Connection, Hour},
    resume,
};
use domain::UnixMs;
use leptos::prelude::*;

/// What came, and a chart of it; or how to begin.
#[component]
pub(crate) fn ConnectionHealth(
    /// The team's slug.
    team: String,
    /// The last request, and those of the last 24 hours.
    connection: Option<Connection>,
    /// Was a key used, although nothing is known of what for?
    used: bool,
    /// How many keys expire soon.
    expiring: usize,
    /// The time of the page's data.
    now: UnixMs,
) -> impl IntoView {
    let self_test = resume::authentication_path(&team) + "/self-test";
    let guides = resume::guides_path(&team);
    let expiring = (expiring > 0).then(|| {
        let keys = plural(i64::try_from(expiring).unwrap_or(i64::MAX), "key");
        view! {
            <p>
                <a href="#keys">{keys}</a>
                {if expiring == 1 { " expires" } else { " expire" }} " within 30 days."
            </p>
        }
    });
    match connection {
        Some(connection) => view! {
            <Came team=team connection=connection now=now/>
            {expiring}
            <p>
                <a href=guides>"Set-up guides"</a>
                " · "
                <a href=self_test>"Self-test"</a>
            </p>
        }
        .into_any(),
        None => view! {
            {expiring}
            <p>{if used { "What it asked for was not recorded. " } else { "No request yet. " }} <a href=guides>"Open the set-up guide"</a> " of your provider, or run the " <a href=self_test>"self-test"</a> "."</p>
        }
        .into_any(),
    }
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
                <p>{sentence} ": " {connection.answer} "."</p>
                <p>
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

/// The width of the chart, and its height.
const HEIGHT: i64 = 32;
/// From one bar to the next.
const STEP: usize = 6;

/// A bar an hour; the part that failed stands at its foot. The list says the same to those who do not see it.
#[component]
fn Chart(hours: Vec<Hour>, now: UnixMs) -> impl IntoView {
    let most = hours.iter().map(|hour| hour.requests).max().unwrap_or(1).max(1);
    let bars = |failed: bool| {
        let bar = move |(index, hour): (usize, &Hour)| {
            let count = if failed { hour.failures } else { hour.requests };
            let height = height(count, most);
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
    let listed: Vec<Hour> = hours.iter().copied().filter(|hour| hour.requests > 0).collect();
    view! {
        <figure class="chart">
            <svg viewBox=format!("0 0 {width} {HEIGHT}") aria-hidden="true" preserveAspectRatio="none">
                <path class="base" d=format!("M0 {HEIGHT}h{width}")/>
                <path d=all/>
                <path class="bad" d=bad/>
            </svg>
            <figcaption>"Requests by hour, the last 24"</figcaption>
            <ul class="vh" aria-label="Requests by hour; hours without any are left out">
                {listed
                    .into_iter()
                    .map(|hour| {
                        let came = plural(hour.requests, "request");
                        view! {
                            <li>
                                "From " <Moment at=hour.at now=now kind=Kind::Clock/> ": " {came} ", "
                                {thousands(hour.failures)} " failed"
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </figure>
    }
}

/// One request is seen too.
fn height(count: i64, most: i64) -> i64 {
    if count == 0 { 0 } else { (count.saturating_mul(HEIGHT) / most).clamp(2, HEIGHT) }
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
