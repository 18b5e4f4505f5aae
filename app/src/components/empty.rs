//! The placeholder of an empty list.

use leptos::prelude::*;

#[component]
pub(crate) fn Empty(
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
