//! Is an identity provider connected?

use super::state::State;
use leptos::prelude::*;

/// One row, as the server wrote it. While the page is open, it comes anew with the rest of the page's data.
#[component]
pub(super) fn Health(state: State) -> impl IntoView {
    let health = Memo::new(move |_| state.with(|known| known.data.health.clone()));
    // What the server wrote has its times in UTC.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        health.track();
        crate::components::dom::soon(crate::browser::localize);
    });
    view! { <div class="row row-top row-wrap" inner_html=move || health.get()></div> }.into_any()
}
