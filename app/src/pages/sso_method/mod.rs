//! `/teams/{slug}/settings/authentication/methods/{id}`: an SSO method, its sign-ins, its values, and the rule for first sign-ins.

mod labels;
mod match_people;
mod members;
pub(crate) mod model;
mod settings;
mod sign_ins;
mod values;

use crate::{
    components::{head::Head, notice::Notices, number::thousands},
    model::{Shell, SsoMethodPage},
    pages::{Section, TeamPage},
    return_to,
};
use domain::UnixMs;
use leptos::prelude::*;
use match_people::MatchPeople;
use members::MethodMembers;
use settings::ProviderSettings;
use sign_ins::MethodSignIns;
use values::ProviderValues;

impl TeamPage for SsoMethodPage {
    fn title(&self) -> &str {
        &self.method.name
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Authentication)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <SsoMethodScreen shell=shell data=*self now=now/> }.into_any()
    }
}

/// One SSO method.
#[component]
fn SsoMethodScreen(shell: Shell, data: SsoMethodPage, now: UnixMs) -> impl IntoView {
    let slug = shell.team.slug;
    let method = data.method.clone();
    let above = return_to::authentication_path(&slug);
    let path = return_to::sso_method_path(&slug, &method.id);
    let (can, all) = (thousands(data.usage.linked), thousands(data.usage.members));
    let lead = format!("{}. {can} of {all} members can sign in through it.", method.protocol.label());
    let (tone, status) = if method.enabled { (Some("success"), "Enabled") } else { (None, "Disabled") };
    let success = data.is_saved.then(|| "Matching saved. It applies from the next sign-in on.".into_any());
    view! {
        <Head measure=true title=method.name.clone() lead=lead ancestors=vec![(above, "Authentication")] crumb="SSO method">
            <span class="badge badge-plain" data-tone=tone data-testid="method-status">
                <i class="dot"></i>
                {status}
            </span>
        </Head>
        <div class="measure">
            <Notices success=success refusal=None/>
            <MethodSignIns slug=slug.clone() data=data.clone() now=now/>
            <MethodMembers slug=slug.clone() name=method.name.clone() usage=data.usage.clone()/>
            <ProviderSettings slug=slug data=data.clone() now=now/>
            <ProviderValues method=method addresses=data.addresses.clone()/>
            <MatchPeople path=path data=data/>
        </div>
    }
}
