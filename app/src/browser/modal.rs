//! Modal dialogs, and the focus after they close.

use super::dom::{self, document};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

thread_local! {
    /// What opened the current or last dialog.
    static OPENER: RefCell<Option<Opener>> = const { RefCell::new(None) };
}

/// The button that opened a dialog. The heading of its section takes its place if the button is gone afterwards.
#[derive(Clone)]
struct Opener {
    button: Element,
    section: Option<SectionHeading>,
}

/// The heading of a section, by its `id`, which stays the same when the page changes.
#[derive(Clone)]
pub(super) struct SectionHeading {
    id: String,
}

impl SectionHeading {
    /// The heading of the section around an element.
    pub(super) fn around(element: &Element) -> Option<Self> {
        let section = dom::closest(element, "section[aria-labelledby]")?;
        Some(Self { id: section.get_attribute("aria-labelledby")? })
    }

    /// Puts the focus on it. Returns whether it took it.
    pub(super) fn focus(&self) -> bool {
        let heading = dom::by_id(&self.id);
        if let Some(heading) = &heading {
            dom::set(heading, "tabindex", "-1");
        }
        heading.as_ref().is_some_and(dom::focus)
    }
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

/// Is a dialog above the page?
pub(super) fn is_open() -> bool {
    dom::find("dialog:modal").is_some()
}

/// Has no visible element have the focus?
pub(super) fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| active.matches(OUT_OF_SIGHT).unwrap_or(false))
}

/// Focuses the opener of the last dialog, or to the heading of its section. Returns whether one has the focus now.
pub(super) fn focus_opener() -> bool {
    let Some(Opener { button, section }) = OPENER.with_borrow(Clone::clone) else { return false };
    button.is_connected() && dom::focus(&button) || section.is_some_and(|section| section.focus())
}

/// Puts the focus where the server lets it start in the form of an open dialog. Returns whether there is such a place.
pub(super) fn focus_start(form: &Element) -> bool {
    let is_in_dialog = dom::closest(form, "dialog:modal").is_some();
    is_in_dialog && dom::within(form, "[autofocus]").is_some_and(|start| dom::focus(&start))
}

/// Records the button that opens a dialog, for the focus afterwards.
pub(super) fn opened_by(button: Element) {
    let button = opener_for(button);
    let section = SectionHeading::around(&button);
    OPENER.set(Some(Opener { button, section }));
}

/// The element to focus later: the button itself, or the button of its menu, because the menu closes.
fn opener_for(button: Element) -> Element {
    let menu = dom::closest(&button, ".menu");
    menu.and_then(|menu| dom::find(&["[popovertarget='", &menu.id(), "']"].concat())).unwrap_or(button)
}
