//! Turning SCIM provisioning off: what stays, what stops, what is lifted.

use super::{
    notice::Told,
    provisioning::HOME,
    send::{Ask, AskForm, form_state},
    state::{State, typed},
};
use crate::{
    api::scim::TurnOff as Post,
    components::{
        dialog::{Cancel, Title, lead_id},
        field::{Label, TextField},
        form::{Pairs, Submit, Trouble, value},
        icon::Icon,
    },
    model::{Notice, Returned},
};
use domain::{
    validation::field_error::{self, Field, FieldErrors},
    validation::text::capitalized,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Turn off SCIM provisioning?", while it is on.
pub(super) fn content(state: State, returned: &Returned) -> Option<AnyView> {
    let (provider, keys) =
        state.peek(|known| known.data.scim_on.then(|| (capitalized(&known.provider()), known.usable().count())))?;
    let id = returned.dialog.id();
    let (form, typed) = (form_state(returned), typed(returned, Field::Confirmation));
    let ask = Ask::in_dialog(Post::PATH, &returned.dialog, HOME).then(Told::Done(Notice::ScimOff));
    let team = state.team_name();
    let keys = match keys {
        0 => "Requests from your identity provider are refused immediately.".to_owned(),
        1 => {
            "Requests from your identity provider are refused immediately, and the key stops working while this is off."
                .to_owned()
        }
        count => format!(
            "Requests from your identity provider are refused immediately, and all {count} keys stop working while this is off."
        ),
    };
    let view = view! {
        <AskForm state=state form=form ask=ask check=must_confirm(state.team_name())>
            <Title dialog=&id>"Turn off SCIM provisioning?"</Title>
            <p class="muted" id=lead_id(&id)>
                {provider}
                " stops managing "
                {team.clone()}
                " until you turn this on again."
            </p>
            <ul class="points">
                <li>
                    <Icon name="check"/>
                    <span>
                        <b>"Kept: "</b>
                        "members, groups, keys, and settings. Deactivated members stay deactivated."
                    </span>
                </li>
                <li>
                    <Icon name="ban"/>
                    <span>
                        <b>"Stops: "</b>
                        {keys}
                        " People removed there keep their access here."
                    </span>
                </li>
                <li>
                    <Icon name="lock"/>
                    <span>
                        <b>"Lifted: "</b>
                        "members can leave the team and change their email and password again."
                    </span>
                </li>
            </ul>
            <Confirmation form=form scope=id.clone() name=team value=typed />
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Turn Off" busy="Turning off" class="btn btn-danger"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
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
            label=Label::Confirm(name)
            value=value
            start=true
        />
    }
}

/// What is wrong when `name` was not typed.
pub(super) fn must_confirm(name: String) -> Callback<Pairs, FieldErrors> {
    Callback::new(move |pairs: Pairs| match field_error::confirm(&value(&pairs, Field::Confirmation.name()), &name) {
        Ok(()) => FieldErrors::default(),
        Err(problem) => FieldErrors::one(Field::Confirmation, problem),
    })
}
