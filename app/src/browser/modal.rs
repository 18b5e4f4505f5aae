//! Dialogs above the page, and where the focus goes afterwards.

use super::dom::{self, document};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

thread_local! {
    /// The button that opened the dialog that is open, or was last.
    static OPENER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Where the focus is of no use: nowhere, or in what is not shown.
const OUT_OF_SIGHT: &str = "body, dialog:not([open]) *, .menu:not(:popover-open) *";

/// Opens a dialog above the page.
pub(super) fn show(dialog: &HtmlDialogElement) {
    if !dialog.matches(":modal").unwrap_or(false) {
        // One that the server wrote open is not above the page yet.
        dialog.set_open(false);
        let _ = dialog.show_modal();
    }
}

/// Puts the dialog that the server wrote open above the page.
pub(super) fn show_open() {
    if let Some(dialog) = dom::find("dialog[open]").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
        show(&dialog);
    }
}

/// Has nothing the focus that people can see?
pub(super) fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| active.matches(OUT_OF_SIGHT).unwrap_or(false))
}

/// Gives the focus back to what opened the last dialog. Returns whether it took it.
pub(super) fn focus_opener() -> bool {
    let opener = OPENER.with_borrow(Clone::clone);
    opener.is_some_and(|opener| opener.is_connected() && dom::focus(&opener))
}

/// Notes the button that opens a dialog: it gets the focus back.
pub(super) fn opened_by(button: Element) {
    OPENER.set(Some(opener_for(button)));
}

/// What gets the focus back: the button itself, or the button of the menu that it stands in, because that closes.
fn opener_for(button: Element) -> Element {
    let menu = dom::closest(&button, ".menu");
    menu.and_then(|menu| dom::find(&["[popovertarget='", &menu.id(), "']"].concat())).unwrap_or(button)
}
