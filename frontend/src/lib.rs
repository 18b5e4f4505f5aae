//! Starts the screens in the browser.

// The types of views nest deeply.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the page live. Called by the document, once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    // Words what went wrong, which costs a little of what the browser loads.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    app::browser::start();
}
