//! The SCIM provisioning switch, and what goes with its position.

use super::{
    health::Health,
    ready::Ready,
    requirements::{BLOCKED, Refused, Requirements},
    state::State,
};
use crate::components::erased::{maybe, part, press};
use crate::{
    components::{
        copy::Copy,
        switch::{Behind, Switch},
    },
    model::Dialog,
};
use leptos::prelude::*;

/// The `id` of the section's heading.
pub(super) const HOME: &str = "scim";

/// The card with the switch.
#[component]
pub(super) fn Provisioning(state: State) -> impl IntoView {
    let on = Memo::new(move |_| state.with(|known| known.data.scim_on));
    // Also while it is off: a provider may still send requests, which are refused then.
    let seen = Memo::new(move |_| state.with(|known| known.data.scim_on || !known.data.keys.is_empty()));
    let base_url = state.peek(|known| known.data.base_url.clone());
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"SCIM provisioning"</h2>
                    <p>"Your identity provider creates, updates, and deactivates members for you."</p>
                </div>
                {part(move || {
                    let (on, dialog) = state.with(|known| (known.data.scim_on, known.switch()));
                    let behind = match dialog {
                        Some(dialog) if state.is_there(&dialog) => Behind::Ready(dialog.id()),
                        Some(dialog) => Behind::Dialog(dialog.id()),
                        None => Behind::Blocked(BLOCKED.to_owned()),
                    };
                    view! { <Switch labelled_by=HOME words=("Off", "On") on=on behind=behind/> }
                })}
            </div>
            {part(move || match state.with(|known| (known.data.scim_on, known.review().is_err())) {
                (true, true) => view! { <Refused state=state/> }.into_any(),
                (false, true) => view! { <Requirements state=state/> }.into_any(),
                (false, false) => view! { <Ready state=state/> }.into_any(),
                (true, false) => ().into_any(),
            })}
            {maybe(move || seen.get().then(|| view! { <Health state=state/> }))}
            {maybe(move || {
                on.get()
                    .then(|| {
                        view! {
                            <div class="row-block">
                                <h3>"SCIM base URL"</h3>
                                <Copy id="base-url" label="Copy SCIM base URL" value=base_url.clone()/>
                            </div>
                        }
                    })
            })}
        </section>
    }
    .into_any()
}

/// A link that opens "Add authentication method". It is a link, so that it also works before the page is live.
#[component]
pub(super) fn AddMethodLink(state: State) -> impl IntoView {
    let dialog = Dialog::AddMethod;
    let href = crate::resume::dialog_path(&state.slug(), &dialog, &[]);
    let open = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        state.show(Dialog::AddMethod);
    };
    view! {
        <a class="btn" href=href on:click=press(open)>
            "Add authentication method"
        </a>
    }
}
