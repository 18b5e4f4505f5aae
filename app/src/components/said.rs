//! What came of a plain form: above what the page shows, or in the dialog that was sent.

use super::banner::Banner;
use leptos::prelude::*;

/// What was just done, that there was nothing to do, and why something was not done.
#[component]
pub(crate) fn Said(
    /// What was done.
    done: Option<String>,
    /// That there was nothing to do.
    #[prop(optional_no_strip)]
    unchanged: Option<String>,
    /// Why something was not done.
    refused: Option<String>,
) -> impl IntoView {
    view! {
        {done.map(|done| view! { <Banner tone="success" role="status">{done}</Banner> })}
        {unchanged.map(|unchanged| view! { <Banner tone="accent" role="status">{unchanged}</Banner> })}
        <Refused why=refused/>
    }
}

/// Why what was sent was not done.
#[component]
pub(crate) fn Refused(
    /// Why.
    why: Option<String>,
) -> impl IntoView {
    why.map(|why| view! { <Banner tone="danger" role="alert">{why}</Banner> })
}
