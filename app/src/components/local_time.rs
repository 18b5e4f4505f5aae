//! Times. The server writes UTC. The browser's part replaces the text in the reader's time zone, from the attributes.

use super::time::{day, exact, lower_first, wording};
#[cfg(feature = "ssr")]
use domain::format::date::iso;
use domain::{UnixMs, format::date::time_of_day};
#[cfg(feature = "ssr")]
use leptos::prelude::*;

domain::names! {
    /// The format of a time. The names are the values of `data-kind`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum TimeFormat {
        /// "2 min ago", "Today, 08:12", "31 Oct 2025".
        Relative = "relative",
        /// The same in the middle of a sentence: "just now", "today, 08:12".
        Inline = "inline",
        /// "08:12".
        Clock = "clock",
        /// "31 Oct 2025, 08:12:31 UTC".
        Exact = "exact",
        /// "Today, 18 November", as the heading of a day.
        Day = "day",
    }
}

impl TimeFormat {
    /// The text for clocks that are `ahead` of UTC.
    pub(crate) fn words(self, at: UnixMs, now: UnixMs, ahead: UnixMs) -> String {
        match self {
            TimeFormat::Relative => wording(at, now, ahead),
            TimeFormat::Inline => lower_first(wording(at, now, ahead)),
            TimeFormat::Clock => time_of_day(at + ahead),
            TimeFormat::Exact => exact(at, ahead),
            TimeFormat::Day => day(at, now, ahead),
        }
    }
}

#[cfg(feature = "ssr")]
#[component]
pub(crate) fn Moment(
    at: UnixMs,
    /// The time of the page's data.
    now: UnixMs,
    kind: TimeFormat,
) -> impl IntoView {
    let title = matches!(kind, TimeFormat::Relative | TimeFormat::Inline).then(|| exact(at, 0));
    view! {
        <time datetime=iso(at) data-kind=kind.name() title=title>
            {kind.words(at, now, 0)}
        </time>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_browser_knows_every_format_of_the_server() {
        for kind in TimeFormat::ALL {
            assert_eq!(TimeFormat::from_name(kind.name()), Some(kind));
        }
    }
}
