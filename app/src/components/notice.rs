//! Results of a form: above the content of the page, or in the form's dialog.
//!
//! The elements always exist, because screen readers only announce changes of existing elements.

use super::{banner::Banner, icon::Icon};
use leptos::prelude::*;

/// The result of the last form: success, no change, or the reason of a refusal.
#[component]
pub(crate) fn Notices(
    success: Option<AnyView>,
    #[prop(optional_no_strip)] unchanged: Option<String>,
    refusal: Option<String>,
) -> impl IntoView {
    view! {
        <div class="notices" data-notices="">
            <div role="status">
                {success.map(|success| view! { <Banner tone="success">{success}</Banner> })}
                {unchanged.map(|unchanged| view! { <Banner tone="accent">{unchanged}</Banner> })}
            </div>
            <Alert why=refusal/>
        </div>
    }
}

/// The reason that a form was refused.
#[component]
pub(crate) fn Alert(
    #[prop(optional_no_strip)] why: Option<String>,
    /// Advice.
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
