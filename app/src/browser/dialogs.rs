//! Dialogs. They open and close by Invoker Commands (`command`, `commandfor`), without a script. This module adds
//! support for browsers without the commands, and for dialogs that the server rendered open. It also resets closed
//! dialogs, and restores the focus if the opener no longer exists.

use super::{address, dom, messages, modal};
use crate::{form_encoding, return_to};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlDialogElement, HtmlFormElement, SubmitEvent};

pub(super) fn listen() {
    let has_commands = js_sys::Reflect::get(&dom::window(), &JsValue::from_str("HTMLButtonElement"))
        .and_then(|class| js_sys::Reflect::get(&class, &JsValue::from_str("prototype")))
        .and_then(|class| js_sys::Reflect::has(&class, &JsValue::from_str("commandForElement")))
        .unwrap_or(false);
    dom::on("click", move |event| {
        if let Some(button) = dom::target_in(&event, "button[commandfor]") {
            if button.get_attribute("command").as_deref() == Some("show-modal") {
                modal::opened_by(button.clone());
            }
            if !has_commands {
                command(&button);
            }
        }
    });
    // A form that requests a page with a dialog.
    dom::on_capture("submit", |event| {
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        if let Some(button) = button
            && button.get_attribute("name").as_deref() == Some(return_to::DIALOG)
        {
            modal::opened_by(button.into());
        }
    });
    dom::on_capture("close", reset);
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
        Some("show-modal") => modal::show(&dialog),
        Some("close") => dialog.close(),
        _ => {}
    }
}

/// Resets the input, and removes the dialog from the URL.
fn reset(event: Event) {
    let Some(dialog) = dom::target(&event).filter(|target| target.has_type::<HtmlDialogElement>()) else { return };
    for form in dom::all_within(&dialog, "form") {
        if !form.has_attribute("aria-busy") {
            messages::forget(&form);
            if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
                form.reset();
            }
        }
    }
    forget_request();
    if modal::is_focus_lost() {
        modal::focus_opener();
    }
}

/// Removes the request for a dialog from the URL, so that a reload does not open the dialog again. The filter of a list
/// stays.
fn forget_request() {
    let current_url = address::location();
    let Some((_, query)) = current_url.split_once('?') else { return };
    let mut values = form_encoding::parse(query);
    if values.iter().any(|(name, _)| name == return_to::DIALOG) {
        let filters = dom::all("form[data-filter] [name]");
        values.retain(|(name, _)| filters.iter().any(|filter| filter.get_attribute("name").as_ref() == Some(name)));
        address::replace(&address::with_query(&current_url, &values));
    }
}
