//! What came of a plain form: above what the page shows, or in the dialog that was sent.

use super::banner::Banner;
use leptos::prelude::*;

/// What was just done, and why something was not.
#[component]
pub(crate) fn Said(
    /// What was done.
    done: Option<String>,
    /// Why something was not.
    refused: Option<String>,
) -> impl IntoView {
    view! {
        {done.map(|done| view! { <Banner tone="success" role="status">{done}</Banner> })}
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
