//! The URL of the current page.

use super::dom::window;
use crate::form_encoding;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// Path and query of the current page. The location differs from it while the history moves to another page.
    static CURRENT: RefCell<String> = const { RefCell::new(String::new()) };
}

pub(super) fn location() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// Takes the location as the URL of the current page.
pub(super) fn begin() {
    CURRENT.set(location());
}

/// Did the history move to the URL of another page?
pub(super) fn is_changed() -> bool {
    CURRENT.with_borrow(|current| *current != location())
}

/// Adds an entry to the history.
pub(super) fn push(address: &str) {
    let _ = window().history().map(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address)));
    begin();
}

/// Replaces the URL without another entry in the history.
pub(super) fn replace(address: &str) {
    let _ = window().history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
    begin();
}

/// The URL with another query.
pub(super) fn with_query(address: &str, values: &[(String, String)]) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if values.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(values)].concat() }
}
