//! Periodic refresh of the parts of a page that show a current state, while the page is visible.

use super::{
    address,
    dom::{self, document},
    morph::{self, Fields},
    page::HistoryEntry,
    request::{self, FormRequest},
    times,
};
use js_sys::futures::spawn_local;

/// The interval of the refresh.
const EVERY_MS: i32 = 15_000;
const PART: &str = "[data-refresh]";
/// The states that a refresh would disturb: an open dialog, or a focus inside a refreshed part.
const BUSY: &str = "dialog[open], .menu:popover-open, [data-refresh] .row-start :focus-visible";

pub(super) fn start() {
    dom::after(EVERY_MS, || {
        spawn_local(async {
            if refresh().await {
                start();
            }
        });
    });
}

/// Returns whether to continue. It ends with the session.
async fn refresh() -> bool {
    if document().hidden() || dom::find(PART).is_none() || dom::find(BUSY).is_some() {
        return true;
    }
    let entry = HistoryEntry::last();
    let path = address::location().split('?').next().unwrap_or_default().to_owned();
    match request::send(&path, FormRequest::Poll).await {
        // A page or dialog that was opened meanwhile is newer.
        Ok(_) if !entry.is_last() || dom::find(BUSY).is_some() => true,
        Ok(answer) if answer.redirected => false,
        Ok(answer) => {
            if let (Some(old), Ok(Some(new))) = (dom::find(PART), answer.page.query_selector(PART)) {
                if let Some(now) = answer.page.document_element().and_then(|html| html.get_attribute("data-now"))
                    && let Some(html) = document().document_element()
                {
                    dom::set(&html, "data-now", &now);
                }
                morph::morph(&old, &new, &Fields::Keep);
                times::localize();
            }
            true
        }
        Err(_) => true,
    }
}
