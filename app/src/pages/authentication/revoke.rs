//! Revoking a key. The last one that works is protected by its typed name.

use super::{
    keys::HOME,
    notice::Told,
    send::{Ask, AskForm, form_state},
    state::{State, typed},
    turn_off::{Confirmation, must_confirm},
};
use crate::components::erased::{maybe, part};
use crate::{
    api::keys::Revoke,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Pairs, Submit, Trouble},
        time::Time,
    },
    model::{Notice, Returned},
    resume,
};
use domain::{
    key::KeyId,
    validation::field_error::{Field, FieldErrors},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Revoke “Okta production”?", for a key that works and was not rolled.
pub(super) fn content(state: State, returned: &Returned, key_id: &KeyId) -> Option<AnyView> {
    let (name, tail, used, provider, now, alone) = state.peek(|known| {
        let key = known.usable_key(key_id).filter(|key| key.replaced_by.is_none())?;
        let alone = known.usable().count() <= 1;
        Some((key.name.clone(), key.tail.clone(), key.last_used_at, known.provider(), known.data.now, alone))
    })?;
    let id = returned.dialog.id();
    let (key_id, form) = (key_id.to_string(), form_state(returned));
    let ask = Ask::in_dialog(Revoke::PATH, &returned.dialog, HOME).then(Told::Done(Notice::KeyRevoked));
    // The server may know better which key is the last: then it asks for the name, and the field stays.
    let last =
        Memo::new(move |was: Option<&bool>| was == Some(&true) || alone || form.problem(Field::Confirmation).is_some());
    let confirmed = must_confirm(name.clone());
    let check = Callback::new(
        move |pairs: Pairs| {
            if last.get_untracked() { confirmed.run(pairs) } else { FieldErrors::default() }
        },
    );
    let title = ["Revoke “", &name, "”?"].concat();
    let consequence = match used {
        Some(at) => view! {
            "It was last used "
            {part(move || view! { <Time at=at now=now local=state.live.get() inline=true/> })}
            ", so "
            {provider}
            " can't connect until it has another key."
        }
        .into_any(),
        None => "It was never used.".into_any(),
    };
    let confirmation = {
        let (scope, value) = (id.clone(), typed(returned, Field::Confirmation));
        maybe(move || {
            last.get().then(|| {
                view! {
                    <p class="muted">"This is the last active key. Without it, no identity provider can connect."</p>
                    <Confirmation form=form scope=scope.clone() name=name.clone() value=value.clone()/>
                }
            })
        })
    };
    let view = view! {
        <AskForm state=state form=form ask=ask check=check>
            <input type="hidden" name=resume::ID value=key_id/>
            <Title dialog=&id>{title}</Title>
            <p id=lead_id(&id)>
                "The key ending in " {tail} " stops working immediately. This can't be undone. " {consequence}
            </p>
            {confirmation}
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id start=!last.get_untracked()/>
                <Submit state=form label="Revoke key" busy="Revoking" class="btn btn-danger"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
