//! Turning SCIM provisioning off: what stays, what stops, what is lifted.

use super::{
    notice::Told,
    page_dialog::PageDialog,
    provisioning::HOME,
    send::{Ask, AskForm, form_state},
    state::{State, typed},
    turn_on::capitalised,
};
use crate::components::erased::text;
use crate::{
    api::scim::TurnOff as Post,
    components::{
        dialog::{Cancel, Title, lead_id},
        field::TextField,
        form::{Pairs, Submit, Trouble, value},
        icon::Icon,
    },
    model::{Dialog, Notice},
};
use domain::problem::{Field, Problem, Problems};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Turn off SCIM provisioning?"
#[component]
pub(super) fn TurnOff(state: State) -> impl IntoView {
    let dialog = Dialog::TurnOff;
    view! {
        <PageDialog state=state dialog=dialog home=HOME content=move || view! { <Content state=state/> }/>
    }
}

#[component]
fn Content(state: State) -> impl IntoView {
    let dialog = Dialog::TurnOff;
    let id = dialog.id();
    let returned = state.returned(&dialog);
    let form = form_state(returned.as_ref());
    let ask = Ask::in_dialog(Post::PATH, dialog, HOME).then(Told::Done(Notice::ScimOff));
    let team = state.team_name();
    let keys = move || match state.usable_keys() {
        0 => "Your identity provider's requests are refused at once.".to_owned(),
        1 => {
            "Your identity provider's requests are refused at once; the key stops working while this is off.".to_owned()
        }
        count => format!(
            "Your identity provider's requests are refused at once; all {count} keys stop working while this is off."
        ),
    };
    view! {
        <AskForm state=state form=form ask=ask check=must_confirm(state.team_name())>
            <Title dialog=&id>"Turn off SCIM provisioning?"</Title>
            <p class="muted" id=lead_id(&id)>
                {text(move || capitalised(state.provider()))}
                " stops managing "
                {team.clone()}
                " until you turn this on again."
            </p>
            <ul class="points">
                <li>
                    <Icon name="check"/>
                    <span>
                        <b>"Kept: "</b>
                        "members, groups, keys and settings. Deactivated members stay deactivated."
                    </span>
                </li>
                <li>
                    <Icon name="ban"/>
                    <span>
                        <b>"Stops: "</b>
                        {text(keys)}
                        " Someone removed there keeps access here."
                    </span>
                </li>
                <li>
                    <Icon name="lock"/>
                    <span>
                        <b>"Lifted: "</b>
                        "members can leave the team and change their e-mail and password again."
                    </span>
                </li>
            </ul>
            <Confirmation form=form scope=id.clone() name=team value=typed(returned.as_ref(), Field::Confirmation) />
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Turn Off" busy="Turning off" class="btn btn-danger"/>
            </div>
        </AskForm>
    }
    .into_any()
}

/// The field in which a name is typed to confirm.
#[component]
pub(super) fn Confirmation(
    form: crate::components::form::FormState,
    scope: String,
    /// What has to be typed.
    name: String,
    value: String,
) -> impl IntoView {
    view! {
        <TextField
            state=form
            scope=scope
            field=Field::Confirmation
            label=move || view! { "Type "<b>{name}</b>" to confirm" }
            value=value
            start=true
        />
    }
}

/// What is wrong when `name` was not typed.
pub(super) fn must_confirm(name: String) -> Callback<Pairs, Problems> {
    Callback::new(move |pairs: Pairs| {
        if value(&pairs, Field::Confirmation.name()).trim() == name.trim() {
            Problems::default()
        } else {
            Problems::one(Field::Confirmation, Problem::NotConfirmed(name.clone()))
        }
    })
}
