//! One or two sentences above the content that they are about.

use super::icon::Icon;
use leptos::prelude::*;

#[component]
pub(crate) fn Banner(
    /// "success", "accent" (for information), "warning" or "danger".
    tone: &'static str,
    /// "status" if the banner appears later, "alert" for a failure; none if it is part of the page from the start.
    #[prop(optional)]
    role: Option<&'static str>,
    /// The `id`, for `aria-describedby`.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Which of its sentences it shows, where it has several.
    #[prop(optional)]
    state: Option<&'static str>,
    /// The sentences.
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        "success" => "check",
        "accent" => "info",
        _ => "alert",
    };
    view! {
        <div class="banner" data-tone=Some(tone) role=role id=id data-state=state>
            <Icon name=icon/>
            <div class="grow">{children()}</div>
        </div>
    }
}
