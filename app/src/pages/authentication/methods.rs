//! The SSO methods of the team.

use super::{
    form::SettingsForm,
    state::{PageFacts, State},
};
use crate::{
    api::sso::SetEnabled,
    components::{
        avatar::Avatar,
        dialog::RequestDialog,
        empty::Empty,
        icon::Icon,
        local_time::{Moment, TimeFormat},
        menu::Menu,
        switch::{Switch, SwitchAction},
        time::until,
    },
    model::Dialog,
    return_to,
};
use domain::{
    UnixMs,
    sso::{CertificateWarning, Settings, SsoMethod, SsoProvider},
};
use leptos::{prelude::*, server_fn::ServerFn};

pub(super) const HOME: &str = "sso";

#[component]
pub(super) fn Methods(state: State) -> impl IntoView {
    let rows = state.with(|facts| facts.data.methods.iter().map(|method| row(state, facts, method)).collect_view());
    let none = rows.is_empty();
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"Single sign-on methods"</h2>
                    <p>"People sign in through these, or with a password. SCIM provisioning needs exactly one enabled method."</p>
                </div>
                <RequestDialog dialog=Dialog::AddMethod.id() class="btn" icon="plus" label="Add authentication method"/>
            </div>
            {if none {
                view! { <Empty title="No SSO methods yet">"Add the identity provider your team signs in with."</Empty> }
                    .into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// One method: name, provider, switch and menu.
fn row(state: State, facts: &PageFacts, method: &SsoMethod) -> AnyView {
    let id = &method.id;
    let (edit, delete) = (Dialog::EditMethod(id.clone()).id(), Dialog::DeleteMethod(id.clone()).id());
    let why = ["method.", id.as_str(), ".why"].concat();
    view! {
        <li class="row row-method" data-key=id.to_string()>
            <Avatar name=initial(method) tile=true/>
            <div class="grow">
                <h3>
                    <a href=return_to::sso_method_path(&state.slug(), id)>{method.name.clone()}</a>
                </h3>
                <p>
                    {kind(method)}
                    <span id=why.clone()>{if method.settings.is_none() { " · Not configured" } else { "" }}</span>
                    {last_sign_in(facts, method)}
                    {certificate(method, facts.data.now)}
                </p>
            </div>
            {switch(state, facts, method, why)}
            <Menu id=["method.", id.as_str(), ".menu"].concat() label=["Actions for ", &method.name].concat()>
                <RequestDialog dialog=edit class="item" icon="edit" label="Edit…"/>
                <hr/>
                <RequestDialog dialog=delete class="item" icon="ban" label="Delete…" danger=true/>
            </Menu>
        </li>
    }
    .into_any()
}

/// The last sign-in through a method that has settings.
fn last_sign_in(facts: &PageFacts, method: &SsoMethod) -> Option<AnyView> {
    let last = facts.data.last_sign_ins.iter().find(|(id, _)| *id == method.id);
    let text = match last {
        Some((_, at)) => {
            view! { " · Last sign-in " <Moment at=*at now=facts.data.now kind=TimeFormat::Inline/> }.into_any()
        }
        None => " · No sign-ins yet".into_any(),
    };
    method.settings.as_ref().map(|_| view! { <span data-testid="last-sign-in">{text}</span> }.into_any())
}

/// The switch of a method. Enabling a second one while SCIM provisioning is on needs a confirmation.
fn switch(state: State, facts: &PageFacts, method: &SsoMethod, why: String) -> AnyView {
    let (id, on) = (&method.id, method.enabled);
    let enable = Dialog::EnableMethod(id.clone());
    let behind = match on {
        false if method.settings.is_none() => SwitchAction::Blocked(why),
        false if facts.would_be_second(id) => SwitchAction::Dialog(enable.id()),
        _ => SwitchAction::Form,
    };
    let (id, label) = (id.to_string(), [&method.name, " enabled"].concat());
    view! {
        <SettingsForm state=state action=SetEnabled::PATH>
            <input type="hidden" name=return_to::ID value=id/>
            <input type="hidden" name=return_to::ENABLED value=if on { "false" } else { "true" }/>
            <Switch label=label words=("Disabled", "Enabled") on=on action=behind/>
        </SettingsForm>
    }
    .into_any()
}

/// The text for the tile's initial: the first word of the provider, or of the method's name for an unlisted provider.
fn initial(method: &SsoMethod) -> String {
    let name = match method.provider {
        SsoProvider::CustomSaml | SsoProvider::CustomOidc => method.name.as_str(),
        provider => provider.label(),
    };
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// "Okta · SAML 2.0", or only the protocol if the name contains the provider.
pub(super) fn kind(method: &SsoMethod) -> String {
    let (provider, protocol) = (method.provider.label(), method.protocol.label());
    if method.name.eq_ignore_ascii_case(provider)
        || method.provider.protocols().len() == 1 && provider.contains("Custom")
    {
        protocol.to_owned()
    } else {
        [provider, " · ", protocol].concat()
    }
}

/// A badge for an expired or expiring certificate.
fn certificate(method: &SsoMethod, now: UnixMs) -> Option<AnyView> {
    let Some(Settings::Saml { certificate_expires, .. }) = method.settings else {
        return None;
    };
    let warning = CertificateWarning::of(certificate_expires, now)?;
    let text = match warning {
        CertificateWarning::Expired => "Certificate expired".to_owned(),
        _ => ["Certificate expires ", &until(certificate_expires, now)].concat(),
    };
    Some(
        view! {
            " "
            <span class="badge" data-tone=Some(warning.tone())>
                <Icon name="clock"/>
                {text}
            </span>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{id::MethodId, sso::Protocol};

    fn method(name: &str, provider: SsoProvider, protocol: Protocol) -> SsoMethod {
        SsoMethod { id: MethodId::new("1"), name: name.into(), provider, protocol, enabled: true, settings: None }
    }

    #[test]
    fn the_kind_adds_what_the_name_lacks() {
        for (name, provider, protocol, text) in [
            ("Okta", SsoProvider::Okta, Protocol::Saml, "SAML 2.0"),
            ("Head office", SsoProvider::Okta, Protocol::Oidc, "Okta · OpenID Connect"),
            ("Ours", SsoProvider::CustomOidc, Protocol::Oidc, "OpenID Connect"),
            ("Ours", SsoProvider::Adfs, Protocol::Saml, "AD FS · SAML 2.0"),
        ] {
            assert_eq!(kind(&method(name, provider, protocol)), text);
        }
    }
}
