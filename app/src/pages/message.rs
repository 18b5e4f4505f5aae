//! A page that only says something: a title, a sentence, and where to go from here.

use super::gate::Gate;
use leptos::prelude::*;

/// In the frame of a team, or alone.
#[component]
pub(super) fn Message(
    framed: bool,
    title: &'static str,
    #[prop(into)] lead: String,
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
                <div class="toolbar">{children()}</div>
            </div>
        }
        .into_any()
    } else {
        view! {
            <Gate title=title.to_owned() lead=lead>
                <div class="toolbar">{children()}</div>
            </Gate>
        }
        .into_any()
    }
}
