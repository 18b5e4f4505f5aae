//! Dialogs: native `<dialog>`, which traps the focus, closes on Esc and restores the focus by itself.
//!
//! A dialog is part of the page, closed, and a button opens it without a script ([`OpenDialog`]). If a page would have
//! many dialogs, the button requests the page with the dialog from the server ([`RequestDialog`]), and the browser's
//! part shows it.

use super::{
    form::{Form, Submit},
    icon::Icon,
};
use crate::{forms::Check, return_to};
use leptos::prelude::*;

/// The `id` of the form that requests dialogs.
const REQUESTS: &str = "dialog-requests";

/// The form that requests dialogs. Its buttons may be anywhere on the page.
#[component]
pub(crate) fn DialogRequests(action: String) -> impl IntoView {
    view! { <form id=REQUESTS method="get" action=action hidden=true data-in-place=""></form> }
}

/// A button that opens a dialog of the page, or is disabled for a reason elsewhere on the page.
#[component]
pub(crate) fn OpenDialog(
    dialog: &'static str,
    class: &'static str,
    label: &'static str,
    /// An icon before the label; may be empty.
    #[prop(optional)]
    icon: &'static str,
    /// The `id` of the reason that the button is disabled.
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

/// A button that requests a dialog, or is disabled for a reason elsewhere on the page.
#[component]
pub(crate) fn RequestDialog(
    dialog: String,
    /// The class: "item", "btn".
    class: &'static str,
    /// The icon; may be empty.
    #[prop(optional)]
    icon: &'static str,
    label: &'static str,
    /// The `id` of the reason that the button is disabled.
    #[prop(optional_no_strip)]
    blocked: Option<String>,
    /// Red, for destructive actions.
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

/// The `id` of the form for a switch that requests a dialog.
pub(super) const fn requests() -> &'static str {
    REQUESTS
}

/// A dialog with the [`Title`] of the same `dialog` as its name, and the element `{id}.lead` as its description.
#[component]
pub(crate) fn Modal(
    #[prop(into)] id: String,
    /// Is the dialog rendered open?
    open: bool,
    children: Children,
) -> impl IntoView {
    let (title, lead) = (title_id(&id), lead_id(&id));
    // With `closedby`, Esc closes it even if no script has made it modal.
    view! {
        <dialog class="dialog" id=id open=open closedby="closerequest" aria-labelledby=title aria-describedby=lead>
            {children()}
        </dialog>
    }
}

/// A dialog with one form.
#[component]
pub(crate) fn FormDialog(
    id: &'static str,
    /// Is the dialog rendered open?
    open: bool,
    /// The URL of the form.
    action: String,
    /// The check of the values.
    #[prop(optional_no_strip, into)]
    check: Option<Check>,
    /// A question, or the name of the task.
    title: AnyView,
    /// The consequences of the action.
    lead: &'static str,
    button: &'static str,
    /// Red, for destructive actions.
    #[prop(optional)]
    danger: bool,
    /// Does the focus start at Cancel?
    #[prop(optional)]
    careful: bool,
    /// Does the focus start at the title? It does for a refused form, so that a screen reader reads the reason.
    #[prop(optional)]
    start: bool,
    /// The reason of a refusal, and the fields.
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
                <div class="dialog-actions">
                    <Cancel dialog=id start=careful/>
                    <Submit label=button class=if danger { "btn btn-danger" } else { "btn btn-primary" }/>
                </div>
            </Form>
        </Modal>
    }
}

#[component]
pub(crate) fn Title(
    #[prop(into)] dialog: String,
    /// Does the focus start here?
    #[prop(optional)]
    start: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <h2 id=title_id(&dialog) tabindex="-1" autofocus=start>
            {children()}
        </h2>
    }
}

#[component]
pub(crate) fn Cancel(
    #[prop(into)] dialog: String,
    /// Does the focus start here? It does if the other button is destructive.
    #[prop(optional)]
    start: bool,
) -> impl IntoView {
    view! {
        <button class="btn" type="button" command="close" commandfor=dialog autofocus=start>
            "Cancel"
        </button>
    }
}

pub(crate) fn title_id(dialog: &str) -> String {
    [dialog, ".title"].concat()
}

pub(crate) fn lead_id(dialog: &str) -> String {
    [dialog, ".lead"].concat()
}
