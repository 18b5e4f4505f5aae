//! Deleting an SSO method.

use super::{
    methods::HOME,
    notice::Told,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::{
    api::sso::Delete,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::{Notice, Returned},
    resume,
};
use domain::id::MethodId;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Delete “Okta”?"
pub(super) fn content(state: State, returned: &Returned, method_id: &MethodId) -> Option<AnyView> {
    // With it may go the one method that SCIM provisioning works with.
    let (title, last) = state.peek(|known| {
        let method = known.method(method_id)?;
        Some((["Delete “", &method.name, "”?"].concat(), method.enabled && known.data.scim_on))
    })?;
    let id = returned.dialog.id();
    let (method_id, form) = (method_id.to_string(), form_state(returned));
    let ask = Ask::in_dialog(Delete::PATH, &returned.dialog, HOME).then(Told::Done(Notice::MethodDeleted));
    let keeps = if last {
        "SCIM provisioning stays on and its keys keep working, but you can't generate or roll keys until an SSO method is enabled."
    } else {
        ""
    };
    let view = view! {
        <AskForm state=state form=form ask=ask>
            <input type="hidden" name=resume::ID value=method_id/>
            <Title dialog=&id>{title}</Title>
            <p id=lead_id(&id)>"This permanently deletes its settings. " {keeps}</p>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id start=true/>
                <Submit state=form label="Delete method" busy="Deleting" class="btn btn-danger"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
