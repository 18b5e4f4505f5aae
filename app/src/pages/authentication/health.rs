//! Is an identity provider connected?

use super::state::State;
use leptos::prelude::*;

/// One row, as the server rendered it.
#[component]
pub(super) fn HealthRow(state: State) -> impl IntoView {
    let health = state.with(|facts| facts.data.health.clone());
    view! { <div class="row row-start row-wrap" inner_html=health></div> }
}
