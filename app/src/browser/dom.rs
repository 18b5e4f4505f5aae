//! Short names for the DOM calls of every module. The selectors and attribute names are constants and always valid, so
//! errors mean a missing element.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, NodeList, Window};

#[expect(clippy::expect_used, reason = "this code runs in a page")]
pub(super) fn window() -> Window {
    web_sys::window().expect("a window")
}

#[expect(clippy::expect_used, reason = "this code runs in a page")]
pub(super) fn document() -> Document {
    window().document().expect("a document")
}

pub(super) fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// The first matching descendant of an element.
pub(super) fn within(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

pub(super) fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

pub(super) fn all(selector: &str) -> Vec<Element> {
    document().query_selector_all(selector).map(elements).unwrap_or_default()
}

/// Every matching descendant of an element.
pub(super) fn all_within(element: &Element, selector: &str) -> Vec<Element> {
    element.query_selector_all(selector).map(elements).unwrap_or_default()
}

fn elements(list: NodeList) -> Vec<Element> {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// The element itself, or its nearest ancestor, that matches.
pub(super) fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// The element of an event.
pub(super) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The element of an event, or its nearest ancestor, that matches.
pub(super) fn target_in(event: &Event, selector: &str) -> Option<Element> {
    closest(&target(event)?, selector)
}

pub(super) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

pub(super) fn unset(element: &Element, name: &str) {
    let _ = element.remove_attribute(name);
}

pub(super) fn hide(element: &Element, hidden: bool) {
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}

/// Focuses an element. Returns whether it has the focus now.
pub(super) fn focus(element: &Element) -> bool {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
    document().active_element().as_ref() == Some(element)
}

/// Listens on the document for its lifetime, so that later elements are included.
pub(super) fn on(event: &str, act: impl FnMut(Event) + 'static) {
    listen(&document(), event, false, act);
}

/// Like [`on`], for events that do not bubble.
pub(super) fn on_capture(event: &str, act: impl FnMut(Event) + 'static) {
    listen(&document(), event, true, act);
}

/// Listens on any target for its lifetime.
pub(super) fn listen(target: &EventTarget, event: &str, capture: bool, act: impl FnMut(Event) + 'static) {
    let act: Box<dyn FnMut(Event)> = Box::new(act);
    let act = Closure::wrap(act);
    let _ = target.add_event_listener_with_callback_and_bool(event, act.as_ref().unchecked_ref(), capture);
    act.forget();
}

/// Runs a function after a delay.
pub(super) fn after(milliseconds: i32, act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), milliseconds);
}
