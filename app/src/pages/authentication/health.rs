//! Is an identity provider connected?

use super::state::State;
use crate::components::erased::part;
use crate::components::time::Time;
use leptos::prelude::*;

/// One row: connected or not, and when the last request came.
#[component]
pub(super) fn Health(state: State) -> impl IntoView {
    part(move || {
        let local = state.live.get();
        let (last, has_key, now) = state.with(|known| {
            let last = known.data.keys.iter().filter_map(|key| key.last_used_at).max();
            (last, known.usable().next().is_some(), known.data.now)
        });
        let (tone, title, text) = match (last, has_key) {
            (Some(at), _) => (
                "success",
                "Connected",
                view! { "Last request "<Time at=at now=now local=local inline=true/>"." }.into_any(),
            ),
            (None, true) => ("neutral", "Not connected", "No request yet. Give the key to your provider.".into_any()),
            (None, false) => {
                ("neutral", "Not connected", "No request yet. Generate a key, then connect your provider.".into_any())
            }
        };
        view! {
            <div class="row">
                <i class="dot" data-tone=Some(tone)></i>
                <div class="grow">
                    <h3>{title}</h3>
                    <p>{text}</p>
                </div>
            </div>
        }
    })
}
