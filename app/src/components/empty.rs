//! What stands where a list would, when there is nothing to list.

use leptos::prelude::*;

/// Says what is missing, and the next step.
#[component]
pub(crate) fn Empty(
    /// What is missing.
    title: &'static str,
    /// Why there is nothing, where that has several reasons.
    #[prop(optional)]
    state: Option<&'static str>,
    /// The next step.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty" data-testid="empty" data-state=state>
            <b>{title}</b>
            <p>{children()}</p>
        </div>
    }
}
