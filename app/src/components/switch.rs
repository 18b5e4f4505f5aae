//! A switch with its state as text beside it. It never changes by itself. It opens a dialog or sends its form, and the
//! server's response changes it.

use super::dialog;
use crate::return_to;
use leptos::prelude::*;

/// The action of a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SwitchAction {
    /// Requests the dialog with this `id`.
    Dialog(String),
    /// Opens the dialog of the page with this `id`.
    InPage(String),
    /// Sends the surrounding form.
    Form,
    /// No action. The element with this `id` contains the reason.
    Blocked(String),
}

#[component]
pub(crate) fn Switch(
    /// The `id` of the element with the name, instead of `label`.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
    #[prop(optional)] label: Option<String>,
    /// The text beside it when it is off and when it is on.
    words: (&'static str, &'static str),
    on: bool,
    action: SwitchAction,
) -> impl IntoView {
    let (kind, asked, ready, reason) = match action {
        SwitchAction::Dialog(id) => ("submit", Some(id), None, None),
        SwitchAction::InPage(id) => ("button", None, Some(id), None),
        SwitchAction::Form => ("submit", None, None, None),
        SwitchAction::Blocked(reason) => ("button", None, None, Some(reason)),
    };
    let requests_dialog = asked.is_some();
    view! {
        <span class="switch-group">
            <span aria-hidden="true">{if on { words.1 } else { words.0 }}</span>
            <button
                class="switch"
                role="switch"
                type=kind
                form=requests_dialog.then_some(dialog::requests())
                name=requests_dialog.then_some(return_to::DIALOG)
                value=asked
                command=ready.as_ref().map(|_| "show-modal")
                commandfor=ready
                aria-checked=if on { "true" } else { "false" }
                aria-labelledby=labelled_by
                aria-label=label
                aria-disabled=reason.as_ref().map(|_| "true")
                aria-describedby=reason
            ></button>
        </span>
    }
}
