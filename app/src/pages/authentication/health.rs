//! Is an identity provider connected?

use super::state::State;
use leptos::prelude::*;

/// One row, as the server wrote it.
#[component]
pub(super) fn Health(state: State) -> impl IntoView {
    let health = state.with(|known| known.data.health.clone());
    view! { <div class="row row-top row-wrap" inner_html=health></div> }
}
