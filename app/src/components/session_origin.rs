//! The text for a session: browser, address and time.

use super::local_time::{Moment, TimeFormat};
use domain::UnixMs;
use leptos::prelude::*;

/// "Firefox on Windows, 192.0.2.7", and the time of the last use.
#[component]
pub(crate) fn SessionOrigin(
    /// "Firefox on Windows", if known.
    browser: Option<String>,
    /// The address of the sign-in, if known.
    address: Option<String>,
    /// The time of the sign-in.
    since: UnixMs,
    /// The time of the last use.
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
