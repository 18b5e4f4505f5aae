//! The SCIM provisioning switch, and what goes with its position.

use super::{
    health::Health,
    ready::Ready,
    requirements::{BLOCKED, Refused, Requirements},
    state::State,
};
use crate::components::{
    copy_field::CopyField,
    switch::{Behind, Switch},
};
use leptos::prelude::*;

/// The `id` of the section's heading.
pub(super) const HOME: &str = "scim";

/// The card with the switch.
#[component]
pub(super) fn Provisioning(state: State) -> impl IntoView {
    let (on, is_allowed, dialog) = state.with(|known| (known.data.scim_on, known.review().is_ok(), known.switch()));
    // Also while it is off: a provider may still send requests, which are refused then.
    let is_seen = state.with(|known| known.data.scim_on || !known.data.keys.is_empty());
    let base_url = state.with(|known| known.data.base_url.clone());
    let behind = match dialog {
        Some(dialog) if state.is_there(&dialog) => Behind::Ready(dialog.id()),
        Some(dialog) => Behind::Dialog(dialog.id()),
        None => Behind::Blocked(BLOCKED.to_owned()),
    };
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"SCIM provisioning"</h2>
                    <p>"Your identity provider creates, updates, and deactivates members for you."</p>
                </div>
                <Switch labelled_by=HOME words=("Off", "On") on=on behind=behind/>
            </div>
            {match (on, is_allowed) {
                (true, false) => view! { <Refused state=state/> }.into_any(),
                (false, false) => view! { <Requirements state=state/> }.into_any(),
                (false, true) => view! { <Ready state=state/> }.into_any(),
                (true, true) => ().into_any(),
            }}
            {is_seen.then(|| view! { <Health state=state/> })}
            {on
                .then(|| {
                    view! {
                        <div class="row-block">
                            <h3>"SCIM base URL"</h3>
                            <CopyField id="base-url" label="SCIM base URL" value=base_url/>
                        </div>
                    }
                })}
        </section>
    }
    .into_any()
}
