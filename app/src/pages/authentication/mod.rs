//! Team settings > Authentication: SSO methods, the SCIM provisioning switch, SCIM API keys.
//!
//! The page's data determines everything on it. Every change is a form.

mod add_method_link;
pub(crate) mod connection;
mod dialogs;
mod form;
mod generate;
mod health;
mod keep_one;
mod key_rollover;
mod keys;
mod method_delete;
mod method_enable;
mod method_fields;
mod method_form;
mod methods;
pub(crate) mod model;
mod notice;
mod overlap;
mod provisioning;
mod ready;
mod requirements;
pub(crate) mod reveal;
mod revoke;
mod roll;
mod state;
mod turn_off;
mod turn_on;

use crate::{
    components::head::Head,
    model::{Authentication, Shell},
    pages::{Section, TeamPage},
};
use domain::UnixMs;
use leptos::prelude::*;
use state::State;

impl TeamPage for Authentication {
    fn title(&self) -> &str {
        "Authentication"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Authentication)
    }

    fn view(self: Box<Self>, shell: Shell, _: UnixMs) -> AnyView {
        view! { <AuthenticationPage shell=shell data=*self/> }.into_any()
    }
}

#[component]
pub(crate) fn AuthenticationPage(shell: Shell, data: Authentication) -> impl IntoView {
    let state = State::new(&shell, data);
    let lead = format!("How people sign in to {}, and which identity provider manages them.", shell.team.name);
    view! {
        <Head title="Authentication".to_owned() lead=lead measure=true/>
        <div class="measure">
            <notice::PageNotices state=state/>
            // "Last used" changes while the page is visible.
            <div class="measure" id="cards" data-refresh="">
                <methods::Methods state=state/>
                <provisioning::Provisioning state=state/>
                <keys::KeySection state=state/>
                <dialogs::AuthenticationDialogs state=state/>
            </div>
        </div>
    }
}
