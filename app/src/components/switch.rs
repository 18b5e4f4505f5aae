//! A switch with On or Off beside it. It never flips by itself: it opens a dialog or sends its form, and changes when the
//! server said yes.

use super::erased::{attr, text};
use leptos::prelude::*;

/// What is behind a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Behind {
    /// A dialog, by its `id`.
    Dialog(String),
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
    label: Option<Signal<String>>,
    /// What stands beside it when it is off and when it is on.
    words: (&'static str, &'static str),
    /// Is it on?
    on: Signal<bool>,
    /// What pressing it does.
    behind: Signal<Behind>,
    /// Is its form being sent?
    #[prop(optional)]
    busy: Signal<bool>,
) -> impl IntoView {
    let dialog = move || match behind.get() {
        Behind::Dialog(id) => Some(id),
        _ => None,
    };
    let reason = move || match behind.get() {
        Behind::Blocked(reason) => Some(reason),
        _ => None,
    };
    let kind = move || if behind.get() == Behind::Form { "submit" } else { "button" };
    view! {
        <span class="switch-set">
            <span aria-hidden="true">{text(move || if on.get() { words.1 } else { words.0 })}</span>
            <button
                class="switch"
                role="switch"
                type=text(kind)
                aria-checked=text(move || if on.get() { "true" } else { "false" })
                aria-labelledby=labelled_by
                aria-label=label.map(|label| move || label.get())
                aria-disabled=attr(move || reason().map(|_| "true"))
                aria-describedby=attr(reason)
                aria-busy=attr(move || busy.get().then_some("true"))
                command=attr(move || dialog().map(|_| "show-modal"))
                commandfor=attr(dialog)
            ></button>
        </span>
    }
}
