//! Deleting an SSO method.

use super::{
    form::SettingsForm,
    state::{State, submission},
};
use crate::{
    api::sso::Delete,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        notice::Alert,
    },
    model::ReturnedForm,
    return_to,
};
use domain::id::MethodId;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Delete “Okta”?"
pub(super) fn content(state: State, returned: &ReturnedForm, method_id: &MethodId) -> Option<AnyView> {
    // It may be the only method that SCIM provisioning works with.
    let (title, last) = state.with(|facts| {
        let method = facts.method(method_id)?;
        Some((["Delete “", &method.name, "”?"].concat(), method.enabled && facts.data.scim_on))
    })?;
    let id = returned.dialog.id();
    let (method_id, submission) = (method_id.to_string(), submission(returned, &[]));
    let keeps = if last {
        "SCIM provisioning stays on and its keys keep working, but you can't generate or roll keys until an SSO method is enabled."
    } else {
        ""
    };
    let view = view! {
        <SettingsForm state=state action=Delete::PATH>
            <input type="hidden" name=return_to::ID value=method_id/>
            <Title dialog=&id>{title}</Title>
            <p id=lead_id(&id)>"This permanently deletes its settings. " {keeps}</p>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id start=true/>
                <Submit label="Delete method" busy="Deleting" class="btn btn-danger"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
