//! Rolling a key: a new one with the same name, while the old one works on for a while.

use super::{
    keys::HOME,
    overlap::{check_overlap, overlaps},
    send::{Ask, AskForm, Made, form_state},
    state::State,
};
use crate::{
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
    },
    model::Returned,
    resume,
};
use domain::key::KeyId;
use leptos::prelude::*;

/// "Roll “Okta production”?", for a key that works and was not rolled yet.
pub(super) fn content(state: State, returned: &Returned, key_id: &KeyId) -> Option<AnyView> {
    let (name, tail, provider) = state.peek(|known| {
        let key = known.usable_key(key_id).filter(|key| key.replaced_by.is_none())?;
        Some((key.name.clone(), key.tail.clone(), known.provider()))
    })?;
    let id = returned.dialog.id();
    let (key_id, form) = (key_id.to_string(), form_state(returned));
    let title = ["Roll “", &name, "”?"].concat();
    let ask = Ask { makes: Some(Made::Named(name)), ..Ask::in_dialog(state.keys_path("roll"), &returned.dialog, HOME) };
    let choices = overlaps(form, returned);
    let view = view! {
        <AskForm state=state form=form ask=ask check=Callback::new(|pairs| check_overlap(&pairs))>
            <input type="hidden" name=resume::ID value=key_id/>
            <div>
                <Title dialog=&id start=true>{title}</Title>
                <p class="muted" id=lead_id(&id)>
                    "You'll get a new key with the same name. The old one, ending in " {tail}
                    ", keeps working while you update " {provider} "."
                </p>
            </div>
            {choices}
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Roll key" busy="Rolling" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
