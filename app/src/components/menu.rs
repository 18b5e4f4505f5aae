//! A menu of actions: a popover of plain buttons.

use super::icon::Icon;
use leptos::prelude::*;

/// A button with three dots, and its menu.
#[component]
pub(crate) fn Menu(
    id: String,
    /// The label of the button: "Actions for …".
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button class="btn btn-quiet btn-icon" type="button" popovertarget=id.clone() aria-label=Some(label)>
            <Icon name="dots"/>
        </button>
        <div class="menu" id=id popover="auto">
            {children()}
        </div>
    }
}
