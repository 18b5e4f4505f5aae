//! A menu of actions: a popover of plain buttons.

use super::icon::Icon;
use leptos::prelude::*;

/// A button with three dots and the menu that it opens.
#[component]
pub(crate) fn Menu(
    /// The `id` of the menu.
    id: String,
    /// What the button is called: "Actions for …".
    label: String,
    /// The items.
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
