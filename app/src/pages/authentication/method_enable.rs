//! Enabling an SSO method, where that asks first: a second one while SCIM provisioning is on.

use super::{
    methods::{HOME, method, name, would_be_second},
    page_dialog::PageDialog,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::components::erased::{maybe, part, text};
use crate::{
    api::sso::SetEnabled,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
        icon::Icon,
    },
    model::Dialog,
    resume,
};
use domain::id::MethodId;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Enable “Google”?" It exists only where it may be needed: as the second method, or to go on after signing in again.
#[component]
pub(super) fn EnableMethod(state: State, id: MethodId) -> impl IntoView {
    let method = method(state, id.clone());
    let dialog = Dialog::EnableMethod(id.clone());
    let came_back = state.starts_open(&dialog);
    let off = move || method.with(|method| method.as_ref().is_some_and(|method| !method.enabled));
    let needed = Memo::new(move |_| off() && (came_back || would_be_second(state, &id)));
    maybe(move || {
        needed.get().then(|| {
            let dialog = dialog.clone();
            view! {
                <PageDialog state=state dialog=dialog.clone() home=HOME content=move || view! { <Content state=state dialog=dialog.clone()/> }/>
            }
        })
    })
}

#[component]
fn Content(state: State, dialog: Dialog) -> impl IntoView {
    let Dialog::EnableMethod(id) = dialog.clone() else {
        return ().into_any();
    };
    let method = method(state, id.clone());
    let html_id = dialog.id();
    let form = form_state(state.returned(&dialog).as_ref());
    let ask = Ask::in_dialog(SetEnabled::PATH, dialog, HOME);
    let second = {
        let id = id.clone();
        move || would_be_second(state, &id)
    };
    view! {
        <AskForm state=state form=form ask=ask>
            <input type="hidden" name=resume::ID value=id.to_string()/>
            <input type="hidden" name=resume::ENABLED value="true"/>
            <input type="hidden" name=resume::CONFIRMED value="true"/>
            <Title dialog=&html_id start=true>{text(move || format!("Enable “{}”?", name(method)))}</Title>
            <div id=lead_id(&html_id)>
                {part(move || {
                    if second() {
                        view! { <Consequences/> }.into_any()
                    } else {
                        view! { <p class="muted">"It counts as an SSO method of this team from then on."</p> }.into_any()
                    }
                })}
            </div>
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&html_id/>
                <Submit state=form label="Enable" busy="Enabling" class="btn btn-primary"/>
            </div>
        </AskForm>
    }
    .into_any()
}

#[component]
fn Consequences() -> impl IntoView {
    view! {
        <p class="muted">"SCIM provisioning is on and works with one SSO method. This would be another one."</p>
        <ul class="points">
            <li>
                <Icon name="key"/>
                <span>"Keys that exist keep working."</span>
            </li>
            <li>
                <Icon name="lock"/>
                <span>"No key can be generated or rolled until one method is left."</span>
            </li>
        </ul>
    }
}
