//! Rolling a key: a new one with the same name, while the old one keeps working for a while.

use super::{
    form::SettingsForm,
    overlap::overlaps,
    state::{State, submission},
};
use crate::{
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::ReturnedForm,
    return_to,
};
use domain::{key::KeyId, validation::field_error::Field};
use leptos::prelude::*;

/// "Roll “Okta production”?", for a working key that was not rolled yet.
pub(super) fn content(state: State, returned: &ReturnedForm, key_id: &KeyId) -> Option<AnyView> {
    let (name, tail, provider) = state.with(|facts| {
        let key = facts.usable_key(key_id).filter(|key| key.replaced_by.is_none())?;
        Some((key.name.clone(), key.tail.clone(), facts.provider()))
    })?;
    let id = returned.dialog.id();
    let (key_id, submission) = (key_id.to_string(), submission(returned, &[Field::Overlap]));
    let title = ["Roll “", &name, "”?"].concat();
    let choices = overlaps(&submission, returned);
    let view = view! {
        <SettingsForm state=state action=state.keys_path("roll") check=Check::new(Rule::Overlap)>
            <input type="hidden" name=return_to::ID value=key_id/>
            <div>
                <Title dialog=&id start=true>{title}</Title>
                <p class="muted" id=lead_id(&id)>
                    "You'll get a new key with the same name. The old one, ending in " {tail}
                    ", keeps working while you update " {provider} "."
                </p>
            </div>
            {choices}
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Roll key" busy="Rolling" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
