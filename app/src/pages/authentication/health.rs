//! Is an identity provider connected?

use super::state::State;
use crate::components::erased::part;
use crate::components::time::Time;
use leptos::prelude::*;

/// One row: connected or not, and when the last request came.
#[component]
pub(super) fn Health(state: State) -> impl IntoView {
    let last = Memo::new(move |_| state.data.with(|data| data.keys.iter().filter_map(|key| key.last_used_at).max()));
    let has_key = Memo::new(move |_| state.usable_keys() > 0);
    part(move || {
        let (tone, title, text) = match (last.get(), has_key.get()) {
            (Some(at), _) => (
                "success",
                "Connected",
                view! { "Last request "{part(move || view! { <Time at=at now=state.now() inline=true/> })}"." }
                    .into_any(),
            ),
            (None, true) => ("neutral", "Not connected", "No request yet. Give the key to your provider.".into_any()),
            (None, false) => {
                ("neutral", "Not connected", "No request yet. Generate a key, then connect your provider.".into_any())
            }
        };
        view! {
            <div class="row">
                <i class="dot" data-tone=tone></i>
                <div class="grow">
                    <h3>{title}</h3>
                    <p>{text}</p>
                </div>
            </div>
        }
    })
}
