//! Generating a key.

use super::{
    form::SettingsForm,
    state::{State, expiry, submission},
};
use crate::{
    components::{
        dialog::{Cancel, RequestDialog, Title, lead_id},
        field::{Options, SelectField, TextField},
        form::Submit,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::{Dialog, ReturnedForm},
};
use domain::{key::Expiry, validation::field_error::Field};
use leptos::prelude::*;

/// The `id` of the reason that no key can be generated.
const WHY: &str = "no-new-key";

/// "Generate SCIM API Key". A disabled button keeps its place, with the reason.
#[component]
pub(super) fn GenerateButton(state: State) -> impl IntoView {
    let why = state.with(|facts| facts.no_new_key());
    let blocked = why.as_ref().map(|_| WHY.to_owned());
    view! {
        <div class="button-reason">
            <RequestDialog
                dialog=Dialog::GenerateKey.id()
                class="btn btn-primary"
                icon="key"
                label="Generate SCIM API Key"
                blocked=blocked
            />
            {why.map(|why| view! { <p class="hint" id=WHY>{why}</p> })}
        </div>
    }
}

/// "Generate SCIM API key", if a key can be generated.
pub(super) fn content(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let check = state.with(|facts| {
        if facts.no_new_key().is_some() {
            return None;
        }
        Some(facts.usable().fold(Check::new(Rule::Key), |check, key| check.knows("taken", key.name.as_str())))
    })?;
    let id = returned.dialog.id();
    let submission = submission(returned, &[Field::Name, Field::Expiry]);
    let selected = expiry(returned).name();
    let view = view! {
        <SettingsForm state=state action=state.keys_path("generate") check=check>
            <div>
                <Title dialog=&id>"Generate SCIM API key"</Title>
                <p class="muted" id=lead_id(&id)>"It works right away and is shown only once."</p>
            </div>
            <TextField
                scope=&id
                name=Field::Name.name()
                label="Name"
                hint="Name it after the provider and environment, such as “Okta production”. Shown in the key list and in Activity."
                submission=submission.clone()
                start=true
            />
            <SelectField scope=&id name=Field::Expiry.name() label="Expires" submission=submission.clone()>
                <Options
                    options=Expiry::ALL.map(|expiry| (expiry.name(), expiry.label())).to_vec()
                    selected=selected
                />
            </SelectField>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Generate" busy="Generating" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
