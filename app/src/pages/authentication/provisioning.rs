//! The SCIM provisioning switch, and the content for its state.

use super::{
    health::HealthRow,
    ready::Ready,
    requirements::{BLOCKED, Refused, Requirements},
    state::State,
};
use crate::components::{
    copy_field::CopyField,
    switch::{Switch, SwitchAction},
};
use leptos::prelude::*;

pub(super) const HOME: &str = "scim";

#[component]
pub(super) fn Provisioning(state: State) -> impl IntoView {
    let (on, is_allowed, dialog) = state.with(|facts| (facts.data.scim_on, facts.review().is_ok(), facts.switch()));
    // Also while it is off, because a provider may still send requests, which are rejected.
    let shows_health = state.with(|facts| facts.data.scim_on || !facts.data.keys.is_empty());
    let base_url = state.with(|facts| facts.data.base_url.clone());
    let behind = match dialog {
        Some(dialog) if state.is_there(&dialog) => SwitchAction::InPage(dialog.id()),
        Some(dialog) => SwitchAction::Dialog(dialog.id()),
        None => SwitchAction::Blocked(BLOCKED.to_owned()),
    };
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"SCIM provisioning"</h2>
                    <p>"Your identity provider creates, updates, and deactivates members for you."</p>
                </div>
                <Switch labelled_by=HOME words=("Off", "On") on=on action=behind/>
            </div>
            {match (on, is_allowed) {
                (true, false) => view! { <Refused state=state/> }.into_any(),
                (false, false) => view! { <Requirements state=state/> }.into_any(),
                (false, true) => view! { <Ready state=state/> }.into_any(),
                (true, true) => ().into_any(),
            }}
            {shows_health.then(|| view! { <HealthRow state=state/> })}
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
