//! Revoking a key. The last working key needs its name as a confirmation.

use super::{
    form::SettingsForm,
    state::{State, submission},
    turn_off::Confirmation,
};
use crate::{
    api::keys::Revoke,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        local_time::{Moment, TimeFormat},
        notice::Alert,
    },
    forms::{Check, Rule},
    model::ReturnedForm,
    return_to,
};
use domain::{key::KeyId, validation::field_error::Field};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Revoke “Okta production”?", for a working key that was not rolled.
pub(super) fn content(state: State, returned: &ReturnedForm, key_id: &KeyId) -> Option<AnyView> {
    let (name, tail, used, provider, now, alone) = state.with(|facts| {
        let key = facts.usable_key(key_id).filter(|key| key.replaced_by.is_none())?;
        let alone = facts.usable().count() <= 1;
        Some((key.name.clone(), key.tail.clone(), key.last_used_at, facts.provider(), facts.data.now, alone))
    })?;
    let id = returned.dialog.id();
    let (key_id, submission) = (key_id.to_string(), submission(returned, &[Field::Confirmation]));
    // The server may have newer data about the last key. Then it requires the name.
    let is_last = alone || submission.error(Field::Confirmation.name()).is_some();
    let check = is_last.then(|| Check::new(Rule::Confirmation).knows("confirm", name.as_str()));
    let title = ["Revoke “", &name, "”?"].concat();
    let consequence = match used {
        Some(at) => view! {
            "It was last used "
            <Moment at=at now=now kind=TimeFormat::Inline/>
            ", so "
            {provider}
            " can't connect until it has another key."
        }
        .into_any(),
        None => "It was never used.".into_any(),
    };
    let confirmation = is_last.then(|| {
        view! {
            <p class="muted">"This is the last active key. Without it, no identity provider can connect."</p>
            <Confirmation scope=id.clone() confirm=name submission=submission.clone()/>
        }
    });
    let view = view! {
        <SettingsForm state=state action=Revoke::PATH check=check>
            <input type="hidden" name=return_to::ID value=key_id/>
            <Title dialog=&id>{title}</Title>
            <p id=lead_id(&id)>
                "The key ending in " {tail} " stops working immediately. This can't be undone. " {consequence}
            </p>
            {confirmation}
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id start=!is_last/>
                <Submit label="Revoke key" busy="Revoking" class="btn btn-danger"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
