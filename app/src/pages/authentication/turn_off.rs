//! Turning SCIM provisioning off, with the consequences.

use super::{
    form::SettingsForm,
    state::{State, submission},
};
use crate::{
    api::scim::TurnOff as Post,
    components::{
        dialog::{Cancel, Title, lead_id},
        field::{Label, TextField},
        form::Submit,
        icon::Icon,
        notice::Alert,
    },
    forms::{Check, Rule},
    model::{ReturnedForm, SubmittedForm},
};
use domain::validation::{field_error::Field, text::capitalized};
use leptos::{prelude::*, server_fn::ServerFn};

/// "Turn off SCIM provisioning?", while it is on.
pub(super) fn content(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let (provider, keys) =
        state.with(|facts| facts.data.scim_on.then(|| (capitalized(&facts.provider()), facts.usable().count())))?;
    let id = returned.dialog.id();
    let submission = submission(returned, &[Field::Confirmation]);
    let check = Check::new(Rule::Confirmation).knows("confirm", state.team_name());
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
        <SettingsForm state=state action=Post::PATH check=check>
            <Title dialog=&id>"Turn off SCIM provisioning?"</Title>
            <p class="muted" id=lead_id(&id)>
                {provider}
                " stops managing "
                {team.clone()}
                " until you turn this on again."
            </p>
            <ul class="point-list">
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
            <Confirmation scope=id.clone() confirm=team submission=submission.clone()/>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Turn Off" busy="Turning off" class="btn btn-danger"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}

/// The field for a name as a confirmation.
#[component]
pub(super) fn Confirmation(scope: String, confirm: String, submission: SubmittedForm) -> impl IntoView {
    view! {
        <TextField
            scope=scope
            name=Field::Confirmation.name()
            label=Label::Confirm(confirm)
            submission=submission
            start=true
        />
    }
}
