//! Choosing the one SSO method that stays enabled.

use super::{
    methods::{HOME, kind},
    notice::Told,
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::{change, maybe};
use crate::{
    api::sso::KeepOnly,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::Dialog,
    resume,
};
use domain::sso::SsoMethod;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Keep one SSO method". It exists only while several are enabled.
#[component]
pub(super) fn KeepOne(state: State) -> impl IntoView {
    let enabled = Memo::new(move |_| {
        state.data.with(|data| data.methods.iter().filter(|method| method.enabled).cloned().collect::<Vec<_>>())
    });
    maybe(move || {
        let methods = enabled.get();
        (methods.len() > 1).then(|| {
            let dialog = Dialog::KeepOne;
            view! {
                <PageDialog state=state dialog=dialog home=HOME content=move || view! { <Content state=state methods=methods.clone()/> }/>
            }
        })
    })
}

#[component]
fn Content(state: State, methods: Vec<SsoMethod>) -> impl IntoView {
    let dialog = Dialog::KeepOne;
    let id = dialog.id();
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let typed = returned.and_then(|returned| returned.typed.into_iter().find(|(name, _)| name == resume::ID));
    let first = methods
        .iter()
        .find(|method| typed.as_ref().is_some_and(|(_, id)| method.id.as_str() == id))
        .or(methods.first())
        .cloned();
    let kept = RwSignal::new(first);
    let kept_id = move || kept.with(|kept| kept.as_ref().map(|method| method.id.clone()));
    let kept_name = move || kept.with(|kept| kept.as_ref().map(|method| method.name.clone()).unwrap_or_default());
    let ask =
        Signal::derive(move || Ask::in_dialog(KeepOnly::PATH, Dialog::KeepOne, HOME).then(Told::KeptOnly(kept_name())));
    let choices = methods
        .into_iter()
        .map(|method| {
            let (name, kind, value) = (method.name.clone(), kind(&method), method.id.to_string());
            let checked = untrack(kept_id).as_ref() == Some(&method.id);
            view! {
                <label>
                    <input
                        type="radio"
                        name=resume::ID
                        value=value
                        checked=checked
                        on:change=change(move |_| kept.set(Some(method.clone())))
                    />
                    <span>
                        <b>{name}</b>
                        <br/>
                        <span class="hint">{kind}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <AskForm state=state form=form ask=ask>
            <div>
                <Title dialog=&id start=true>"Keep one SSO method"</Title>
                <p class="muted" id=lead_id(&id)>"The others are switched off. Nothing is deleted, and you can enable them again."</p>
            </div>
            <fieldset class="field">
                <legend class="vh">"Method to keep"</legend>
                <div class="choices">{choices}</div>
            </fieldset>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Keep this one" busy="Switching off" class="btn btn-primary"/>
            </div>
        </AskForm>
    }
    .into_any()
}
