//! Revoking a key. The last one that works is protected by its typed name.

use super::{
    form::TeamForm,
    state::{State, sent},
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

/// "Revoke “Okta production”?", for a key that works and was not rolled.
pub(super) fn content(state: State, returned: &ReturnedForm, key_id: &KeyId) -> Option<AnyView> {
    let (name, tail, used, provider, now, alone) = state.with(|known| {
        let key = known.usable_key(key_id).filter(|key| key.replaced_by.is_none())?;
        let alone = known.usable().count() <= 1;
        Some((key.name.clone(), key.tail.clone(), key.last_used_at, known.provider(), known.data.now, alone))
    })?;
    let id = returned.dialog.id();
    let (key_id, sent) = (key_id.to_string(), sent(returned, &[Field::Confirmation]));
    // The server may know better which key is the last: then it asks for the name.
    let is_last = alone || sent.problem(Field::Confirmation.name()).is_some();
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
            <Confirmation scope=id.clone() confirm=name sent=sent.clone()/>
        }
    });
    let view = view! {
        <TeamForm state=state action=Revoke::PATH check=check>
            <input type="hidden" name=return_to::ID value=key_id/>
            <Title dialog=&id>{title}</Title>
            <p id=lead_id(&id)>
                "The key ending in " {tail} " stops working immediately. This can't be undone. " {consequence}
            </p>
            {confirmation}
            <Alert why=sent.refused/>
            <div class="actions">
                <Cancel dialog=&id start=!is_last/>
                <Submit label="Revoke key" busy="Revoking" class="btn btn-danger"/>
            </div>
        </TeamForm>
    };
    Some(view.into_any())
}
