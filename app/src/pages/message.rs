//! A page with a title, a sentence, and a link.

use super::centered_page::CenteredPage;
use leptos::prelude::*;

#[component]
pub(super) fn MessagePage(
    framed: bool,
    title: &'static str,
    #[prop(into)] lead: String,
    /// The message for a form whose response is this page (`browser::request`).
    #[prop(optional)]
    failure: Option<String>,
    children: Children,
) -> impl IntoView {
    if framed {
        view! {
            <header class="page-head measure">
                <div>
                    <h1>{title}</h1>
                    <p>{lead}</p>
                </div>
            </header>
            <div class="measure">
                <div class="toolbar" data-failure=failure>{children()}</div>
            </div>
        }
        .into_any()
    } else {
        view! {
            <CenteredPage title=title.to_owned() lead=lead>
                <div class="toolbar" data-failure=failure>{children()}</div>
            </CenteredPage>
        }
        .into_any()
    }
}
