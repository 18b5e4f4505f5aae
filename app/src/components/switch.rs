//! A switch with On or Off beside it. It never flips by itself: it opens a dialog or sends its form, and changes when the
//! server said yes.

use super::dialog;
use crate::return_to;
use leptos::prelude::*;

/// What is behind a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Behind {
    /// A dialog that is asked for, by its `id`.
    Dialog(String),
    /// A dialog that stands in the page, by its `id`.
    Ready(String),
    /// The form that it stands in.
    Form,
    /// Nothing: it is blocked, for the reason in the element with this `id`.
    Blocked(String),
}

/// A switch.
#[component]
pub(crate) fn Switch(
    /// The `id` of what names it; else `label` does.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
    /// Its name.
    #[prop(optional)]
    label: Option<String>,
    /// What stands beside it when it is off and when it is on.
    words: (&'static str, &'static str),
    /// Is it on?
    on: bool,
    /// What pressing it does.
    behind: Behind,
) -> impl IntoView {
    let (kind, asked, ready, reason) = match behind {
        Behind::Dialog(id) => ("submit", Some(id), None, None),
        Behind::Ready(id) => ("button", None, Some(id), None),
        Behind::Form => ("submit", None, None, None),
        Behind::Blocked(reason) => ("button", None, None, Some(reason)),
    };
    let asks = asked.is_some();
    view! {
        <span class="switch-set">
            <span aria-hidden="true">{if on { words.1 } else { words.0 }}</span>
            <button
                class="switch"
                role="switch"
                type=kind
                form=asks.then_some(dialog::requests())
                name=asks.then_some(return_to::DIALOG)
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
