//! The address of the page that is shown.

use super::dom::window;
use crate::form_encoding;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// Path and query of the page that is shown.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Path and query of the address.
pub(super) fn location() -> String {
    let location = window().location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// The address is that of the page that is shown.
pub(super) fn begin() {
    SHOWN.set(location());
}

/// Did the history lead to the address of another page?
pub(super) fn is_changed() -> bool {
    SHOWN.with_borrow(|shown| *shown != location())
}

/// Adds an entry to the history.
pub(super) fn push(address: &str) {
    let _ = window().history().map(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address)));
    begin();
}

/// Replaces the address without another entry in the history.
pub(super) fn replace(address: &str) {
    let _ = window().history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
    begin();
}

/// An address with another query.
pub(super) fn with_query(address: &str, values: &[(String, String)]) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if values.is_empty() { path.to_owned() } else { [path, "?", &form_encoding::write(values)].concat() }
}
