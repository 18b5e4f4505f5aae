//! Dialogs: native `<dialog>`, which keeps the focus, closes on Esc and gives the focus back by itself.
//!
//! A dialog stands in the page, closed, and a button opens it without a script ([`OpenDialog`]). Where a page could have
//! many, the button asks the server for the page with the dialog ([`RequestDialog`]), and the browser's part puts it in place.

use super::{
    form::{Form, Submit},
    icon::Icon,
};
use crate::{forms::Check, return_to};
use leptos::prelude::*;

/// The `id` of the form that asks for dialogs.
const REQUESTS: &str = "dialog-requests";

/// The form that asks for dialogs. Its buttons stand all over the page.
#[component]
pub(crate) fn DialogRequests(
    /// The page's address.
    action: String,
) -> impl IntoView {
    view! { <form id=REQUESTS method="get" action=action hidden=true data-in-place=""></form> }
}

/// A button that opens a dialog of the page, or that cannot be pressed for a reason that stands elsewhere.
#[component]
pub(crate) fn OpenDialog(
    /// The dialog's `id`.
    dialog: &'static str,
    /// How it looks.
    class: &'static str,
    /// What it says.
    label: &'static str,
    /// An icon before it; may be empty.
    #[prop(optional)]
    icon: &'static str,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
) -> impl IntoView {
    let is_free = blocked.is_none();
    view! {
        <button
            class=class
            type="button"
            data-dialog=dialog
            command=is_free.then_some("show-modal")
            commandfor=is_free.then_some(dialog)
            aria-disabled=(!is_free).then_some("true")
            aria-describedby=blocked
        >
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {label}
        </button>
    }
}

/// A button that asks for a dialog, or that cannot be pressed for a reason that stands elsewhere.
#[component]
pub(crate) fn RequestDialog(
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
    let is_free = blocked.is_none();
    view! {
        <button
            class=class
            type=if is_free { "submit" } else { "button" }
            form=REQUESTS
            name=return_to::DIALOG
            value=dialog
            aria-disabled=(!is_free).then_some("true")
            aria-describedby=blocked
            data-tone=danger.then_some("danger")
        >
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {label}
        </button>
    }
}

/// The `id` of the form to which a switch that asks for a dialog belongs.
pub(super) const fn requests() -> &'static str {
    REQUESTS
}

/// A dialog, named by the [`Title`] with the same `dialog`, and described by the element with the id `{id}.lead`.
#[component]
pub(crate) fn Modal(
    /// Its `id`.
    #[prop(into)]
    id: String,
    /// Written open.
    open: bool,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let (title, lead) = (title_id(&id), lead_id(&id));
    // `closedby`: Esc closes it also where no script has made it modal.
    view! {
        <dialog class="dialog" id=id open=open closedby="closerequest" aria-labelledby=title aria-describedby=lead>
            {children()}
        </dialog>
    }
}

/// A dialog that holds one form.
#[component]
pub(crate) fn FormDialog(
    /// Its `id`.
    id: &'static str,
    /// Written open.
    open: bool,
    /// Where its form is posted to.
    action: String,
    /// How its values are checked.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    /// The title: a question, or the name of the task.
    title: AnyView,
    /// What will happen.
    lead: &'static str,
    /// What does it.
    button: &'static str,
    /// Red, for what destroys something.
    #[prop(optional)]
    danger: bool,
    /// Does the focus start at Cancel?
    #[prop(optional)]
    careful: bool,
    /// Does the focus start at the title? It does where it came back refused, so that the reason is read.
    #[prop(optional)]
    start: bool,
    /// Why it was refused, and the fields.
    children: Children,
) -> impl IntoView {
    view! {
        <Modal id=id open=open>
            <Form action=action check=check>
                <Title dialog=id start=start>{title}</Title>
                <p class="muted" id=lead_id(id)>
                    {lead}
                </p>
                {children()}
                <div class="actions">
                    <Cancel dialog=id start=careful/>
                    <Submit label=button class=if danger { "btn btn-danger" } else { "btn btn-primary" }/>
                </div>
            </Form>
        </Modal>
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
