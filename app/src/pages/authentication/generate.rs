//! Generating a key.

use super::{
    keys::HOME,
    send::{Ask, AskForm, Made, form_state},
    state::{State, expiry, typed},
};
use crate::components::erased::part;
use crate::{
    components::{
        dialog::{Cancel, Opens, Title, lead_id},
        field::{SelectField, TextField},
        form::{Pairs, Submit, Trouble, value},
    },
    model::{Dialog, Returned},
};
use domain::{
    key::{self, Expiry},
    validation::field_error::{Field, FieldErrors},
};
use leptos::prelude::*;

/// The `id` of the reason why no key can be made.
const WHY: &str = "no-new-key";

/// "Generate SCIM API Key". Where it cannot be, it stays in place and says why.
#[component]
pub(super) fn GenerateButton(state: State) -> impl IntoView {
    view! {
        <div class="with-reason">
            {part(move || {
                let why = state.with(|known| known.no_new_key());
                let blocked = why.as_ref().map(|_| WHY.to_owned());
                view! {
                    <Opens
                        dialog=Dialog::GenerateKey.id()
                        class="btn btn-primary"
                        icon="key"
                        label="Generate SCIM API Key"
                        blocked=blocked
                    />
                    {why.map(|why| view! { <p class="hint" id=WHY>{why}</p> })}
                }
            })}
        </div>
    }
}

/// "Generate SCIM API key", where a key can be made.
pub(super) fn content(state: State, returned: &Returned) -> Option<AnyView> {
    if state.peek(|known| known.no_new_key()).is_some() {
        return None;
    }
    let id = returned.dialog.id();
    let form = form_state(returned);
    let (name, expires) = (typed(returned, Field::Name), expiry(returned).value());
    let ask = Ask { makes: Some(Made::AsTyped), ..Ask::in_dialog(state.keys_path("generate"), &returned.dialog, HOME) };
    let check = Callback::new(move |pairs: Pairs| {
        let mut problems = FieldErrors::default();
        state.peek(|known| {
            let names = known.usable().map(|key| key.name.as_str());
            problems.check(Field::Name, key::name(value(&pairs, Field::Name.name()), names));
        });
        problems.check(Field::Expiry, Expiry::parse(value(&pairs, Field::Expiry.name())));
        problems
    });
    let view = view! {
        <AskForm state=state form=form ask=ask check=check>
            <div>
                <Title dialog=&id>"Generate SCIM API key"</Title>
                <p class="muted" id=lead_id(&id)>"It works right away and is shown only once."</p>
            </div>
            <TextField
                state=form
                scope=&id
                field=Field::Name
                label="Name"
                hint="Name it after the provider and environment, such as “Okta production”. Shown in the key list and in Activity."
                value=name
                start=true
            />
            <SelectField
                state=form
                scope=&id
                field=Field::Expiry
                label="Expires"
                options=Expiry::ALL.map(|expiry| (expiry.value(), expiry.label())).to_vec()
                chosen=expires
            />
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Generate" busy="Generating" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
