//! A menu of actions: a popover of plain buttons.

use super::erased::text;
use super::icon::Icon;
use leptos::prelude::*;

/// A button with three dots and the menu that it opens.
#[component]
pub(crate) fn Menu(
    /// The `id` of the menu.
    id: String,
    /// What the button is called: "Actions for …".
    #[prop(into)]
    label: Signal<String>,
    /// The items.
    children: Children,
) -> impl IntoView {
    view! {
        <button class="btn btn-quiet btn-icon" type="button" popovertarget=id.clone() aria-label=text(move || label.get())>
            <Icon name="dots"/>
        </button>
        <div class="menu" id=id popover="auto">
            {children()}
        </div>
    }
}

/// An item that opens a dialog.
#[component]
pub(crate) fn Opens(
    /// The dialog's `id`.
    dialog: String,
    /// The icon.
    icon: &'static str,
    /// What it says; ends in "…".
    label: &'static str,
    /// Red, for what destroys something.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    view! {
        <button
            class="item"
            type="button"
            command="show-modal"
            commandfor=dialog
            data-tone=danger.then_some("danger")
        >
            <Icon name=icon/>
            {label}
        </button>
    }
}
