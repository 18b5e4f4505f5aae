//! The head of a team's page.

use super::icon::Icon;
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
    /// The addresses and titles of the pages above this one.
    #[prop(optional)]
    ancestors: Vec<(String, &'static str)>,
    /// The words above the title, after the links to the ancestors.
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
                {if ancestors.is_empty() {
                    view! { <p class="crumbs hint">{crumb.unwrap_or("Team settings")}</p> }.into_any()
                } else {
                    view! { <Breadcrumb ancestors=ancestors crumb=crumb/> }.into_any()
                }}
                <h1>{title}</h1>
                <p id=LEAD>{lead}</p>
                <noscript inner_html=UTC></noscript>
            </div>
            {children.map(|children| children())}
        </header>
    }
}

#[component]
fn Breadcrumb(ancestors: Vec<(String, &'static str)>, crumb: Option<&'static str>) -> impl IntoView {
    let links = ancestors.into_iter().map(|(href, title)| view! { <a href=href>{title}</a> }.into_any());
    let last = crumb.map(|crumb| view! { <span>{crumb}</span> }.into_any());
    let separated = |(n, item): (usize, AnyView)| ((n > 0).then(|| view! { <Icon name="right"/> }), item);
    view! {
        <nav class="crumbs hint" aria-label="Breadcrumb">
            {links.chain(last).enumerate().map(separated).collect_view()}
        </nav>
    }
}
