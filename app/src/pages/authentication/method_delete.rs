//! Deleting an SSO method.

use super::{
    methods::{HOME, method, name},
    notice::Told,
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::text;
use crate::{
    api::sso::Delete,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::{Dialog, Notice},
    resume,
};
use domain::{id::MethodId, sso::SsoMethod};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Delete “Okta”?"
#[component]
pub(super) fn DeleteMethod(state: State, id: MethodId) -> impl IntoView {
    let method = method(state, id.clone());
    let dialog = Dialog::DeleteMethod(id);
    view! {
        <PageDialog state=state dialog=dialog.clone() home=HOME content=move || view! { <Content state=state method=method dialog=dialog.clone()/> }/>
    }
}

#[component]
fn Content(state: State, method: Memo<Option<SsoMethod>>, dialog: Dialog) -> impl IntoView {
    let html_id = dialog.id();
    let method_id =
        method.with_untracked(|method| method.as_ref().map(|method| method.id.to_string()).unwrap_or_default());
    let form = form_state(state.returned(&dialog).as_ref());
    let ask = Ask::in_dialog(Delete::PATH, dialog.clone(), HOME).then(Told::Done(Notice::MethodDeleted));
    // With it goes the one method that SCIM provisioning works with.
    let last = move || {
        let enabled = method.with(|method| method.as_ref().is_some_and(|method| method.enabled));
        enabled && state.is_on()
    };
    view! {
        <AskForm state=state form=form ask=ask>
            <input type="hidden" name=resume::ID value=method_id/>
            <Title dialog=&html_id>{text(move || format!("Delete “{}”?", name(method)))}</Title>
            <p id=lead_id(&html_id)>
                "Its settings are deleted and can't be brought back. "
                {text(move || {
                    if last() {
                        "SCIM provisioning stays on and its keys keep working, but new keys wait until one SSO method is enabled."
                    } else {
                        ""
                    }
                })}
            </p>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&html_id start=true/>
                <Submit state=form label="Delete method" busy="Deleting" class="btn btn-danger"/>
            </div>
        </AskForm>
    }
    .into_any()
}
