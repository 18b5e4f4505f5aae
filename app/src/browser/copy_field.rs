//! Copy buttons.

use super::dom::{self, window};
use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::JsValue;
use web_sys::Element;

/// The time that a button reads "Copied".
const LABEL_MS: i32 = 2_000;

pub(super) fn listen() {
    dom::on("click", |event| {
        if let Some(button) = dom::target_in(&event, "[data-copy]") {
            spawn_local(press(button));
        }
    });
    dom::on("copy", |event| {
        if let Some(field) = dom::target_in(&event, ".copy-field").or_else(selected) {
            copied(&field);
        }
    });
}

fn selected() -> Option<Element> {
    let node = window().get_selection().ok().flatten()?.anchor_node()?;
    dom::closest(&node.parent_element()?, ".copy-field")
}

async fn press(button: Element) {
    let Some(field) = dom::closest(&button, ".copy-field") else { return };
    let Some(value) = dom::within(&field, "code") else { return };
    if write(&value.text_content().unwrap_or_default()).await {
        return copied(&field);
    }
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.select_all_children(&value);
    }
    let is_mac = window().navigator().platform().is_ok_and(|platform| platform.contains("Mac"));
    let keys = if is_mac { "Cmd+C" } else { "Ctrl+C" };
    announce(&field, &["Your browser blocked copying. Press ", keys, "."].concat(), "hint");
}

fn copied(field: &Element) {
    dom::set(field, "data-copied", "");
    announce(field, "Copied.", "visually-hidden");
    let Some(button) = dom::within(field, "[data-copy]") else { return };
    show(&button, true);
    let field = field.clone();
    dom::after(LABEL_MS, move || {
        show(&button, false);
        announce(&field, "", "visually-hidden");
    });
}

fn show(button: &Element, is_copied: bool) {
    let _ = button.toggle_attribute_with_force("data-copied", is_copied);
    if let Some(label) = dom::within(button, "span") {
        label.set_text_content(Some(if is_copied { "Copied" } else { "Copy" }));
    }
}

/// Announces the result below the field.
fn announce(field: &Element, words: &str, class: &str) {
    if let Some(place) = field.next_element_sibling() {
        place.set_class_name(class);
        place.set_text_content(Some(words));
    }
}

/// Writes to the clipboard, which exists only on pages over TLS or from this machine.
async fn write(value: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    clipboard.is_ok_and(|clipboard| clipboard.is_object())
        && JsFuture::from(navigator.clipboard().write_text(value)).await.is_ok()
}
