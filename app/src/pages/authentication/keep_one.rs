//! The choice of the one SSO method that stays enabled.

use super::{
    form::SettingsForm,
    methods::kind,
    state::{State, submission},
};
use crate::{
    api::sso::KeepOnly,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::ReturnedForm,
    return_to,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Choose the SSO method to keep", if several are enabled.
pub(super) fn content(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let methods = state.with(|facts| {
        let enabled = facts.data.methods.iter().filter(|method| method.enabled);
        enabled.map(|method| (method.id.to_string(), method.name.clone(), kind(method))).collect::<Vec<_>>()
    });
    if methods.len() < 2 {
        return None;
    }
    let id = returned.dialog.id();
    let submission = submission(returned, &[]);
    let check = Check::new(Rule::Choice).knows("field", return_to::ID);
    let choices = methods
        .into_iter()
        .map(|(id, name, kind)| {
            let label = ["Keep ", &name].concat();
            view! {
                <li>
                    <Submit label=label busy="Disabling" class="btn" name=return_to::ID value=id/>
                    " "
                    <span class="hint">{kind}</span>
                </li>
            }
        })
        .collect_view();
    let view = view! {
        <SettingsForm state=state action=KeepOnly::PATH check=check>
            <div>
                <Title dialog=&id start=true>"Choose the SSO method to keep"</Title>
                <p class="muted" id=lead_id(&id)>"The others are disabled, not deleted. You can enable them again."</p>
            </div>
            <ul class="toolbar" aria-label="Enabled methods">{choices}</ul>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
