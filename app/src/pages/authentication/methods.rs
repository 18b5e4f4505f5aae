//! The SSO methods of the team.

use super::{
    method_delete::DeleteMethod,
    method_enable::EnableMethod,
    method_form::EditMethod,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::{each, flag, maybe, part, text};
use crate::{
    api::sso::SetEnabled,
    components::{
        avatar::Avatar,
        empty::Empty,
        icon::Icon,
        menu::{Menu, Opens},
        switch::{Behind, Switch},
        time::until,
    },
    model::Dialog,
    resume,
};
use domain::{
    DAY, UnixMs,
    id::MethodId,
    sso::{Provider, Settings, SsoMethod},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The `id` of the section's heading.
pub(super) const HOME: &str = "sso";
/// A certificate's end is told this long before.
const WARN_BEFORE: UnixMs = 30 * DAY;

/// The card with the methods.
#[component]
pub(super) fn Methods(state: State) -> impl IntoView {
    let none = move || state.data.with(|data| data.methods.is_empty());
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"Single sign-on methods"</h2>
                    <p>"SCIM provisioning works with exactly one enabled method."</p>
                </div>
                <button class="btn" type="button" command="show-modal" commandfor=Dialog::AddMethod.id()>
                    <Icon name="plus"/>
                    "Add authentication method"
                </button>
            </div>
            <ul class="rows" hidden=flag(none)>
                {each(move || ids(state), move |id| view! { <Row state=state id=MethodId::new(id)/> }.into_any())}
            </ul>
            {maybe(move || {
                none().then(|| {
                    view! {
                        <Empty title="No SSO methods yet">"Add the identity provider that your team signs in with."</Empty>
                    }
                    .into_any()
                })
            })}
        </section>
    }
    .into_any()
}

/// The dialogs of the methods.
#[component]
pub(super) fn MethodDialogs(state: State) -> impl IntoView {
    each(move || ids(state), move |id| dialogs(state, MethodId::new(id)))
}

fn dialogs(state: State, id: MethodId) -> AnyView {
    view! {
        <EditMethod state=state id=id.clone()/>
        <EnableMethod state=state id=id.clone()/>
        <DeleteMethod state=state id=id/>
    }
    .into_any()
}

fn ids(state: State) -> Vec<String> {
    state.data.with(|data| data.methods.iter().map(|method| method.id.to_string()).collect())
}

/// A method as it is now; as it was last, when it is gone.
pub(super) fn method(state: State, id: MethodId) -> Memo<Option<SsoMethod>> {
    Memo::new(move |last: Option<&Option<SsoMethod>>| {
        let found = state.data.with(|data| data.methods.iter().find(|method| method.id == id).cloned());
        found.or_else(|| last.cloned().flatten())
    })
}

/// A method's name. Reactive.
pub(super) fn name(method: Memo<Option<SsoMethod>>) -> String {
    method.with(|method| method.as_ref().map(|method| method.name.clone()).unwrap_or_default())
}

/// Would enabling this method be the second one while SCIM provisioning is on? Reactive.
pub(super) fn would_be_second(state: State, id: &MethodId) -> bool {
    state.data.with(|data| data.scim_on && data.methods.iter().any(|other| other.enabled && &other.id != id))
}

/// One method: name, kind, switch, actions.
#[component]
fn Row(state: State, id: MethodId) -> impl IntoView {
    let method = method(state, id.clone());
    let with =
        move |part: fn(&SsoMethod) -> String| method.with(|method| method.as_ref().map(part).unwrap_or_default());
    let why = format!("method.{id}.why");
    let menu = format!("method.{id}.menu");
    view! {
        <li class="row row-method">
            {part(move || view! { <Avatar name=with(initial) tile=true/> }.into_any())}
            <div class="grow">
                <h3>{text(move || name(method))}</h3>
                <p>
                    {text(move || with(kind))}
                    <span id=why.clone()>{text(move || with(missing))}</span>
                    {maybe(move || method.with(|method| method.as_ref().and_then(|method| certificate(method, state.now()))))}
                </p>
            </div>
            <Enabled state=state method=method id=id.clone() why=why/>
            <Menu id=menu label=Signal::derive(move || format!("Actions for {}", name(method)))>
                <Opens dialog=Dialog::EditMethod(id.clone()).id() icon="edit" label="Edit…"/>
                <hr/>
                <Opens dialog=Dialog::DeleteMethod(id).id() icon="ban" label="Delete…" danger=true/>
            </Menu>
        </li>
    }
    .into_any()
}

/// The switch of a method. Enabling a second one while SCIM provisioning is on asks first.
#[component]
fn Enabled(state: State, method: Memo<Option<SsoMethod>>, id: MethodId, why: String) -> impl IntoView {
    let form = form_state(None);
    let on = Signal::derive(move || method.with(|method| method.as_ref().is_some_and(|method| method.enabled)));
    let behind = {
        let id = id.clone();
        Signal::derive(move || {
            let configured = method.with(|method| method.as_ref().is_some_and(|method| method.settings.is_some()));
            match on.get() {
                false if !configured => Behind::Blocked(why.clone()),
                false if would_be_second(state, &id) => Behind::Dialog(Dialog::EnableMethod(id.clone()).id()),
                _ => Behind::Form,
            }
        })
    };
    let ask = {
        let id = id.clone();
        move || Ask {
            url: SetEnabled::PATH.to_owned(),
            dialog: None,
            resume: (!on.get_untracked()).then(|| Dialog::EnableMethod(id.clone())),
            home: HOME,
            told: None,
            key_name: None,
        }
    };
    view! {
        <AskForm state=state form=form ask=Signal::derive(ask)>
            <input type="hidden" name=resume::ID value=id.to_string()/>
            <input type="hidden" name=resume::ENABLED value=text(move || if on.get() { "false" } else { "true" })/>
            <Switch
                label=Signal::derive(move || format!("{} enabled", name(method)))
                words=("Disabled", "Enabled")
                on=on
                behind=behind
                busy=Signal::derive(move || form.is_pending())
            />
        </AskForm>
    }
}

/// Whose initial stands in the tile: the first word of the provider, or of the name for one that is not listed.
fn initial(method: &SsoMethod) -> String {
    let name = match method.provider {
        Provider::CustomSaml | Provider::CustomOidc => method.name.as_str(),
        provider => provider.label(),
    };
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// "Okta · SAML 2.0", or just the protocol where the name says the rest.
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

fn missing(method: &SsoMethod) -> String {
    if method.settings.is_none() { " · Not configured".to_owned() } else { String::new() }
}

/// A badge where the certificate is over, or soon will be.
fn certificate(method: &SsoMethod, now: UnixMs) -> Option<AnyView> {
    let Some(Settings::Saml { certificate_expires, .. }) = method.settings else {
        return None;
    };
    if certificate_expires - now > WARN_BEFORE {
        return None;
    }
    let (tone, text) = if certificate_expires <= now {
        ("danger", "Certificate expired".to_owned())
    } else {
        ("warning", format!("Certificate expires {}", until(certificate_expires, now)))
    };
    Some(
        view! {
            " "
            <span class="badge" data-tone=tone>
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
    use domain::sso::Protocol;

    fn method(name: &str, provider: Provider, protocol: Protocol) -> SsoMethod {
        SsoMethod { id: MethodId::new("1"), name: name.into(), provider, protocol, enabled: true, settings: None }
    }

    #[test]
    fn a_kind_says_what_the_name_does_not() {
        for (name, provider, protocol, text) in [
            ("Okta", Provider::Okta, Protocol::Saml, "SAML 2.0"),
            ("Head office", Provider::Okta, Protocol::Oidc, "Okta · OpenID Connect"),
            ("Ours", Provider::CustomOidc, Protocol::Oidc, "OpenID Connect"),
            ("Ours", Provider::Adfs, Protocol::Saml, "AD FS · SAML 2.0"),
        ] {
            assert_eq!(kind(&method(name, provider, protocol)), text);
        }
    }
}
