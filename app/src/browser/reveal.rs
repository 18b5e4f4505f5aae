//! A new key is shown once. Before the key is copied, its dialog does not close and the page is not left unless the
//! reader confirms it.

use super::dom::{self, window};
use web_sys::Element;

const DIALOG: &str = "[data-reveal]";

pub(super) fn listen() {
    dom::on_capture("click", |event| {
        let Some(dialog) = dom::target_in(&event, DIALOG) else { return };
        if dom::target_in(&event, "[data-done]").is_some() && !is_copied(&dialog) {
            event.prevent_default();
            event.stop_propagation();
            show_confirmation(&dialog, true);
        } else if dom::target_in(&event, "[data-back]").is_some() {
            show_confirmation(&dialog, false);
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

/// Was the secret copied? Other fields do not count.
fn is_copied(dialog: &Element) -> bool {
    dom::within(dialog, "[data-secret][data-copied]").is_some()
}

/// Shows or hides the confirmation to close without copying.
fn show_confirmation(dialog: &Element, visible: bool) {
    for (selector, is_question) in [("[data-asking]", true), ("[data-leave]", false)] {
        if let Some(part) = dom::within(dialog, selector) {
            dom::hide(&part, visible != is_question);
        }
    }
    let target = if visible { "[data-back]" } else { "h2" };
    if let Some(target) = dom::within(dialog, target) {
        dom::focus(&target);
    }
}
