//! A session in words: in which browser, from where, since when.

use super::local_time::{Moment, TimeFormat};
use domain::UnixMs;
use leptos::prelude::*;

/// "Firefox on Windows, 192.0.2.7", and when it was used.
#[component]
pub(crate) fn SignedIn(
    /// "Firefox on Windows"; none: not known.
    browser: Option<String>,
    /// The address that it was signed in from; none: not known.
    address: Option<String>,
    /// Since when.
    since: UnixMs,
    /// When it was last used.
    last_seen_at: UnixMs,
    now: UnixMs,
) -> impl IntoView {
    let address = address.map(|address| [", from ", &address].concat());
    view! {
        <b>{browser.unwrap_or_else(|| "Unknown browser".to_owned())}</b>
        {address}
        <p class="muted">
            "Signed in " <Moment at=since now=now kind=TimeFormat::Inline/> ", last used "
            <Moment at=last_seen_at now=now kind=TimeFormat::Inline/>
        </p>
    }
}
