//! Times. The server writes UTC. The browser's part replaces the text in the reader's time zone, from the attributes.

use super::time::{day, exact, lower_first, wording};
#[cfg(feature = "ssr")]
use domain::format::date::iso;
use domain::{UnixMs, format::date::time_of_day};
#[cfg(feature = "ssr")]
use leptos::prelude::*;

/// The format of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeFormat {
    /// "2 min ago", "Today, 08:12", "31 Oct 2025".
    Relative,
    /// The same in the middle of a sentence: "just now", "today, 08:12".
    Inline,
    /// "08:12".
    Clock,
    /// "31 Oct 2025, 08:12:31 UTC".
    Exact,
    /// "Today, 18 November", as the heading of a day.
    Day,
}

impl TimeFormat {
    #[cfg(feature = "ssr")]
    const fn name(self) -> &'static str {
        match self {
            TimeFormat::Relative => "relative",
            TimeFormat::Inline => "inline",
            TimeFormat::Clock => "clock",
            TimeFormat::Exact => "exact",
            TimeFormat::Day => "day",
        }
    }

    #[cfg(any(feature = "browser", test))]
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "relative" => Some(TimeFormat::Relative),
            "inline" => Some(TimeFormat::Inline),
            "clock" => Some(TimeFormat::Clock),
            "exact" => Some(TimeFormat::Exact),
            "day" => Some(TimeFormat::Day),
            _ => None,
        }
    }

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
        for kind in [TimeFormat::Relative, TimeFormat::Inline, TimeFormat::Clock, TimeFormat::Exact, TimeFormat::Day] {
            assert_eq!(TimeFormat::parse(kind.name()), Some(kind));
        }
    }
}
