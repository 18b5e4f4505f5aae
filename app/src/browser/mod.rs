//! The browser's part: one mechanism that enhances the pages of the server.
//!
//! The pages are HTML with plain forms. Listeners on the document handle any content of the page. [`forms`] checks a
//! form with the rules of `domain`, sends it and replaces the page by the response, with [`page`] and [`morph`]. All
//! other modules find their elements by `data-` attributes. Only [`live`] keeps state outside of the DOM.

mod address;
mod complete;
mod copy_field;
mod dialogs;
mod dom;
mod forms;
mod lists;
mod live;
mod messages;
mod modal;
mod morph;
mod page;
mod protocols;
mod refresh;
mod request;
mod reveal;
mod times;

/// Starts the listeners, completes the page, and then sets `html[data-hydrated]`.
pub fn start() {
    forms::listen();
    page::listen();
    dialogs::listen();
    lists::listen();
    copy_field::listen();
    protocols::listen();
    reveal::listen();
    live::listen();
    refresh::start();
    page::take_address();
    complete::complete();
    modal::show_open();
    if let Some(html) = dom::document().document_element() {
        dom::set(&html, "data-hydrated", "");
    }
}
