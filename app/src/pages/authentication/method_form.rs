//! The forms for a new and an existing SSO method.

use super::{
    form::SettingsForm,
    method_fields::{Initial, OidcFields, SamlFields},
    state::{State, submission},
};
use crate::{
    api::sso::{Add, Edit},
    components::{
        dialog::{Cancel, Title, lead_id},
        field::{Options, SelectField, TextField},
        form::Submit,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::{ReturnedForm, SubmittedForm},
    return_to,
};
use domain::{
    id::MethodId,
    sso::{Protocol, SsoProvider},
    validation::field_error::Field,
};
use leptos::{prelude::*, server_fn::ServerFn};

const FIELDS: [Field; 9] = [
    Field::Provider,
    Field::Name,
    Field::EntityId,
    Field::SignInUrl,
    Field::Certificate,
    Field::Metadata,
    Field::Issuer,
    Field::ClientId,
    Field::ClientSecret,
];

/// The check of a method against all others.
fn check(state: State, edited: Option<&MethodId>, has_secret: bool) -> Check {
    state.with(|facts| {
        let check = Check::new(Rule::Method).knows("now", facts.data.now.to_string());
        let check = if has_secret { check.knows("secret", "stored") } else { check };
        let others = facts.data.methods.iter().filter(|method| Some(&method.id) != edited);
        others.fold(check, |check, method| check.knows("taken", method.name.as_str()))
    })
}

/// "Add authentication method".
pub(super) fn add(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let id = returned.dialog.id();
    let initial = Initial { returned: returned.clone(), method: None };
    let submission = submission(returned, &FIELDS);
    let first = SsoProvider::from_name(&initial.value(Field::Provider)).unwrap_or(SsoProvider::Okta);
    let view = view! {
        <SettingsForm state=state action=Add::PATH check=check(state, None, false)>
            // Enter in a field submits the form with its first button, which must not be "Configure later".
            <button class="visually-hidden" tabindex="-1" aria-hidden="true"></button>
            <div>
                <Title dialog=&id>"Add authentication method"</Title>
                <p class="muted" id=lead_id(&id)>"Nothing changes until you enable it."</p>
            </div>
            <SelectField
                scope=&id
                name=Field::Provider.name()
                label="Type"
                submission=submission.clone()
                start=submission.errors.is_empty()
            >
                <Options
                    options=SsoProvider::ALL.map(|provider| (provider.name(), provider.label())).to_vec()
                    selected=first.name()
                />
            </SelectField>
            <TextField
                scope=&id
                name=Field::Name.name()
                label="Name"
                hint="Shown on this page and in Activity."
                value=initial.value(Field::Name)
                submission=submission.clone()
            />
            <Protocols id=id.clone() initial=initial submission=submission.clone()/>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Configure later" busy="Adding" class="btn" name=return_to::LATER/>
                <Submit label="Add" busy="Adding" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}

/// The choice between SAML and OpenID Connect if the provider supports both, and the fields of the selected one.
/// Without JavaScript all fields are visible, because no script updates them.
#[component]
fn Protocols(id: String, initial: Initial, submission: SubmittedForm) -> impl IntoView {
    let first = initial.protocol();
    view! {
        <div class="field-group" data-protocols="">
            <fieldset class="field" data-protocol-choice="">
                <legend>"Protocol"</legend>
                <div class="field-choices">
                    {[Protocol::Saml, Protocol::Oidc]
                        .map(|this| {
                            view! {
                                <label>
                                    <input type="radio" name=return_to::PROTOCOL value=this.name() checked=first == Some(this)/>
                                    {this.label()}
                                </label>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                </div>
            </fieldset>
            <p class="hint" data-unscripted="">"Fill in the section for your provider's protocol."</p>
            <fieldset class="field-group" data-protocol=Protocol::Saml.name()>
                <legend>"SAML"</legend>
                <SamlFields scope=&id initial=initial.clone() submission=submission.clone()/>
            </fieldset>
            <fieldset class="field-group" data-protocol=Protocol::Oidc.name()>
                <legend>"OpenID Connect"</legend>
                <OidcFields scope=&id initial=initial submission=submission/>
            </fieldset>
        </div>
    }
    .into_any()
}

/// "Edit “Okta”".
pub(super) fn edit(state: State, returned: &ReturnedForm, id: &MethodId) -> Option<AnyView> {
    let method = state.with(|facts| facts.method(id).cloned())?;
    let id = returned.dialog.id();
    let initial = Initial { returned: returned.clone(), method: Some(method.clone()) };
    let submission = submission(returned, &FIELDS);
    let has_secret = initial.has_secret();
    let provider = method.provider;
    let title = ["Edit “", &method.name, "”"].concat();
    let lead = [provider.label(), " · ", method.protocol.label()].concat();
    // A method without settings can still change its protocol.
    let undecided = method.settings.is_none() && provider.protocols().len() > 1;
    let name = initial.value(Field::Name);
    let fields = match method.protocol {
        _ if undecided => view! { <Protocols id=id.clone() initial=initial submission=submission.clone()/> }.into_any(),
        Protocol::Saml => view! { <SamlFields scope=&id initial=initial submission=submission.clone()/> }.into_any(),
        Protocol::Oidc => view! { <OidcFields scope=&id initial=initial submission=submission.clone()/> }.into_any(),
    };
    let fixed = (!undecided).then_some(method.protocol.name());
    let method_id = method.id.to_string();
    let view = view! {
        <SettingsForm state=state action=Edit::PATH check=check(state, Some(&method.id), has_secret)>
            <input type="hidden" name=return_to::ID value=method_id/>
            <input type="hidden" name=Field::Provider.name() value=provider.name()/>
            {fixed.map(|protocol| view! { <input type="hidden" name=return_to::PROTOCOL value=protocol/> })}
            <div>
                <Title dialog=&id>{title}</Title>
                <p class="muted" id=lead_id(&id)>{lead}</p>
            </div>
            <TextField scope=&id name=Field::Name.name() label="Name" value=name submission=submission.clone() start=true/>
            {fields}
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Save" busy="Saving" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
