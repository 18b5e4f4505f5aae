//! The head of a team's page.

use leptos::prelude::*;

/// Where this is, the title, and one sentence about it.
#[component]
pub(crate) fn Head(
    /// The `<h1>`.
    title: String,
    /// One or two sentences.
    lead: String,
    /// As narrow as the settings below it.
    #[prop(optional)]
    measure: bool,
) -> impl IntoView {
    let class = if measure { "page-head measure" } else { "page-head" };
    view! {
        <header class=class>
            <div>
                <p class="crumbs hint">"Team settings"</p>
                <h1>{title}</h1>
                <p>{lead}</p>
            </div>
        </header>
    }
}
