//! The browser's part: one way to enhance the pages that the server writes.
//!
//! The pages are HTML with plain forms. Listeners on the document take over from there, for whatever the page holds at the
//! time: [`forms`] checks a form with the rules of `domain`, sends it and puts the answer in place of the page, with [`page`]
//! and [`morph`]. Everything else finds its elements by `data-` attributes. Nothing keeps state beside the DOM but
//! [`live`].

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

/// Starts listening, completes the page as it is, and then says so in `html[data-hydrated]`.
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
