//! Revoking a key. The last one that works is protected by its typed name.

use super::{
    keys::{HOME, key, name, tail},
    notice::Told,
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::{State, typed},
    turn_off::{Confirmation, must_confirm},
};
use crate::components::erased::{maybe, part, text};
use crate::{
    api::keys::Revoke,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{FormState, Pairs, Submit, Trouble},
        time::Time,
    },
    model::{Dialog, Notice, Returned},
    resume,
};
use domain::{
    key::{KeyId, ScimKey},
    problem::{Field, Problems},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Revoke “Okta production”?"
#[component]
pub(super) fn RevokeKey(state: State, id: KeyId) -> impl IntoView {
    let key = key(state, id.clone());
    let dialog = Dialog::RevokeKey(id);
    let content = {
        let dialog = dialog.clone();
        move || view! { <Content state=state key=key dialog=dialog.clone()/> }
    };
    view! {
        <PageDialog state=state dialog=dialog home=HOME content=content/>
    }
}

#[component]
fn Content(state: State, key: Memo<Option<ScimKey>>, dialog: Dialog) -> impl IntoView {
    let id = dialog.id();
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let ask = Ask::in_dialog(Revoke::PATH, dialog, HOME).then(Told::Done(Notice::KeyRevoked));
    // The server may know better which key is the last: then it asks for the name, and the field stays.
    let last = Memo::new(move |was: Option<&bool>| {
        let asked = form.problem(Field::Confirmation).is_some();
        was == Some(&true) || asked || state.usable_keys() <= 1
    });
    let check = Callback::new(move |pairs: Pairs| {
        if last.get_untracked() { must_confirm(untrack(|| name(key))).run(pairs) } else { Problems::default() }
    });
    let last_used = Memo::new(move |_| key.with(|key| key.as_ref().and_then(|key| key.last_used_at)));
    let key_id = key.with_untracked(|key| key.as_ref().map(|key| key.id.to_string()).unwrap_or_default());
    view! {
        <AskForm state=state form=form ask=ask check=check>
            <input type="hidden" name=resume::ID value=key_id/>
            <Title dialog=&id>{text(move || format!("Revoke “{}”?", name(key)))}</Title>
            <p id=lead_id(&id)>
                "The key ending in "
                {text(move || tail(key))}
                " stops working at once and can't be brought back. "
                {part(move || match last_used.get() {
                    Some(at) => {
                        view! {
                            "It was last used "
                            <Time at=at now=state.now() inline=true/>
                            ", so "
                            {state.provider()}
                            " will fail until it has another key."
                        }
                            .into_any()
                    }
                    None => "It was never used.".into_any(),
                })}
            </p>
            <LastField form=form scope=id.clone() last=last key=key returned=returned/>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id start=!last.get_untracked()/>
                <Submit state=form label="Revoke key" busy="Revoking" class="btn btn-danger"/>
            </div>
        </AskForm>
    }
    .into_any()
}

/// The field for the name, where this is the last key that works.
#[component]
fn LastField(
    form: FormState,
    scope: String,
    last: Memo<bool>,
    key: Memo<Option<ScimKey>>,
    returned: Option<Returned>,
) -> impl IntoView {
    maybe(move || {
        last.get().then(|| {
            view! {
                <p class="muted">"It is the last key that works. Without it, no identity provider can reach this team."</p>
                <Confirmation
                    form=form
                    scope=scope.clone()
                    name=untrack(|| name(key))
                    value=typed(returned.as_ref(), Field::Confirmation)
                />
            }
        })
    })
}
