//! Initials in a circle (people) or a square (teams, providers).

use domain::validation::text::initials;
use leptos::prelude::*;

/// Initials. They are decorative, because the name is beside them.
#[component]
pub(crate) fn Avatar(
    name: String,
    /// A square, for a provider or another program.
    #[prop(optional)]
    tile: bool,
) -> impl IntoView {
    let class = if tile { "avatar avatar-tile" } else { "avatar" };
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
}
