//! Lists: filters that apply when they change, and selection of rows.

use super::dom;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, PageTransitionEvent};

const FILTER: &str = "form[data-filter]";
const BOXES: &str = "input[name=member][form]";

pub(super) fn listen() {
    // By keyboard, one moves through the options of a filter one by one. Applying each would leave the filter.
    thread_local!(static BY_KEYBOARD: Cell<bool> = const { Cell::new(false) });
    for (event, is_keyboard) in [("keydown", true), ("pointerdown", false)] {
        dom::on(event, move |event| {
            if dom::target_in(&event, FILTER).is_some() {
                BY_KEYBOARD.set(is_keyboard);
            }
        });
    }
    dom::on("change", |event| {
        let Some(field) = dom::target(&event) else { return };
        if field.node_name() == "SELECT"
            && let Some(form) = dom::closest(&field, FILTER)
        {
            apply(&form, BY_KEYBOARD.get());
        }
        select(&field);
    });
    // The browser shows a page of its own cache with the previous field values.
    dom::listen(&dom::window(), "pageshow", false, |event: Event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            for form in dom::all("form[autocomplete=off]") {
                form.unchecked_into::<HtmlFormElement>().reset();
            }
            count();
        }
    });
}

/// Applies the filters, or shows the button that does.
fn apply(form: &Element, by_keyboard: bool) {
    match dom::within(form, "[data-apply]") {
        Some(button) if by_keyboard => dom::hide(&button, false),
        _ => {
            let _ = form.unchecked_ref::<HtmlFormElement>().request_submit();
        }
    }
}

fn select(field: &Element) {
    if let Some(all) = field.dyn_ref::<HtmlInputElement>().filter(|field| field.has_attribute("data-all")) {
        for one in boxes() {
            one.set_checked(all.checked());
        }
        count();
    } else if field.matches(BOXES).unwrap_or(false) {
        count();
    }
}

fn boxes() -> Vec<HtmlInputElement> {
    dom::all(BOXES).into_iter().filter_map(|one| one.dyn_into().ok()).collect()
}

/// Shows the number of selected rows, and the state of the box that selects all.
pub(super) fn count() {
    let boxes = boxes();
    let selected = boxes.iter().filter(|one| one.checked()).count();
    for all in dom::all("[data-all]") {
        if let Some(label) = all.parent_element() {
            dom::hide(&label, false);
        }
        if let Some(all) = all.dyn_ref::<HtmlInputElement>() {
            all.set_checked(selected > 0 && selected == boxes.len());
            all.set_indeterminate(selected > 0 && selected < boxes.len());
        }
    }
    let words = if selected == 0 {
        "Select members to change roles".to_owned()
    } else {
        [&selected.to_string(), " selected"].concat()
    };
    for place in dom::all("[data-selected-count]") {
        if place.text_content().as_ref() != Some(&words) {
            place.set_text_content(Some(&words));
        }
    }
}
