//! Initials in a circle (people) or a square (teams, providers).

use domain::validation::text::initials;
use leptos::prelude::*;

/// A person's or a thing's initials. Decorative: the name stands beside it.
#[component]
pub(crate) fn Avatar(
    /// The whole name.
    name: String,
    /// A square, for a provider or another program.
    #[prop(optional)]
    tile: bool,
) -> impl IntoView {
    let class = if tile { "avatar tile" } else { "avatar" };
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
}
