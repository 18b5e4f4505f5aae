//! Choosing the one SSO method that stays enabled.

use super::{
    methods::{HOME, kind},
    notice::Told,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::{
    api::sso::KeepOnly,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::Returned,
    resume,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Keep one SSO method", while several are enabled.
pub(super) fn content(state: State, returned: &Returned) -> Option<AnyView> {
    let methods = state.peek(|known| {
        let enabled = known.data.methods.iter().filter(|method| method.enabled);
        enabled.map(|method| (method.id.to_string(), method.name.clone(), kind(method))).collect::<Vec<_>>()
    });
    if methods.len() < 2 {
        return None;
    }
    let id = returned.dialog.id();
    let form = form_state(returned);
    let ask = Ask::in_dialog(KeepOnly::PATH, &returned.dialog, HOME).then(Told::KeptOne);
    let typed = returned.typed.iter().find(|(name, _)| name == resume::ID).map(|(_, id)| id.as_str());
    let kept = methods.iter().position(|(id, ..)| Some(id.as_str()) == typed).unwrap_or_default();
    let choices = methods
        .into_iter()
        .enumerate()
        .map(|(index, (id, name, kind))| {
            view! {
                <label>
                    <input type="radio" name=resume::ID value=id checked=index == kept/>
                    <span>
                        <b>{name}</b>
                        <br/>
                        <span class="hint">{kind}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let view = view! {
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
    };
    Some(view.into_any())
}
