//! A new key is shown once, so its dialog does not close, and the page is not left, before the key was copied or the reader
//! insisted.

use super::dom::{self, window};
use web_sys::Element;

const DIALOG: &str = "[data-reveal]";

/// Guards the dialog with a new key.
pub(super) fn listen() {
    dom::on_capture("click", |event| {
        let Some(dialog) = dom::target_in(&event, DIALOG) else { return };
        if dom::target_in(&event, "[data-done]").is_some() && !is_copied(&dialog) {
            event.prevent_default();
            event.stop_propagation();
            ask(&dialog, true);
        } else if dom::target_in(&event, "[data-back]").is_some() {
            ask(&dialog, false);
        } else if dom::target_in(&event, "[data-insist]").is_some() {
            dom::set(&dialog, "data-insisted", "");
        }
    });
    dom::listen(&window(), "beforeunload", false, |event| {
        if dom::find(DIALOG).is_some_and(|dialog| !is_copied(&dialog) && !dialog.has_attribute("data-insisted")) {
            event.prevent_default();
        }
    });
}

/// Was the secret copied? Only the field with it counts.
fn is_copied(dialog: &Element) -> bool {
    dom::within(dialog, "[data-secret][data-copied]").is_some()
}

/// Asks whether to close without copying.
fn ask(dialog: &Element, asks: bool) {
    for (selector, is_question) in [("[data-asking]", true), ("[data-leave]", false)] {
        if let Some(part) = dom::within(dialog, selector) {
            dom::hide(&part, asks != is_question);
        }
    }
    let target = if asks { "[data-back]" } else { "h2" };
    if let Some(target) = dom::within(dialog, target) {
        dom::focus(&target);
    }
}
