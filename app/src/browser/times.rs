//! Times in the reader's zone. The server writes them in UTC.

use super::dom::{self, document};
use crate::components::{local_time::TimeFormat, time::browser_ahead};
use domain::UnixMs;
use web_sys::Element;

/// Writes the times of the page in the reader's time zone, and shows the heading of each day once.
pub(super) fn localize() {
    let now = document().document_element().and_then(|html| html.get_attribute("data-now"));
    let Some(now) = now.and_then(|now| now.parse().ok()) else {
        return;
    };
    let mut above = String::new();
    for time in dom::all("time[data-kind]") {
        if let Some((kind, words)) = localize_one(&time, now)
            && kind == TimeFormat::Day
            && let Some(heading) = time.parent_element()
        {
            dom::hide(&heading, words == above);
            above = words;
        }
    }
}

fn localize_one(time: &Element, now: UnixMs) -> Option<(TimeFormat, String)> {
    let kind = TimeFormat::from_name(&time.get_attribute("data-kind")?)?;
    let at = js_sys::Date::parse(&time.get_attribute("datetime")?) as UnixMs;
    let ahead = browser_ahead(at);
    let words = kind.words(at, now, ahead);
    if time.text_content().as_ref() != Some(&words) {
        time.set_text_content(Some(&words));
    }
    if matches!(kind, TimeFormat::Relative | TimeFormat::Inline) {
        dom::set(time, "title", &TimeFormat::Exact.words(at, now, ahead));
    }
    Some((kind, words))
}
