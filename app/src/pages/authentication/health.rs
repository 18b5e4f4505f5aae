//! Is an identity provider connected?

use super::state::State;
use crate::components::erased::{part, text};
use crate::components::time::Time;
use domain::key;
use leptos::prelude::*;

/// One row: connected or not, when the last request came, and what the server says of the connection.
#[component]
pub(super) fn Health(state: State) -> impl IntoView {
    let health = Memo::new(move |_| state.with(|known| known.data.health.clone()));
    // What the server wrote has its times in UTC.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        health.track();
        crate::components::dom::soon(crate::browser::localize);
    });
    let last = move || {
        state.with(|known| {
            let own = known.data.keys.iter().filter(|key| !key::is_self_test(&key.name));
            // That a key was used is known sooner than what for.
            let used = own.filter_map(|key| key.last_used_at).chain(known.data.last_request_at);
            (used.max(), known.data.now)
        })
    };
    let is_connected = move || last().0.is_some();
    view! {
        <div class="row row-top">
            {part(move || {
                let tone = if is_connected() { "success" } else { "neutral" };
                view! { <i class="dot" data-tone=Some(tone)></i> }
            })}
            <div class="grow">
                <h3>{text(move || if is_connected() { "Connected" } else { "Not connected" })}</h3>
                {part(move || {
                    let local = state.live.get();
                    match last() {
                        (Some(at), now) => view! { <p>"Last request "<Time at=at now=now local=local inline=true/>"."</p> }.into_any(),
                        (None, _) => ().into_any(),
                    }
                })}
                {part(move || view! { <div inner_html=health.get()></div> })}
            </div>
        </div>
    }
    .into_any()
}
