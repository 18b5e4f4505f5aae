//! The head of a team's page.

use leptos::prelude::*;

/// The `id` of the sentence under the title.
pub(crate) const LEAD: &str = "lead";

/// Without JavaScript times stay as the server wrote them. In one piece, because where scripts run the browser takes what
/// stands in `<noscript>` for text.
const UTC: &str = "<p class=\"hint utc\">Times in UTC</p>";

/// Where this is, the title, and one sentence about it.
#[component]
pub(crate) fn Head(
    /// The `<h1>`.
    title: String,
    /// One or two sentences.
    lead: String,
    /// What stands above the title.
    #[prop(optional)]
    crumb: Option<&'static str>,
    /// As narrow as the settings below it.
    #[prop(optional)]
    measure: bool,
    /// What can be done here, beside the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = if measure { "page-head measure" } else { "page-head" };
    view! {
        <header class=class>
            <div>
                <p class="crumbs hint">{crumb.unwrap_or("Team settings")}</p>
                <h1>{title}</h1>
                <p id=LEAD>{lead}</p>
                <noscript inner_html=UTC></noscript>
            </div>
            {children.map(|children| children())}
        </header>
    }
}
