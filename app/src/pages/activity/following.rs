//! Live updates of the log. `app::browser::live` adds new lines while the page is open.

use leptos::prelude::*;

/// The status of live updates, and a button to pause them. Without JavaScript, a link that reloads the page.
#[component]
pub(super) fn Following(
    /// The URL of live updates.
    href: String,
    /// The filter of the page's lines.
    after: String,
    /// The `id` of the list for new lines.
    list: &'static str,
    /// The URL of this page.
    page_url: String,
) -> impl IntoView {
    view! {
        <div class="live hint">
            <div class="live-status" data-live=href data-after=after data-list=list>
                <i class="dot dot-live" data-tone="success"></i>
                <p role="status">"Live: new events appear automatically."</p>
                <button class="btn btn-quiet" type="button">"Pause"</button>
            </div>
            <noscript>
                <a href=page_url>"Check for new events"</a>
            </noscript>
        </div>
    }
}

/// Replaces omitted lines in the list of an open page, if there were too many to send.
#[component]
pub(crate) fn EventGap(
    /// The URL of this page.
    page_url: String,
) -> impl IntoView {
    view! {
        <p class="event-gap">
            "Too many events arrived at once, so some between those above and below aren't shown. "
            <a href=page_url>"Reload the page"</a>
        </p>
    }
}
