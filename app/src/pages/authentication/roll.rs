//! Rolling a key: a new one with the same name, while the old one works on for a while.

use super::{
    keys::{HOME, key, name, tail},
    overlap::{Overlaps, check_overlap, overlap},
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::text;
use crate::{
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::Dialog,
    resume,
};
use domain::key::{KeyId, ScimKey};
use leptos::prelude::*;

/// "Roll “Okta production”?"
#[component]
pub(super) fn RollKey(state: State, id: KeyId) -> impl IntoView {
    let key = key(state, id.clone());
    let dialog = Dialog::RollKey(id);
    view! {
        <PageDialog state=state dialog=dialog.clone() home=HOME content=move || view! { <Content state=state key=key dialog=dialog.clone()/> }/>
    }
}

#[component]
fn Content(state: State, key: Memo<Option<ScimKey>>, dialog: Dialog) -> impl IntoView {
    let html_id = dialog.id();
    let key_id = key.with_untracked(|key| key.as_ref().map(|key| key.id.to_string()).unwrap_or_default());
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let ask = {
        let (url, dialog) = (state.keys_path("roll"), dialog.clone());
        Signal::derive(move || Ask { key_name: Some(name(key)), ..Ask::in_dialog(url.clone(), dialog.clone(), HOME) })
    };
    view! {
        <AskForm state=state form=form ask=ask check=Callback::new(|pairs| check_overlap(&pairs))>
            <input type="hidden" name=resume::ID value=key_id/>
            <div>
                <Title dialog=&html_id start=true>
                    {text(move || format!("Roll “{}”?", name(key)))}
                </Title>
                <p class="muted" id=lead_id(&html_id)>
                    "You get a new key with the same name. The old one, ending in "
                    {text(move || tail(key))}
                    ", keeps working while you replace it in "
                    {text(move || state.provider())}
                    "."
                </p>
            </div>
            <Overlaps form=form scope=html_id.clone() chosen=overlap(returned.as_ref())/>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&html_id/>
                <Submit state=form label="Roll key" busy="Rolling" class="btn btn-primary"/>
            </div>
        </AskForm>
    }
    .into_any()
}
