//! The few things that the pages ask of the browser. On the server each does nothing.
//!
//! Dialogs close by Invoker Commands (`command`, `commandfor`), so that works before the page is live. What is here fills
//! the gaps: browsers that do not know the commands, dialogs that the server wrote open, and where the focus goes when the
//! button that opened a dialog is gone.

#[cfg(feature = "hydrate")]
pub(crate) use live::*;
#[cfg(not(feature = "hydrate"))]
pub(crate) use still::*;

#[cfg(feature = "hydrate")]
mod live {
    use leptos::{
        prelude::{document, window, window_event_listener_untyped},
        task::{spawn_local, tick},
    };
    use std::cell::RefCell;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, SubmitEvent};

    thread_local! {
        /// The button that opened the dialog that is open, or was last.
        static OPENER: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
    }

    /// Where the focus is of no use: nowhere, or in what has just closed.
    const OUT_OF_SIGHT: &str = "body, dialog:not([open]) *, .menu:not(:popover-open) *";

    fn dialog(id: &str) -> Option<HtmlDialogElement> {
        document().get_element_by_id(id)?.dyn_into().ok()
    }

    /// Opens a dialog on top of the page.
    pub(crate) fn show(id: &str) {
        if let Some(dialog) = dialog(id)
            && !dialog.matches(":modal").unwrap_or(false)
        {
            // One that the server wrote open is not on top of the page yet.
            dialog.set_open(false);
            // Fails only when the dialog is not part of the document any more; then there is nothing to show.
            let _ = dialog.show_modal();
        }
    }

    /// Closes a dialog.
    pub(crate) fn close(id: &str) {
        if let Some(dialog) = dialog(id) {
            dialog.close();
        }
    }

    /// Is this dialog open?
    pub(crate) fn is_open(id: &str) -> bool {
        dialog(id).is_some_and(|dialog| dialog.open())
    }

    /// Is any dialog open, the focus on a link of the connection's health, which is written anew as a whole, or the page out
    /// of sight?
    pub(crate) fn is_busy_or_hidden() -> bool {
        let busy = "dialog[open], .row-top :focus-visible";
        document().hidden() || matches!(document().query_selector(busy), Ok(Some(_)))
    }

    /// Puts the focus on an element; says whether it took it.
    fn take_focus(element: &HtmlElement) -> bool {
        let _ = element.focus();
        document().active_element().is_some_and(|active| &active == element.unchecked_ref::<Element>())
    }

    /// Puts the focus on the element with this id.
    pub(crate) fn focus(id: &str) {
        if let Some(element) = document().get_element_by_id(id) {
            take_focus(element.unchecked_ref());
        }
    }

    /// Puts the focus on the first field of the open dialog that has a problem; says whether there is one.
    pub(crate) fn focus_first_invalid() -> bool {
        let field = document().query_selector("dialog[open] [aria-invalid=true]").ok().flatten();
        field.is_some_and(|field| take_focus(field.unchecked_ref()))
    }

    /// Runs something once the page shows what changed.
    pub(crate) fn soon(what: impl FnOnce() + 'static) {
        spawn_local(async {
            tick().await;
            what();
        });
    }

    /// Once the page shows what changed, gives the focus back to what opened the last dialog; where that is gone, to the
    /// element with the id `home`. Does nothing while something else has the focus.
    pub(crate) fn give_focus_back(home: &'static str) {
        soon(move || {
            let lost = document().active_element().is_none_or(|active| active.matches(OUT_OF_SIGHT).unwrap_or(false));
            let opener = OPENER.with_borrow(Clone::clone);
            if lost && !opener.as_ref().is_some_and(take_focus) {
                focus(home);
            }
        });
    }

    /// Nothing that opened a dialog gets the focus back.
    pub(crate) fn forget_opener() {
        OPENER.set(None);
    }

    /// Takes the query out of the address, so that loading the page again does not open the same dialog again.
    pub(crate) fn forget_query() {
        let location = window().location();
        if let (Ok(history), Ok(path)) = (window().history(), location.pathname())
            && location.search().is_ok_and(|query| !query.is_empty())
        {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
    }

    /// Leaves the page.
    pub(crate) fn go_to(path: &str) {
        let _ = window().location().assign(path);
    }

    /// The dialog that a form's button asks for, by its `id`. The button gets the focus back afterwards.
    pub(crate) fn asked_for(event: &SubmitEvent) -> Option<String> {
        let button = event.submitter()?;
        let dialog = button.get_attribute("value");
        OPENER.set(Some(opener_for(button)));
        dialog
    }

    /// Looks after the page's dialogs: makes those modal that the server wrote open, and closes them by their buttons
    /// where the browser does not know the command.
    pub(crate) fn look_after_dialogs() {
        let knows_commands = js_sys::Reflect::get(&window(), &JsValue::from_str("HTMLButtonElement"))
            .and_then(|class| js_sys::Reflect::get(&class, &JsValue::from_str("prototype")))
            .and_then(|class| js_sys::Reflect::has(&class, &JsValue::from_str("commandForElement")))
            .unwrap_or(false);
        if !knows_commands {
            // Not kept: the listener lives as long as the document.
            let _ = window_event_listener_untyped("click", |event| {
                if let Some(dialog) = closed_by(&event) {
                    close(&dialog);
                }
            });
        }
        if let Ok(Some(open)) = document().query_selector("dialog[open]") {
            show(&open.id());
        }
    }

    /// The `id` of the dialog that the pressed button closes.
    fn closed_by(event: &Event) -> Option<String> {
        let pressed = event.target()?.dyn_into::<Element>().ok()?;
        pressed.closest("button[command=close]").ok().flatten()?.get_attribute("commandfor")
    }

    /// What gets the focus back: the button itself, or the button of the menu that it stands in, as that closes.
    fn opener_for(button: HtmlElement) -> HtmlElement {
        let menu = button.closest(".menu").ok().flatten();
        let owner = menu.and_then(|menu| {
            document().query_selector(&["[popovertarget='", &menu.id(), "']"].concat()).ok().flatten()
        });
        owner.map(JsCast::unchecked_into).unwrap_or(button)
    }
}

#[cfg(not(feature = "hydrate"))]
mod still {
    pub(crate) fn show(_: &str) {}
    pub(crate) fn close(_: &str) {}
    pub(crate) fn is_open(_: &str) -> bool {
        false
    }
    pub(crate) fn focus(_: &str) {}
    pub(crate) fn focus_first_invalid() -> bool {
        false
    }
    pub(crate) fn soon(_: impl FnOnce() + 'static) {}
    pub(crate) fn give_focus_back(_: &'static str) {}
    pub(crate) fn forget_query() {}
    pub(crate) fn asked_for(_: &leptos::ev::SubmitEvent) -> Option<String> {
        None
    }
}
