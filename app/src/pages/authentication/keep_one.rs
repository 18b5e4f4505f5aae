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

/// "Choose the SSO method to keep", while several are enabled.
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
    let choices = methods
        .into_iter()
        .map(|(id, name, kind)| {
            let label = ["Keep ", &name].concat();
            view! {
                <li>
                    <Submit state=form label=label busy="Disabling" class="btn" name=resume::ID value=id/>
                    " "
                    <span class="hint">{kind}</span>
                </li>
            }
        })
        .collect_view();
    let view = view! {
        <AskForm state=state form=form ask=ask>
            <div>
                <Title dialog=&id start=true>"Choose the SSO method to keep"</Title>
                <p class="muted" id=lead_id(&id)>"The others are disabled, not deleted. You can enable them again."</p>
            </div>
            <ul class="toolbar" aria-label="Enabled methods">{choices}</ul>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
