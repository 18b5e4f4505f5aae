//! Starts the browser's part.

use wasm_bindgen::prelude::wasm_bindgen;

/// Enhances the page. Called by the document, once the module is there.
#[wasm_bindgen]
pub fn start() {
    // Words what went wrong, which costs a little of what the browser loads.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    app::browser::start();
}
