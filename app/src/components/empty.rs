//! The placeholder of an empty list.

use leptos::prelude::*;

#[component]
pub(crate) fn Empty(
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
