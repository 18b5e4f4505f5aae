//! Adding an SSO method, and editing one.

use super::{
    method_fields::{Initial, OidcFields, SamlFields, check},
    methods::HOME,
    notice::Told,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::{change, flag, maybe, text};
use crate::{
    api::sso::{Add, Edit},
    components::{
        dialog::{Cancel, Title, lead_id},
        field::{SelectField, TextField},
        form::{FormState, Pairs, Submit, Trouble},
    },
    model::{Notice, Returned},
    resume,
};
use domain::{
    id::MethodId,
    sso::{Protocol, SsoProvider},
    validation::field_error::Field,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Add authentication method".
pub(super) fn add(state: State, returned: &Returned) -> Option<AnyView> {
    let id = returned.dialog.id();
    let initial = Initial { returned: returned.clone(), method: None };
    let form = form_state(returned);
    let first = SsoProvider::parse(&initial.value(Field::Provider)).unwrap_or(SsoProvider::Okta);
    let provider = RwSignal::new(first);
    let ask = Ask::in_dialog(Add::PATH, &returned.dialog, HOME).then(Told::Done(Notice::MethodAdded));
    let view = view! {
        <AskForm
            state=state
            form=form
            ask=ask
            check=Callback::new(move |pairs: Pairs| check(state, None, false, &pairs))
        >
            // Pressing Enter in a field sends the form with its first button: that must not be "Configure later".
            <button class="vh" tabindex="-1" aria-hidden="true"></button>
            <div>
                <Title dialog=&id>"Add authentication method"</Title>
                <p class="muted" id=lead_id(&id)>"Nothing changes until you enable it."</p>
            </div>
            <SelectField
                state=form
                scope=&id
                field=Field::Provider
                label="Type"
                options=SsoProvider::ALL.map(|provider| (provider.name(), provider.label())).to_vec()
                chosen=first.name()
                start=true
                on_choice=Callback::new(move |name: String| {
                    provider.set(SsoProvider::parse(&name).unwrap_or(SsoProvider::Okta));
                })
            />
            <TextField
                state=form
                scope=&id
                field=Field::Name
                label="Name"
                hint="Shown on this page and in Activity."
                value=initial.value(Field::Name)
            />
            <Protocols state=state form=form id=id.clone() initial=initial provider=provider/>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Configure later" busy="Adding" class="btn" name=resume::LATER/>
                <Submit state=form label="Add" busy="Adding" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}

/// The choice between SAML and OpenID Connect where the provider offers both, and the fields of the chosen one. Without
/// JavaScript all fields show, as nothing could follow the choice.
#[component]
fn Protocols(
    state: State,
    form: FormState,
    id: String,
    initial: Initial,
    provider: RwSignal<SsoProvider>,
) -> impl IntoView {
    let live = state.live;
    let first = initial.protocol();
    let chosen = RwSignal::new(first);
    let protocol = Memo::new(move |_| {
        let offered = provider.get().protocols();
        let usual = offered.first().copied().unwrap_or(Protocol::Saml);
        chosen.get().filter(|protocol| offered.contains(protocol)).unwrap_or(usual)
    });
    let no_choice = move || live.get() && provider.get().protocols().len() < 2;
    let hides = move |other: Protocol| live.get() && protocol.get() == other;
    let legend = move || if live.get() { "vh" } else { "" };
    view! {
        <fieldset class="field" hidden=flag(no_choice) disabled=flag(no_choice)>
            <legend>"Protocol"</legend>
            <div class="choices">
                {[Protocol::Saml, Protocol::Oidc]
                    .map(|this| {
                        let checked = move || if live.get() { protocol.get() == this } else { first == Some(this) };
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=resume::PROTOCOL
                                    value=this.name()
                                    checked=first == Some(this)
                                    prop:checked=checked
                                    on:change=change(move |_| chosen.set(Some(this)))
                                />
                                {this.label()}
                            </label>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </div>
        </fieldset>
        {maybe(move || {
            (!live.get()).then(|| view! { <p class="hint">"Fill in the section for your provider's protocol."</p> })
        })}
        <fieldset class="fields" hidden=flag(move || hides(Protocol::Oidc))>
            <legend class=text(legend)>"SAML"</legend>
            <SamlFields form=form scope=&id initial=initial.clone()/>
        </fieldset>
        <fieldset class="fields" hidden=flag(move || hides(Protocol::Saml))>
            <legend class=legend>"OpenID Connect"</legend>
            <OidcFields form=form scope=&id initial=initial/>
        </fieldset>
    }
    .into_any()
}

/// "Edit “Okta”".
pub(super) fn edit(state: State, returned: &Returned, id: &MethodId) -> Option<AnyView> {
    let method = state.peek(|known| known.method(id).cloned())?;
    let id = returned.dialog.id();
    let initial = Initial { returned: returned.clone(), method: Some(method.clone()) };
    let form = form_state(returned);
    let has_secret = initial.has_secret();
    let provider = method.provider;
    let title = ["Edit “", &method.name, "”"].concat();
    let lead = [provider.label(), " · ", method.protocol.label()].concat();
    // What is not configured yet may still take another protocol.
    let undecided = method.settings.is_none() && provider.protocols().len() > 1;
    let ask = Ask::in_dialog(Edit::PATH, &returned.dialog, HOME).then(Told::Done(Notice::MethodSaved));
    let name = initial.value(Field::Name);
    let fields = match method.protocol {
        _ if undecided => {
            view! { <Protocols state=state form=form id=id.clone() initial=initial provider=RwSignal::new(provider)/> }
                .into_any()
        }
        Protocol::Saml => view! { <SamlFields form=form scope=&id initial=initial/> }.into_any(),
        Protocol::Oidc => view! { <OidcFields form=form scope=&id initial=initial/> }.into_any(),
    };
    let fixed = (!undecided).then_some(method.protocol.name());
    let method_id = method.id.to_string();
    let view = view! {
        <AskForm
            state=state
            form=form
            ask=ask
            check=Callback::new(move |pairs: Pairs| check(state, Some(&method), has_secret, &pairs))
        >
            <input type="hidden" name=resume::ID value=method_id/>
            <input type="hidden" name=Field::Provider.name() value=provider.name()/>
            {fixed.map(|protocol| view! { <input type="hidden" name=resume::PROTOCOL value=protocol/> })}
            <div>
                <Title dialog=&id>{title}</Title>
                <p class="muted" id=lead_id(&id)>{lead}</p>
            </div>
            <TextField state=form scope=&id field=Field::Name label="Name" value=name start=true/>
            {fields}
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Save" busy="Saving" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
