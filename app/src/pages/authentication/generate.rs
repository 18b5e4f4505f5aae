//! Generating a key.

use super::{
    keys::HOME,
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::{State, expiry, typed},
};
use crate::components::erased::{attr, maybe};
use crate::{
    components::{
        dialog::{Cancel, Title, lead_id},
        field::{SelectField, TextField},
        form::{Pairs, Submit, Trouble, value},
        icon::Icon,
    },
    model::Dialog,
};
use domain::{
    key::{self, Expiry},
    problem::{Field, Problems},
};
use leptos::prelude::*;

/// The `id` of the reason why no key can be made.
const WHY: &str = "no-new-key";

/// "Generate SCIM API Key". Where it cannot be, it stays in place and says why.
#[component]
pub(super) fn GenerateButton(state: State) -> impl IntoView {
    let why = Memo::new(move |_| state.no_new_key());
    let can = move || why.with(Option::is_none);
    view! {
        <div class="with-reason">
            <button
                class="btn btn-primary"
                type="button"
                command=attr(move || can().then_some("show-modal"))
                commandfor=attr(move || can().then(|| Dialog::GenerateKey.id()))
                aria-disabled=attr(move || (!can()).then_some("true"))
                aria-describedby=attr(move || (!can()).then_some(WHY))
            >
                <Icon name="key"/>
                "Generate SCIM API Key"
            </button>
            {maybe(move || why.get().map(|why| view! { <p class="hint" id=WHY>{why}</p> }.into_any()))}
        </div>
    }
}

/// "Generate SCIM API key". It exists only where a key can be made.
#[component]
pub(super) fn Generate(state: State) -> impl IntoView {
    let can = Memo::new(move |_| state.no_new_key().is_none());
    maybe(move || {
        can.get().then(|| {
            view! {
                <PageDialog state=state dialog=Dialog::GenerateKey home=HOME content=move || view! { <Content state=state/> }/>
            }
        })
    })
}

#[component]
fn Content(state: State) -> impl IntoView {
    let dialog = Dialog::GenerateKey;
    let id = dialog.id();
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let name = RwSignal::new(String::new());
    let url = state.keys_path("generate");
    let ask = Signal::derive(move || Ask {
        key_name: Some(name.get()),
        ..Ask::in_dialog(url.clone(), Dialog::GenerateKey, HOME)
    });
    let check = Callback::new(move |pairs: Pairs| {
        let typed = value(&pairs, Field::Name.name());
        name.set(typed.trim().to_owned());
        let mut problems = Problems::default();
        let names = state.key_names();
        problems.check(Field::Name, key::name(typed, names.iter().map(String::as_str)));
        problems.check(Field::Expiry, Expiry::parse(value(&pairs, Field::Expiry.name())));
        problems
    });
    view! {
        <AskForm state=state form=form ask=ask check=check>
            <div>
                <Title dialog=&id>"Generate SCIM API key"</Title>
                <p class="muted" id=lead_id(&id)>"It works at once, and is shown only once."</p>
            </div>
            <TextField
                state=form
                scope=&id
                field=Field::Name
                label=|| "Name"
                hint="Use the provider and where it runs. The name appears in the key list and in Activity."
                value=typed(returned.as_ref(), Field::Name)
                start=true
            />
            <SelectField
                state=form
                scope=&id
                field=Field::Expiry
                label="Expires"
                options=Expiry::ALL.map(|expiry| (expiry.value(), expiry.label())).to_vec()
                chosen=expiry(returned.as_ref()).value()
            />
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Generate" busy="Generating" class="btn btn-primary"/>
            </div>
        </AskForm>
    }
    .into_any()
}
