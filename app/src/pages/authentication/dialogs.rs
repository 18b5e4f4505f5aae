//! The dialogs of this page. The server renders one at a time, with the current data.

use super::{generate, keep_one, method_delete, method_enable, method_form, overlap};
use super::{revoke, roll, state::State, turn_off, turn_on};
use crate::{
    components::dialog::{DialogRequests, Modal},
    model::{Dialog, ReturnedForm},
    return_to,
};
use leptos::prelude::*;

/// The open dialog, if there is one, and the form that requests dialogs.
#[component]
pub(super) fn AuthenticationDialogs(state: State) -> impl IntoView {
    view! {
        <DialogRequests action=return_to::authentication_path(&state.slug())/>
        {state.open().and_then(|returned| dialog(state, &returned))}
    }
}

/// A dialog; `None` if there is nothing to do, because its key or method does not exist or is in the requested state.
fn dialog(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let content = match &returned.dialog {
        Dialog::TurnOn => turn_on::content(state, returned),
        Dialog::TurnOff => turn_off::content(state, returned),
        Dialog::AddMethod => method_form::add(state, returned),
        Dialog::EditMethod(id) => method_form::edit(state, returned, id),
        Dialog::DeleteMethod(id) => method_delete::content(state, returned, id),
        Dialog::EnableMethod(id) => method_enable::content(state, returned, id),
        Dialog::KeepOne => keep_one::content(state, returned),
        Dialog::GenerateKey => generate::content(state, returned),
        Dialog::RollKey(id) => roll::content(state, returned, id),
        Dialog::OverlapKey(id) => overlap::content(state, returned, id),
        Dialog::EndKey(id) => overlap::end(state, returned, id),
        Dialog::RevokeKey(id) => revoke::content(state, returned, id),
    }?;
    Some(view! { <Modal id=returned.dialog.id() open=!state.is_closed>{content}</Modal> }.into_any())
}
