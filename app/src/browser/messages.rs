//! Messages about a form: beside its fields, in the form, or above the content of the page.

use super::dom;
use crate::forms::FieldMessages;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement};

/// Marks a refused form. From then on each change is checked.
pub(super) const CHECKED: &str = "data-checked";
/// The button with which a form was refused, because some errors depend on it.
pub(super) const PRESSED: &str = "data-pressed";

/// Shows the error of each field, and removes outdated ones.
pub(super) fn show(form: &HtmlFormElement, messages: &FieldMessages) {
    for slot in dom::all_within(form, "[data-error]") {
        let name = slot.get_attribute("data-error").unwrap_or_default();
        mark(form, &slot, &name, messages.of(&name));
    }
    // A message without a field is shown above the form.
    let mut elsewhere = messages.iter().filter(|(name, _)| slot(form, name).is_none()).map(|(_, message)| message);
    if let Some(message) = elsewhere.next() {
        alert(form, message);
    }
}

fn slot(form: &Element, name: &str) -> Option<Element> {
    dom::within(form, &["[data-error='", name, "']"].concat())
}

/// Marks a field as invalid or valid. The message replaces the hint.
fn mark(form: &Element, slot: &Element, name: &str, message: Option<&str>) {
    if let (Some(text), Some(message)) = (dom::within(slot, "span"), message)
        && text.text_content().as_deref() != Some(message)
    {
        text.set_text_content(Some(message));
    }
    dom::hide(slot, message.is_none());
    let hint = slot.next_element_sibling().filter(|next| next.matches("[data-hint]").unwrap_or(false));
    if let Some(hint) = &hint {
        dom::hide(hint, message.is_some());
    }
    let field = ["[name='", name, "']:not([type=hidden])"].concat();
    let Some(control) = dom::within(form, &field) else { return };
    let is_choice = matches!(control.get_attribute("type").as_deref(), Some("radio" | "checkbox"));
    let control = if is_choice { dom::closest(&control, "fieldset") } else { Some(control) };
    let Some(control) = control else { return };
    if message.is_some() && !is_choice {
        dom::set(&control, "aria-invalid", "true");
    } else {
        dom::unset(&control, "aria-invalid");
    }
    let note = if message.is_some() { Some(slot.id()) } else { hint.map(|hint| hint.id()) };
    let own = [slot.id(), [&slot.id(), ".hint"].concat()];
    let described = control.get_attribute("aria-describedby").unwrap_or_default();
    let others = described.split_whitespace().filter(|id| !own.iter().any(|own| own == id)).map(str::to_owned);
    let ids: Vec<String> = note.into_iter().chain(others).collect();
    if ids.is_empty() {
        dom::unset(&control, "aria-describedby");
    } else {
        dom::set(&control, "aria-describedby", &ids.join(" "));
    }
}

/// Focuses the first invalid field. Returns whether there is one.
pub(super) fn focus_first_invalid(form: &Element) -> bool {
    let first = dom::all_within(form, "[aria-invalid=true]").into_iter().find(dom::focus);
    if first.is_some() {
        return true;
    }
    let slots = dom::all_within(form, "[data-error]:not([hidden])");
    slots.into_iter().any(|slot| {
        let name = slot.get_attribute("data-error").unwrap_or_default();
        let field = ["[name='", &name, "']:not([type=hidden], :disabled)"].concat();
        dom::within(form, &field).is_some_and(|field| dom::focus(&field))
    })
}

/// Resets a form to its state before it was refused.
pub(super) fn forget(form: &Element) {
    dom::unset(form, CHECKED);
    dom::unset(form, PRESSED);
    if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
        show(form, &FieldMessages::default());
    }
    for place in dom::all_within(form, "[data-alert]") {
        dom::hide(&place, true);
    }
}

/// Shows the reason in the form, or else above the page's content.
pub(super) fn alert(form: &Element, message: &str) {
    let place = dom::within(form, "[data-alert]").or_else(|| dom::find("[data-notices] > [data-alert]"));
    if let Some(place) = place {
        if let Some(text) = dom::within(&place, "div") {
            text.set_text_content(Some(message));
        }
        dom::hide(&place, false);
    }
}

/// Hides the reason that the form was not sent.
pub(super) fn hide_alerts(form: &Element) {
    let above = dom::all("[data-notices] > [data-alert]");
    for place in dom::all_within(form, "[data-alert]").into_iter().chain(above) {
        dom::hide(&place, true);
    }
}

/// Removes the messages about an earlier change, so that the same sentence is announced again.
pub(super) fn clear_notices(form: &Element) {
    hide_alerts(form);
    for banner in dom::all("[data-notices] > [role=status] > *") {
        banner.remove();
    }
}
