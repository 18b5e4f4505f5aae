//! The form for an SSO method shows the fields of the selected protocol. It has a choice of protocols only if the
//! provider supports two. Without a script all fields are visible.

use super::dom;
use domain::sso::{Protocol, SsoProvider};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

const FORM: &str = "[data-protocols]";

/// Updates the fields when provider or protocol change.
pub(super) fn listen() {
    dom::on("change", |event| {
        if let Some(fields) = dom::target_in(&event, "form").and_then(|form| dom::within(&form, FORM)) {
            follow(&fields);
        }
    });
    dom::on("reset", |event| {
        if let Some(fields) = dom::target(&event).and_then(|form| dom::within(&form, FORM)) {
            // The fields get their first values after this event.
            dom::after(0, move || follow(&fields));
        }
    });
}

/// Shows the fields of the current choices.
pub(super) fn apply() {
    for fields in dom::all(FORM) {
        follow(&fields);
    }
}

fn follow(fields: &Element) {
    let Some(form) = dom::closest(fields, "form") else { return };
    let provider = dom::within(&form, "[name=provider]").map(|field| match field.dyn_ref::<HtmlSelectElement>() {
        Some(select) => select.value(),
        None => field.get_attribute("value").unwrap_or_default(),
    });
    let provider = provider.and_then(|name| SsoProvider::from_name(&name)).unwrap_or(SsoProvider::Okta);
    let offered = provider.protocols();
    let radios: Vec<HtmlInputElement> =
        dom::all_within(fields, "[name=protocol]").into_iter().filter_map(|radio| radio.dyn_into().ok()).collect();
    let checked = radios.iter().find(|radio| radio.checked()).and_then(|radio| Protocol::from_name(&radio.value()));
    let usual = offered.first().copied().unwrap_or(Protocol::Saml);
    let protocol = checked.filter(|protocol| offered.contains(protocol)).unwrap_or(usual);
    for radio in &radios {
        radio.set_checked(radio.value() == protocol.name());
    }
    if let Some(choice) = dom::within(fields, "[data-protocol-choice]") {
        let has_choice = offered.len() > 1;
        dom::hide(&choice, !has_choice);
        // A hidden choice is not sent.
        let _ = choice.toggle_attribute_with_force("disabled", !has_choice);
    }
    for part in dom::all_within(fields, "[data-protocol]") {
        dom::hide(&part, part.get_attribute("data-protocol").as_deref() != Some(protocol.name()));
        // The choice above has the same name already.
        if let Some(legend) = dom::within(&part, "legend") {
            legend.set_class_name("visually-hidden");
        }
    }
    if let Some(hint) = dom::within(fields, "[data-unscripted]") {
        dom::hide(&hint, true);
    }
}
