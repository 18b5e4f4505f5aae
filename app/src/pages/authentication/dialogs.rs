//! The dialogs of this page: one at a time, built when it is asked for from what is known then.

use super::{generate, keep_one, keys, method_delete, method_enable, method_form, methods, overlap, provisioning};
use super::{revoke, roll, state::State, turn_off, turn_on};
use crate::components::{
    dialog::{Asks, Modal},
    erased::maybe,
};
use crate::{
    model::{Dialog, Returned},
    resume,
};
use leptos::prelude::*;

/// The dialog that is open, if one is, and the form that asks for one.
#[component]
pub(super) fn Dialogs(state: State) -> impl IntoView {
    let open = Callback::new(move |id: String| {
        if let Some(dialog) = Dialog::parse(&id) {
            state.show(dialog);
        }
    });
    view! {
        <Asks action=resume::authentication_path(&state.slug()) open=open/>
        {maybe(move || {
            let returned = state.open.get()?;
            // It stays as it is while it is open, whatever is learned meanwhile.
            untrack(|| dialog(state, returned))
        })}
    }
    .into_any()
}

/// A dialog; `None` where there is nothing to do in it: its key or method is gone, or it was done already.
fn dialog(state: State, returned: Returned) -> Option<AnyView> {
    let (home, content) = match &returned.dialog {
        Dialog::TurnOn => (provisioning::HOME, turn_on::content(state, &returned)),
        Dialog::TurnOff => (provisioning::HOME, turn_off::content(state, &returned)),
        Dialog::AddMethod => (methods::HOME, method_form::add(state, &returned)),
        Dialog::EditMethod(id) => (methods::HOME, method_form::edit(state, &returned, id)),
        Dialog::DeleteMethod(id) => (methods::HOME, method_delete::content(state, &returned, id)),
        Dialog::EnableMethod(id) => (methods::HOME, method_enable::content(state, &returned, id)),
        Dialog::KeepOne => (methods::HOME, keep_one::content(state, &returned)),
        Dialog::GenerateKey => (keys::HOME, generate::content(state, &returned)),
        Dialog::RollKey(id) => (keys::HOME, roll::content(state, &returned, id)),
        Dialog::OverlapKey(id) => (keys::HOME, overlap::content(state, &returned, id)),
        Dialog::EndKey(id) => (keys::HOME, overlap::end(state, &returned, id)),
        Dialog::RevokeKey(id) => (keys::HOME, revoke::content(state, &returned, id)),
    };
    let content = content?;
    let dialog = returned.dialog;
    let id = dialog.id();
    let on_close = Callback::new(move |()| state.closed(&dialog));
    // One that was asked for is written open by the server; in the browser it opens on top of the page.
    let open = !state.stands_ready && !state.live.get_untracked();
    Some(view! { <Modal id=id open=open home=home on_close=on_close content=content/> }.into_any())
}
