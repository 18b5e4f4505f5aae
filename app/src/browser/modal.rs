//! Modal dialogs, and the focus after they close.

use super::dom::{self, document};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

thread_local! {
    /// The button that opened the current or last dialog.
    static OPENER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// The places where the focus is useless: nowhere, or in a hidden element.
const OUT_OF_SIGHT: &str = "body, dialog:not([open]) *, .menu:not(:popover-open) *";

/// Shows a dialog as modal.
pub(super) fn show(dialog: &HtmlDialogElement) {
    if !dialog.matches(":modal").unwrap_or(false) {
        // A dialog that the server rendered open is not modal yet.
        dialog.set_open(false);
        let _ = dialog.show_modal();
    }
}

/// Shows the dialog that the server rendered open as modal.
pub(super) fn show_open() {
    if let Some(dialog) = dom::find("dialog[open]").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
        show(&dialog);
    }
}

/// Does no visible element have the focus?
pub(super) fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| active.matches(OUT_OF_SIGHT).unwrap_or(false))
}

/// Focuses the opener of the last dialog. Returns whether it has the focus now.
pub(super) fn focus_opener() -> bool {
    let opener = OPENER.with_borrow(Clone::clone);
    opener.is_some_and(|opener| opener.is_connected() && dom::focus(&opener))
}

/// Records the button that opens a dialog, for the focus afterwards.
pub(super) fn opened_by(button: Element) {
    OPENER.set(Some(opener_for(button)));
}

/// The element to focus later: the button itself, or the button of its menu, because the menu closes.
fn opener_for(button: Element) -> Element {
    let menu = dom::closest(&button, ".menu");
    menu.and_then(|menu| dom::find(&["[popovertarget='", &menu.id(), "']"].concat())).unwrap_or(button)
}
