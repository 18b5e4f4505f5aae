//! What stands where a list would, when there is nothing to list.

use leptos::prelude::*;

/// Says what is missing, and the next step.
#[component]
pub(crate) fn Empty(
    /// What is missing.
    title: &'static str,
    /// The next step.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <b>{title}</b>
            <p>{children()}</p>
        </div>
    }
}
