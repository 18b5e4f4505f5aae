//! Dialogs: native `<dialog>`, which traps the focus, closes on Esc and gives the focus back by itself.
//!
//! A dialog is built when it is asked for. The buttons that ask ([`Opens`]) belong to one form ([`Asks`]): without
//! JavaScript it fetches the page with the dialog open; once the page is live, the dialog opens in place.

use super::dom;
use super::erased::{change, submit};
use super::icon::Icon;
use crate::resume;
use leptos::{ev, prelude::*};

/// The `id` of the form that asks for dialogs.
pub(crate) const ASKS: &str = "asks";

/// The form that asks for dialogs. Its buttons stand all over the page.
#[component]
pub(crate) fn Asks(
    /// The page's address.
    action: String,
    /// Opens the dialog with this `id`, in the browser.
    open: Callback<String>,
) -> impl IntoView {
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(dialog) = dom::asked_for(&event) {
            open.run(dialog);
        }
    };
    view! { <form id=ASKS method="get" action=action hidden=true on:submit=submit(on_submit)></form> }
}

/// A button that opens a dialog, or says why it cannot be opened.
#[component]
pub(crate) fn Opens(
    /// The dialog's `id`.
    dialog: String,
    /// How it looks: "item", "btn".
    class: &'static str,
    /// The icon; may be empty.
    #[prop(optional)]
    icon: &'static str,
    /// What it says.
    label: &'static str,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<String>,
    /// Red, for what destroys something.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let free = blocked.is_none();
    view! {
        <button
            class=class
            type=if free { "submit" } else { "button" }
            form=ASKS
            name=resume::DIALOG
            value=Some(dialog)
            aria-disabled=(!free).then_some("true")
            aria-describedby=blocked
            data-tone=danger.then_some("danger")
        >
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {label}
        </button>
    }
}

/// A dialog, named by the [`Title`] with the same `dialog`, and described by the element with the id `{id}.lead`.
#[component]
pub(crate) fn Modal(
    /// Its `id`.
    id: String,
    /// Written open by the server.
    open: bool,
    /// Where the focus goes when it closes and what opened it is gone: the `id` of a heading.
    home: &'static str,
    /// Runs when it closed.
    on_close: Callback<()>,
    /// What stands in it.
    content: AnyView,
) -> impl IntoView {
    let title = title_id(&id);
    let lead = lead_id(&id);
    let on_close = move |_| {
        on_close.run(());
        dom::give_focus_back(home);
    };
    // `closedby`: Esc closes it also where no script has made it modal.
    view! {
        <dialog
            class="dialog"
            id=id
            open=open
            closedby="closerequest"
            aria-labelledby=title
            aria-describedby=Some(lead)
            on:close=change(on_close)
        >
            {content}
        </dialog>
    }
}

/// The title of a dialog: a question, or the name of the task.
#[component]
pub(crate) fn Title(
    /// The dialog's `id`.
    #[prop(into)]
    dialog: String,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    /// The title.
    children: Children,
) -> impl IntoView {
    view! {
        <h2 id=title_id(&dialog) tabindex="-1" autofocus=start>
            {children()}
        </h2>
    }
}

/// Closes the dialog; nothing happens.
#[component]
pub(crate) fn Cancel(
    /// The dialog's `id`.
    #[prop(into)]
    dialog: String,
    /// Does the focus start here? It does where the other button destroys something.
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    view! {
        <button class="btn" type="button" command="close" commandfor=dialog autofocus=start>
            "Cancel"
        </button>
    }
}

/// The `id` of a dialog's title.
pub(crate) fn title_id(dialog: &str) -> String {
    [dialog, ".title"].concat()
}

/// The `id` of the text that describes a dialog.
pub(crate) fn lead_id(dialog: &str) -> String {
    [dialog, ".lead"].concat()
}
