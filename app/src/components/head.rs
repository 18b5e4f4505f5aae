//! The head of a team's page.

use leptos::prelude::*;

/// The `id` of the lead.
pub(crate) const LEAD: &str = "lead";

/// Without JavaScript, times stay in the server's UTC. This is one string, because browsers with scripts parse the
/// content of `<noscript>` as text.
const UTC: &str = "<p class=\"hint utc-note\">Times in UTC</p>";

/// The title of a page with its lead and actions.
#[component]
pub(crate) fn Head(
    title: String,
    /// One or two sentences about the page.
    lead: String,
    /// The link above the title.
    #[prop(optional)]
    crumb: Option<&'static str>,
    /// Limits the width to that of the settings below.
    #[prop(optional)]
    measure: bool,
    /// The actions beside the title.
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
