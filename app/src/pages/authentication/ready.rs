//! The content under the switch while provisioning is off and can be turned on: the next steps, and the met
//! requirements.

use super::state::State;
use crate::components::icon::Icon;
use leptos::prelude::*;

/// The three steps, and the met requirements.
#[component]
pub(super) fn Ready(state: State) -> impl IntoView {
    let (plan, role) = state.with(|known| (known.plan, known.role));
    let article = if role.label().starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    view! {
        <div class="row-block">
            <ol class="point-list point-list-columns">
                <ReadyStep number="1" title="Turn it on">"No one's access changes yet."</ReadyStep>
                <ReadyStep number="2" title="Generate a key">"Your provider connects with it."</ReadyStep>
                <ReadyStep number="3" title="Connect the provider">"Paste the key and base URL into your provider."</ReadyStep>
            </ol>
        </div>
        <div class="card-foot hint">
            <b>"Ready to turn on"</b>
            <span>
                <Icon name="check"/>
                {plan.label()} " plan"
            </span>
            <span>
                <Icon name="check"/>
                "One SSO method"
            </span>
            <span>
                <Icon name="check"/>
                "You are " {article} " " {role.label()}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn ReadyStep(number: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <li>
            <span class="avatar" aria-hidden="true">
                {number}
            </span>
            <div>
                <b>{title}</b>
                <br/>
                <span class="muted">{children()}</span>
            </div>
        </li>
    }
}
