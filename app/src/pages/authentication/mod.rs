//! Team settings > Authentication: SSO methods, the SCIM provisioning switch, SCIM API keys.
//!
//! Everything that is shown derives from one signal with the page's data. Every change is a form that works without
//! JavaScript; once the page is live, [`send`] takes the forms over and puts the answer into that signal.

mod generate;
mod hand_over;
mod health;
mod keep_one;
mod keys;
mod method_delete;
mod method_enable;
mod method_fields;
mod method_form;
mod methods;
mod notice;
mod overlap;
mod page_dialog;
mod provisioning;
mod ready;
mod requirements;
pub(crate) mod reveal;
mod revoke;
mod roll;
mod send;
mod shown;
mod state;
mod turn_off;
mod turn_on;

use crate::components::erased::part;
use crate::{
    components::{dom, head::Head},
    model::{Authentication, Shell},
};
use leptos::prelude::*;
use state::State;

/// The page.
#[component]
pub(crate) fn AuthenticationPage(
    /// Team and person.
    shell: Shell,
    /// The page's data.
    data: Authentication,
) -> impl IntoView {
    let state = State::new(&shell, data);
    // Effects only run in the browser, once the page is live.
    Effect::new(move |_| {
        state.live.set(true);
        dom::look_after_dialogs();
        #[cfg(feature = "hydrate")]
        send::keep_fresh(state);
    });
    let lead = format!("How people sign in to {}, and which identity provider manages them.", shell.team.name);
    view! {
        <Head title="Authentication".to_owned() lead=lead measure=true/>
        <div class="measure">
            <notice::Notices state=state/>
            <methods::Methods state=state/>
            <provisioning::Provisioning state=state/>
            <keys::Keys state=state/>
        </div>
        <Dialogs state=state/>
    }
}

/// Every dialog of the page. They stand apart from what opens them, so that no table or list holds them in.
#[component]
fn Dialogs(state: State) -> impl IntoView {
    view! {
        <method_form::AddMethod state=state/>
        <methods::MethodDialogs state=state/>
        <keep_one::KeepOne state=state/>
        {part(move || {
            if state.data.with(|data| data.scim_on) {
                view! { <turn_off::TurnOff state=state/> }.into_any()
            } else {
                view! { <turn_on::TurnOn state=state/> }.into_any()
            }
        })}
        <generate::Generate state=state/>
        <keys::KeyDialogs state=state/>
        <shown::Reveal state=state/>
    }
    .into_any()
}
