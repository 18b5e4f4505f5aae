//! New lines appear by themselves while the page is open: `app::live` does it in the browser.

use leptos::prelude::*;

/// Says that the page follows the log, and lets one pause it. Without JavaScript: a link that loads the page again.
#[component]
pub(super) fn Following(
    /// Where what is new comes from.
    href: String,
    /// The lines that the page shows.
    after: String,
    /// The `id` of what new lines are put into.
    list: &'static str,
    /// This page.
    here: String,
) -> impl IntoView {
    view! {
        <div class="following hint">
            <div class="following-live" data-live=href data-after=after data-list=list>
                <i class="dot dot-live" data-tone="success"></i>
                <p role="status">"Live: new events appear automatically."</p>
                <button class="btn btn-quiet" type="button">"Pause"</button>
            </div>
            <noscript>
                <a href=here>"Check for new events"</a>
            </noscript>
        </div>
    }
}

/// Stands in the list of an open page where lines are left out, because there were too many to be sent.
#[component]
pub(crate) fn Gap(
    /// This page.
    here: String,
) -> impl IntoView {
    view! {
        <p class="event-gap">
            "Too many events arrived at once, so some between those above and below aren't shown. "
            <a href=here>"Reload the page"</a>
        </p>
    }
}
