//! Dialogs. They open and close by Invoker Commands (`command`, `commandfor`), without a script. Here are the gaps: browsers
//! without the commands, dialogs that the server wrote open, what was typed into one that was closed, and where the focus
//! goes if the button that opened one is gone.

use super::{
    dom::{self, document},
    forms, page,
};
use crate::return_to;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlDialogElement, HtmlFormElement, SubmitEvent};

thread_local! {
    /// The button that opened the dialog that is open, or was last.
    static OPENER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Where the focus is of no use: nowhere, or in what is not shown.
const OUT_OF_SIGHT: &str = "body, dialog:not([open]) *, .menu:not(:popover-open) *";

/// Looks after the dialogs of the page.
pub(super) fn listen() {
    let has_commands = js_sys::Reflect::get(&dom::window(), &JsValue::from_str("HTMLButtonElement"))
        .and_then(|class| js_sys::Reflect::get(&class, &JsValue::from_str("prototype")))
        .and_then(|class| js_sys::Reflect::has(&class, &JsValue::from_str("commandForElement")))
        .unwrap_or(false);
    dom::on("click", move |event| {
        if let Some(button) = dom::target_in(&event, "button[commandfor]") {
            if button.get_attribute("command").as_deref() == Some("show-modal") {
                OPENER.set(Some(opener_for(button.clone())));
            }
            if !has_commands {
                command(&button);
            }
        }
    });
    // A form that asks for a page with a dialog.
    dom::on_capture("submit", |event| {
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        if let Some(button) = button
            && button.get_attribute("name").as_deref() == Some(return_to::DIALOG)
        {
            OPENER.set(Some(opener_for(button.into())));
        }
    });
    dom::on_capture("close", closed);
    // The dialog with a new key closes by its own buttons only.
    dom::on_capture("cancel", |event| {
        if dom::target(&event).is_some_and(|dialog| dialog.get_attribute("closedby").as_deref() == Some("none")) {
            event.prevent_default();
        }
    });
}

fn command(button: &Element) {
    let dialog = button.get_attribute("commandfor").and_then(|id| dom::by_id(&id));
    let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) else { return };
    match button.get_attribute("command").as_deref() {
        Some("show-modal") => show(&dialog),
        Some("close") => dialog.close(),
        _ => {}
    }
}

/// What was typed is forgotten, and the address no longer asks for the dialog.
fn closed(event: Event) {
    let Some(dialog) = dom::target(&event).filter(|target| target.has_type::<HtmlDialogElement>()) else { return };
    for form in dom::all_within(&dialog, "form") {
        if !form.has_attribute("aria-busy") {
            forms::forget(&form);
            if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
                form.reset();
            }
        }
    }
    forget_request();
    if is_focus_lost() {
        focus_opener();
    }
}

/// Takes what asked for a dialog out of the address, so that loading the page again does not open it again. What a list is
/// filtered by stays.
fn forget_request() {
    let here = page::location();
    let Some((_, query)) = here.split_once('?') else { return };
    let mut values = return_to::parse(query);
    if values.iter().any(|(name, _)| name == return_to::DIALOG) {
        let filters = dom::all("form[data-filter] [name]");
        values.retain(|(name, _)| filters.iter().any(|filter| filter.get_attribute("name").as_ref() == Some(name)));
        page::replace(&page::with_query(&here, &values));
    }
}

/// Opens a dialog above the page.
fn show(dialog: &HtmlDialogElement) {
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

/// What gets the focus back: the button itself, or the button of the menu that it stands in, because that closes.
fn opener_for(button: Element) -> Element {
    let menu = dom::closest(&button, ".menu");
    menu.and_then(|menu| dom::find(&["[popovertarget='", &menu.id(), "']"].concat())).unwrap_or(button)
}
