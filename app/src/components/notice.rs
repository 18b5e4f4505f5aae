//! What came of a form: above the content of the page, or in the dialog that was sent.
//!
//! The places are always there, because only what changes in a place that exists is announced.

use super::{banner::Banner, icon::Icon};
use leptos::prelude::*;

/// What was just done, that there was nothing to do, and why something was not done.
#[component]
pub(crate) fn Notices(
    /// What was done.
    done: Option<AnyView>,
    /// That there was nothing to do.
    #[prop(optional_no_strip)]
    unchanged: Option<String>,
    /// Why something was not.
    refused: Option<String>,
) -> impl IntoView {
    view! {
        <div class="told" data-notices="">
            <div role="status">
                {done.map(|done| view! { <Banner tone="success">{done}</Banner> })}
                {unchanged.map(|unchanged| view! { <Banner tone="accent">{unchanged}</Banner> })}
            </div>
            <Alert why=refused/>
        </div>
    }
}

/// Why what was sent was not done.
#[component]
pub(crate) fn Alert(
    /// Why.
    #[prop(optional_no_strip)]
    why: Option<String>,
    /// What helps.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let is_none = why.is_none();
    view! {
        <div class="banner" data-tone="danger" role="alert" data-alert="" hidden=is_none>
            <Icon name="alert"/>
            <div class="grow">{why} {children.map(|children| children())}</div>
        </div>
    }
}
