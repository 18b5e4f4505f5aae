//! Turning SCIM provisioning on, with the consequences.

use super::{
    form::SettingsForm,
    state::{State, submission},
};
use crate::{
    api::scim::TurnOn as Post,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        icon::Icon,
        notice::Alert,
        number::thousands,
    },
    model::ReturnedForm,
};
use domain::validation::text::capitalized;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Turn on SCIM provisioning?", while it is off.
pub(super) fn content(state: State, returned: &ReturnedForm) -> Option<AnyView> {
    let provider = state.with(|facts| (!facts.data.scim_on).then(|| facts.provider()))?;
    let id = returned.dialog.id();
    let submission = submission(returned, &[]);
    let team = state.team_name();
    let members = match state.members() {
        1 => "The team's one member stays as they are".to_owned(),
        count => format!("All {} members stay as they are", thousands(count)),
    };
    let view = view! {
        <SettingsForm state=state action=Post::PATH>
            <Title dialog=&id start=submission.refusal.is_none()>"Turn on SCIM provisioning?"</Title>
            <p class="muted" id=lead_id(&id)>
                {capitalized(&provider)}
                " will be able to manage who belongs to "
                {team}
                "."
            </p>
            <ul class="point-list">
                <li>
                    <Icon name="lock"/>
                    <span>"Members can't leave the team or change their email or password here."</span>
                </li>
                <li>
                    <Icon name="people"/>
                    <span>"Only Admins and Super Admins can remove members."</span>
                </li>
                <li>
                    <Icon name="check"/>
                    <span>{members} " until " {provider.clone()} " matches them."</span>
                </li>
                <li>
                    <Icon name="key"/>
                    <span>"Nothing is sent until you generate an API key and give it to " {provider} "."</span>
                </li>
            </ul>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Turn On" busy="Turning on" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}
