//! Turning SCIM provisioning on: what will change, before it does.

use super::{
    notice::Told,
    provisioning::HOME,
    send::{Ask, AskForm, form_state},
    state::State,
};
use crate::{
    api::scim::TurnOn as Post,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::{Submit, Trouble},
        icon::Icon,
        number::thousands,
    },
    model::{Notice, Returned},
};
use domain::validation::text::capitalized;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Turn on SCIM provisioning?", while it is off.
pub(super) fn content(state: State, returned: &Returned) -> Option<AnyView> {
    let provider = state.peek(|known| (!known.data.scim_on).then(|| known.provider()))?;
    let id = returned.dialog.id();
    let form = form_state(returned);
    let ask = Ask::in_dialog(Post::PATH, &returned.dialog, HOME).then(Told::Done(Notice::ScimOn));
    let team = state.team_name();
    let members = match state.members() {
        1 => "The team's one member stays as they are".to_owned(),
        count => format!("All {} members stay as they are", thousands(count)),
    };
    let view = view! {
        <AskForm state=state form=form ask=ask>
            <Title dialog=&id start=true>"Turn on SCIM provisioning?"</Title>
            <p class="muted" id=lead_id(&id)>
                {capitalized(&provider)}
                " will be able to manage who belongs to "
                {team}
                "."
            </p>
            <ul class="points">
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
            <Trouble state=form/>
            <div class="actions">
                <Cancel dialog=&id/>
                <Submit state=form label="Turn On" busy="Turning on" class="btn btn-primary"/>
            </div>
        </AskForm>
    };
    Some(view.into_any())
}
